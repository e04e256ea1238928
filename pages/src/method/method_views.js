// What the page of a method looks like: the chooser, the slip, the end.
import { h, icon } from "../js/dom.js";
import { isEmbedded } from "../js/frame.js";
import { field } from "../js/form.js";
import { dateTime, money, t } from "../js/i18n.js";
import { note, outcome, page, problem } from "../js/layout.js";
import { countryNames } from "./countries.js";

const INPUTS = {
  pg_first_name: { autocomplete: "given-name" },
  pg_last_name: { autocomplete: "family-name" },
  pg_email: { type: "email", autocomplete: "email" },
  pg_phone: { type: "tel", autocomplete: "tel" },
  pg_personalid: {},
  pg_bic: { autocapitalize: "characters" },
};
// Drawn here for what kind of thing one pays with; no brand's own sign.
const DRAWN = {
  card: "M3 6h18v12H3zM3 10h18M6 14h4",
  online: "M3 10l9-6 9 6zM5 10v8M10 10v8M14 10v8M19 10v8M3 20h18",
  cash: "M2 6h20v12H2zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM5 9v6M19 9v6",
  prepaid: "M3 7h18v3a2 2 0 0 0 0 4v3H3v-3a2 2 0 0 0 0-4zM14 7v10",
  crypto: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 3v9M12 12l8 4.5M12 12l-8 4.5",
};
const SIGNS = { completed: "good", refunded: "good", expired: "wait" };

function button(look, action, text, onclick) {
  return h("button", { type: "button", class: look, "data-action": action, onclick }, text);
}

// What the shop gave, or where its signed end is.
function backLink(view, address) {
  if (isEmbedded()) return null;
  if (!address) return h("p", { class: "hint centred" }, t("close_page"));
  return h("a", { class: "button quiet", "data-action": "back", href: address }, t("back_shop"));
}

export function chooserView(view, actions, message) {
  const asked = view.missing.filter((name) => name in INPUTS);
  const submit = (event) => {
    event.preventDefault();
    actions.go(Object.fromEntries(asked.map((name) => [name, document.getElementById(name).value])));
  };
  const complete = view.method && view.missing.length === 0 && view.method.kind !== "card";
  return page(
    t("method_title"),
    view,
    h("h1", {}, t("method_title")),
    problem(message),
    countrySelect(view, actions),
    view.methods.length > 0 && methodList(view, actions),
    view.method &&
      h(
        "form",
        { novalidate: true, onsubmit: submit },
        asked.map((name) => field(name, { label: t(`label_${name}`), ...INPUTS[name] })),
        h("button", { type: "submit", class: "main", "data-action": "continue" }, t("method_continue", { method: view.method.name })),
      ),
    button("quiet", "cancel", t("cancel"), () => actions.leave(view)),
    complete && providerPanel(view, actions),
  );
}

function countrySelect(view, actions) {
  const choose = (event) => event.target.value && actions.choose({ pg_country: event.target.value });
  return h(
    "div",
    { class: "field" },
    h("label", { for: "pg_country" }, t("label_pg_country")),
    h(
      "select",
      { id: "pg_country", name: "pg_country", "data-asks": true, onchange: choose, autocomplete: "country" },
      !view.country && h("option", { value: "" }, "…"),
      countryNames().map(({ code, name }) => h("option", { value: code, selected: code === view.country }, name)),
    ),
    h("p", { id: "pg_country-error", class: "error" }),
  );
}

function methodList(view, actions) {
  const chosen = view.method?.code;
  return h(
    "ul",
    { class: "methods", "aria-label": t("method_title") },
    view.methods.map(({ code, name, kind }) =>
      h(
        "li",
        {},
        h(
          "button",
          { type: "button", class: "method", "data-method": code, "aria-pressed": String(code === chosen), onclick: () => actions.choose({ pg_method: code }) },
          icon(DRAWN[kind]),
          name,
        ),
      ),
    ),
  );
}

export function slipView(view, actions, message) {
  const rows = [
    ["slip_reference", h("span", { class: "slip-number" }, view.instructions?.reference || "…")],
    ["slip_amount", money(view.amount, view.currency)],
    ["slip_method", view.method.name],
    ["slip_shop", view.merchantName],
    ["slip_until", dateTime(view.expiresAt)],
  ];
  return page(
    t("slip_title"),
    view,
    h("h1", {}, t("slip_title")),
    problem(message),
    h("p", {}, t(`slip_text_${view.method.kind}`)),
    h("dl", { class: "rows slip" }, rows.map(([key, value]) => h("div", {}, h("dt", {}, t(key)), h("dd", {}, value)))),
    view.payUrl && h("a", { class: "button main", href: view.payUrl, target: "_top" }, t("slip_go")),
    note(t("slip_waiting")),
    view.method.kind === "cash" && h("button", { type: "button", class: "main", onclick: () => window.print() }, t("print")),
    backLink(view, view.returnUrl),
    button("quiet", "cancel", t("cancel"), () => actions.leave(view)),
    providerPanel(view, actions),
  );
}

// The sandbox takes no money: here the provider is told what it does.
function providerPanel(view, actions) {
  if (view.livemode || view.payUrl) return null;
  const act = (action) => button("code", action, t(`provider_${action}`), () => actions.provider(action));
  return h(
    "details",
    { class: "tests", open: true },
    h("summary", {}, t("provider_title")),
    h("p", { class: "provider" }, act("pay"), " ", act("reject"), " ", act("expire")),
  );
}

export function leaveView(view, cancel, stay) {
  return page(
    t("leave_title"),
    view,
    h("h1", {}, t("leave_title")),
    h("p", {}, t("leave_text")),
    h("button", { type: "button", class: "main", onclick: stay }, t("leave_no")),
    button("quiet", "cancel", t("leave_yes"), cancel),
  );
}

export function endView(view) {
  const unpaid = !["completed", "refunded", "chargeback"].includes(view.status);
  return outcome(
    SIGNS[view.status] || "bad",
    view,
    t(`end_${view.status}`),
    unpaid ? t("end_unpaid") : t("end_paid", { merchant: view.merchantName }),
    backLink(view, view.returnUrl && view.nextUrl),
  );
}
