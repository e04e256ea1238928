// Form fields that browsers fill in, screen readers read out and errors stay with.
import { h } from "./dom.js";
import { t } from "./i18n.js";

// A labelled input; ``error`` is a text key or "".
export function field(name, { label, error, hint, ...attributes }) {
  const notes = [hint && `${name}-hint`, `${name}-error`].filter(Boolean).join(" ");
  const input = h("input", {
    id: name,
    name,
    "aria-describedby": notes,
    "aria-invalid": error ? "true" : null,
    ...attributes,
  });
  return h(
    "div",
    { class: `field ${name}` },
    h("label", { for: name }, label),
    input,
    hint && h("p", { id: `${name}-hint`, class: "hint" }, hint),
    h("p", { id: `${name}-error`, class: "error" }, error ? t(error) : ""),
  );
}

export function setError(name, key) {
  setErrorText(name, key ? t(key) : "");
}

export function setErrorText(name, text) {
  const input = document.getElementById(name);
  if (!input) return;
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  document.getElementById(`${name}-error`).textContent = text;
}

// Shows every error and puts the cursor where the first one is. True when there is none.
export function showErrors(errors) {
  const wrong = Object.keys(errors).filter((name) => errors[name]);
  for (const name of Object.keys(errors)) setError(name, errors[name]);
  if (wrong.length > 0) lookAt(document.getElementById(wrong[0]));
  return wrong.length === 0;
}

// Puts the cursor into a field and the whole of it, with what is wrong, into the window.
export function lookAt(input) {
  input?.focus({ preventScroll: true });
  input?.closest(".field").scrollIntoView({ block: "nearest" });
}

// Rewrites what is typed (card numbers in groups, say) without losing the cursor. ``shape`` is told whether some of
// the text was taken back: not all keyboards say that they delete.
export function keepShape(shape) {
  let last = "";
  return (event) => {
    const input = event.target;
    const isAtEnd = input.selectionStart === input.value.length;
    const before = input.value.slice(0, input.selectionStart).replace(/\D/g, "").length;
    const isTakenBack = last.startsWith(input.value) || (event.inputType || "").startsWith("delete");
    const next = shape(input.value, isTakenBack);
    last = next;
    if (next === input.value) return;
    input.value = next;
    let position = 0;
    for (let seen = 0; position < next.length && seen < before; position += 1) {
      if (/\d/.test(next[position])) seen += 1;
    }
    if (isAtEnd) position = next.length;
    input.setSelectionRange(position, position);
  };
}
