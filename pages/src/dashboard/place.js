// Where the merchant is: the address names a tab, what of it is open, and what it is narrowed to.

// ``#/payments/TXN_1`` is the tab ``payments`` and the id ``TXN_1``; ``#/payments?status=FAILED`` is narrowed.
export function place() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [tab = "", id = ""] = path.split("/").map(unescaped);
  return { tab, id, asked: new URLSearchParams(query) };
}

function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function addressOf(tab, id = "", asked = {}) {
  const told = Object.entries(asked).filter(([, value]) => value);
  const query = told.length > 0 ? `?${new URLSearchParams(told)}` : "";
  return `#/${tab}${id && `/${encodeURIComponent(id)}`}${query}`;
}

// The address whose view is on the screen; while the browser goes to another, the one that it leaves.
const here = { address: "" };

export function arrive() {
  here.address = location.hash;
}

export function left() {
  return here.address;
}

// What is on the screen was narrowed: its address says so, without a step. Whoever has just gone elsewhere goes there.
export function rename(address) {
  if (location.hash !== here.address) return;
  history.replaceState(history.state, "", address);
  arrive();
}

// Whether a step was taken here, by a link or a form: else the browser went back or forward.
const step = { taken: false };

export function go(address) {
  step.taken = true;
  if (location.hash === address) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = address;
}

export function wasStep() {
  const { taken } = step;
  step.taken = false;
  return taken;
}

document.addEventListener("click", ({ target }) => {
  if (target.closest?.('a[href^="#"]')) step.taken = true;
});

const FORMS = [
  [/^dp_\w+$/, "disputes"],
  [/^(LINK|plink)_\w+$/, "links"],
  [/^order_\w+$/, "orders"],
  [/^cust_\w+$/, "customers"],
  [/^we_\w+$/, "webhooks"],
  [/^(TXN_\d{8}|TKN|payt)_\w+$/, "payments"],
  [/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/, "payments"],
];

// What a number names says its form; everything else is looked for among the payments.
export function placeOf(text) {
  const [, tab] = FORMS.find(([form]) => form.test(text)) || [];
  return tab ? addressOf(tab, text) : addressOf("payments", "", { q: text });
}
