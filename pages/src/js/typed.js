// What somebody typed stays where it is when its view is drawn again, and the cursor with it.

const TYPED = "input[name]:not([type=file]), select[name], textarea[name]";

// Answers with what puts it back, once the view is drawn, and says whether the cursor is in a field then. What was
// ``sent``, a form, comes back from the gateway; what a field with ``data-asks`` says is sent as soon as it is chosen.
export function keepTyped(sent = null) {
  const before = fields().filter((input) => !sent || input.form !== sent);
  const at = before.find((input) => input === document.activeElement);
  const [from, to] = at ? [at.selectionStart, at.selectionEnd] : [];
  const typed = before.filter((input) => isChanged(input) && !("asks" in input.dataset)).map((input) => [nameOf(input), input]);
  return () => {
    const now = new Map(fields().map((input) => [nameOf(input), input]));
    for (const [name, input] of typed) type(now.get(name), input);
    if (fields().includes(document.activeElement)) return true; // somebody is there already
    const again = at && now.get(nameOf(at));
    again?.focus({ preventScroll: true });
    if (Number.isInteger(from) && again) again.setSelectionRange(from, to);
    return Boolean(again);
  };
}

// Whether the cursor is in a field other than those of ``form``: then it stays there.
export function isTyping(form = null) {
  const at = document.activeElement;
  return Boolean(at?.matches(TYPED)) && !(form && at.form === form);
}

function fields() {
  return [...document.querySelectorAll(TYPED)];
}

// Boxes of one question share its name.
function nameOf(input) {
  return isBox(input) ? `${input.name}=${input.value}` : input.name;
}

function isBox({ type: kind }) {
  return kind === "checkbox" || kind === "radio";
}

// Whether it is another value than the page itself put there.
function isChanged(input) {
  if (isBox(input)) return input.checked !== input.defaultChecked;
  if (input.tagName !== "SELECT") return input.value !== input.defaultValue;
  return input.selectedIndex !== Math.max([...input.options].findIndex((option) => option.defaultSelected), 0);
}

function type(input, before) {
  // What was typed there since goes first.
  if (!input || input === before || isChanged(input)) return;
  if (input.tagName === "SELECT" && ![...input.options].some(({ value }) => value === before.value)) return;
  if (isBox(input)) input.checked = before.checked;
  else input.value = before.value;
  const folded = input.closest("details");
  if (folded) folded.open = true;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
