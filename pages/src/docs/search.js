// Search in an index that the build made. It is fetched when somebody begins to search.
const MOST = 12;

export function searching(box, live) {
  const field = box.querySelector("input");
  const list = box.querySelector("ul");
  let index = null;
  let chosen = -1;
  let searched = Promise.resolve();
  let turn = 0; // rises with whatever an older search must not undo
  box.hidden = false;

  function entries() {
    index ??= fetch(document.documentElement.dataset.index).then((reply) => reply.json());
    index.catch(() => { index = null; }); // the next letter asks again
    return index;
  }

  function close() {
    turn += 1;
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function choose(next) {
    const options = [...list.children];
    if (!options.length) return;
    chosen = (next + options.length) % options.length;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
    field.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }

  async function search() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) { close(); return; }
    turn += 1;
    const begun = turn;
    const all = await entries().catch(() => null);
    if (!all || begun !== turn) return;
    const found = ranked(all, words).slice(0, MOST);
    list.replaceChildren(...found.map(shown));
    chosen = -1;
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(!!found.length));
    live.textContent = found.length ? `${found.length} found` : "Nothing found";
  }

  field.addEventListener("focus", entries, { once: true });
  field.addEventListener("input", () => { searched = search(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter") searched.then(() => !list.hidden && list.children[Math.max(chosen, 0)]?.click());
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => { if (!box.contains(event.target)) close(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input")) return;
    event.preventDefault();
    field.focus();
  });
}

function ranked(index, words) {
  return index
    .map((entry) => [worth(entry, words), entry])
    .filter(([points]) => points > 0)
    .sort(([one], [other]) => other - one)
    .map(([, entry]) => entry);
}

// Every word has to be there; in a title it counts for more, and most where the title begins with it.
function worth([, , page, title, text], words) {
  const here = title.toLowerCase();
  let points = 0;
  for (const word of words) {
    if (here === word) points += 40;
    else if (here.startsWith(word)) points += 20;
    else if (here.includes(word)) points += 10;
    else if (page.toLowerCase().includes(word)) points += 4;
    else if (text.includes(word)) points += 1;
    else return 0;
  }
  return points;
}

function shown([name, anchor, page, title], number) {
  const option = document.createElement("li");
  option.id = `found-${number}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.dataset.address = `/docs/${name}.html${anchor ? `#${anchor}` : ""}`;
  option.addEventListener("click", () => location.assign(option.dataset.address));
  const where = document.createElement("span");
  where.textContent = title === page ? "" : page;
  option.append(title, where);
  return option;
}
