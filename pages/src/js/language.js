// The language switch: draws the page again in another language and keeps what was typed.
import { h } from "./dom.js";
import { language, languages, t, useLanguage } from "./i18n.js";
import { keepTyped } from "./typed.js";

// ``redraw`` draws what is on the screen again. The address remembers the choice, for a reload.
export function languageSwitch(redraw) {
  const change = async (event) => {
    const wanted = event.target.value;
    await useLanguage(wanted);
    if (language() !== wanted) return; // another was chosen meanwhile
    const address = new URL(location.href);
    address.searchParams.set("lang", wanted);
    history.replaceState(history.state, "", address);
    const putBack = keepTyped();
    await redraw();
    // Whoever went on typing while the texts came goes on where they are.
    if (!putBack()) document.getElementById("language")?.focus();
  };
  const options = languages().map(({ code, name }) => h("option", { value: code, selected: code === language(), lang: code }, name));
  return h("label", { class: "language" }, h("span", { class: "unseen" }, t("language")), h("select", { id: "language", onchange: change }, options));
}
