// The language switch: draws the page again in another language and keeps what was typed.
import { h } from "./dom.js";
import { language, languages, t, useLanguage } from "./i18n.js";

const TYPED = "input[name]:not([type=file]), select[name], textarea[name]";

// ``redraw`` draws what is on the screen again. The address remembers the choice, for a reload.
export function languageSwitch(redraw) {
  const change = async (event) => {
    const typed = new Map([...document.querySelectorAll(TYPED)].map((input) => [nameOf(input), input]));
    await useLanguage(event.target.value);
    const address = new URL(location.href);
    address.searchParams.set("lang", event.target.value);
    history.replaceState(history.state, "", address);
    await redraw();
    for (const input of document.querySelectorAll(TYPED)) type(input, typed.get(nameOf(input)));
    document.getElementById("language")?.focus();
  };
  const options = languages().map(({ code, name }) => h("option", { value: code, selected: code === language(), lang: code }, name));
  return h("label", { class: "language" }, h("span", { class: "unseen" }, t("language")), h("select", { id: "language", onchange: change }, options));
}

// Boxes of one question share its name.
function nameOf(input) {
  return ["checkbox", "radio"].includes(input.type) ? `${input.name}=${input.value}` : input.name;
}

function type(input, before) {
  if (!before) return;
  input.value = before.value;
  input.checked = before.checked;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
