// What is around every view: the tabs, the environment, the way out.
import { speakBoot } from "../js/boot.js";
import { h, show } from "../js/dom.js";
import { language, languages, t, useLanguage } from "../js/i18n.js";
import { refresh } from "./refresh.js";
import { isLive } from "./session.js";

const TABS = ["payments", "links", "disputes", "webhooks"];

export function frame(tab, view, leave) {
  const heading = view.find?.((part) => part?.tagName === "H1");
  document.title = `${heading?.textContent || t(`tab_${tab}`)} · ${t("dashboard")}`;
  return h(
    "div",
    { class: "board" },
    h(
      "header",
      { class: "top" },
      h("p", { class: "name" }, t("dashboard"), h("span", { class: `mode ${isLive() ? "live" : "test"}` }, isLive() ? t("live") : t("test"))),
      h("nav", { "aria-label": t("sections") }, TABS.map((name) => tabLink(name, tab))),
      h("button", { type: "button", class: "out", onclick: () => leave() }, t("sign_out")),
    ),
    h("main", {}, view),
    h("footer", { class: "foot" }, languageSwitch(refresh)),
  );
}

function tabLink(name, tab) {
  return h("a", { href: `#/${name}`, "aria-current": name === tab ? "page" : null }, t(`tab_${name}`));
}

export function put(view, options) {
  show(view, options);
}

export function waitingView(tab) {
  const view = h(
    "div",
    { class: "boot" },
    h("h1", { class: "unseen" }, t(`tab_${tab}`)),
    h("div", { class: "spinner", role: "status", "aria-label": t("loading") }),
    h("div", { class: "late", role: "status" }),
    h("div", { class: "later", role: "status" }),
  );
  speakBoot(view, refresh);
  return [view];
}

export function languageSwitch(changed) {
  const change = async (event) => {
    await useLanguage(event.target.value);
    await changed();
    document.getElementById("language")?.focus();
  };
  const options = languages().map(({ code, name }) => h("option", { value: code, selected: code === language(), lang: code }, name));
  return h("label", { class: "language" }, h("span", { class: "unseen" }, t("language")), h("select", { id: "language", onchange: change }, options));
}
