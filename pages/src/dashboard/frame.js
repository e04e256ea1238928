// What is around every view: the tabs, the environment, the way out.
import { speakBoot } from "../js/boot.js";
import { h, show } from "../js/dom.js";
import { t } from "../js/i18n.js";
import { languageSwitch } from "../js/language.js";
import { zone } from "./clocks.js";
import { go, placeOf } from "./place.js";
import { button } from "./parts.js";
import { beginAnew } from "./refresh.js";
import { may } from "./rights.js";
import { changeEnvironment, isLive, person, reaches } from "./session.js";
import { suspendedNotice } from "./suspended.js";

const TABS = ["overview", "payments", "orders", "customers", "links", "disputes", "webhooks", "keys", "people", "settings"];
// What a tab begins with, where not everybody may read it.
const READS = { keys: "/api/v1/api-keys", people: "/api/merchant/people" };

// ``doors`` are the ways out: ``leave`` signs out, ``change`` goes to the other environment.
export function frame(tab, view, doors) {
  entitle(tab, view);
  return h(
    "div",
    { class: "board" },
    h(
      "header",
      { class: "top" },
      h("p", { class: "name" }, t("dashboard")),
      modes(doors),
      finder(),
      h("button", { type: "button", class: "out", onclick: () => doors.leave() }, t("sign_out")),
      h("nav", { "aria-label": t("sections") }, TABS.filter((name) => !READS[name] || may("GET", READS[name])).map((name) => tabLink(name, tab))),
    ),
    suspendedNotice(),
    h("main", {}, view),
    h("footer", { class: "foot" }, whoIsIn(doors), h("p", { class: "hint" }, t("times_by", { zone: zone() })), languageSwitch(beginAnew)),
  );
}

function entitle(tab, view) {
  const heading = view.find?.((part) => part?.tagName === "H1");
  document.title = `${heading?.textContent || t(`tab_${tab}`)} · ${t("dashboard")}`;
}

// Who is signed in by e-mail, and the way out of every browser.
function whoIsIn(doors) {
  if (!person()) return null;
  const out = button(t("sign_out_everywhere"), t("working"), () => doors.leave("", true), { kind: "quiet" });
  return h("div", { class: "whose" }, h("p", {}, t("signed_in_as", { email: person().email, role: t(`role_${person().role}`) })), out);
}

function modes(doors) {
  const one = (name, isOn) =>
    h(
      "button",
      {
        type: "button",
        class: `mode ${name}`,
        "aria-pressed": String(isOn),
        onclick: () => {
          if (isOn) return;
          changeEnvironment();
          doors.change();
        },
      },
      t(name),
    );
  return h("div", { class: "modes", role: "group", "aria-label": t("environment") }, reaches("test") && one("test", !isLive()), reaches("live") && one("live", isLive()));
}

function finder() {
  const input = h("input", { id: "find", name: "find", type: "search", autocomplete: "off", spellcheck: "false", maxlength: "100", placeholder: t("find_hint"), "aria-label": t("find") });
  const form = h("form", { class: "finder", role: "search" }, input);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim().length > 1) go(placeOf(input.value.trim()));
  });
  return form;
}

function tabLink(name, tab) {
  return h("a", { href: `#/${name}`, "aria-current": name === tab ? "page" : null }, t(`tab_${name}`));
}

export function put(view, options) {
  show(view, options);
  // On a phone the tabs slide in a strip: the open one is in sight.
  const tabs = view.querySelector("nav");
  const open = tabs?.querySelector("[aria-current]");
  if (open) tabs.scrollLeft = open.offsetLeft - (tabs.clientWidth - open.offsetWidth) / 2;
}

// What was awaited comes into the frame around it: a number that somebody types above meanwhile stays, and the cursor
// stays with whoever has it in the frame.
export function fill(tab, view) {
  entitle(tab, view);
  document.querySelector(".board > .suspension").replaceWith(suspendedNotice());
  const waiting = document.querySelector(".board > main");
  show(h("main", {}, view), { focus: !document.activeElement?.closest(".board > :not(main)"), instead: waiting });
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
  speakBoot(view, beginAnew);
  return [view];
}
