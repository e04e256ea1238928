// What every page has around its content: who asks for how much, the language switch, the small print.
import { h, icon, show } from "./dom.js";
import { isEmbedded } from "./frame.js";
import { money, t } from "./i18n.js";
import { languageSwitch } from "./language.js";

const LOCK = "M7 10V7a5 5 0 0 1 10 0v3M6 10h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1z";
const SHAPES = {
  good: "M5 12.5l4.5 4.5L19 7.5",
  bad: "M7 7l10 10M17 7L7 17",
  wait: "M12 6v6l4 2",
  info: "M12 11v6M12 7v.5",
};
let drawn = null;

// Draws ``make`` and draws it again, with what was typed kept, when the language changes.
export function screen(make, options) {
  // A frame that just opened leaves the cursor where the customer has it on the shop's page.
  const intruding = drawn === null && isEmbedded() && !document.hasFocus();
  drawn = make;
  for (const question of document.querySelectorAll("dialog[open]")) question.close(); // about what was shown before
  show(make(), intruding ? { focus: false } : options);
}

function redraw() {
  show(drawn(), { focus: false });
}

// A merchant's own colour, which white text can be read on.
function wear(accent) {
  if (!accent) return;
  document.documentElement.classList.add("branded");
  document.documentElement.style.setProperty("--brand", accent);
}

function summary(payment) {
  if (!payment) return null;
  const { accent, logo } = payment.brand || {};
  wear(accent);
  return h(
    "header",
    { class: "summary" },
    logo && h("img", { class: "logo", src: logo, alt: "" }),
    h("p", { class: "merchant" }, payment.merchantName || t("shop")),
    h("p", { class: "amount" }, money(payment.amount ?? payment.totalAmount, payment.currency)),
    payment.description && h("p", { class: "description" }, payment.description),
  );
}

// A page: the summary of ``payment`` (left out when null) beside one card with ``content``.
export function page(title, payment, ...content) {
  document.title = payment?.merchantName ? `${title} · ${payment.merchantName}` : title;
  return h(
    "div",
    { class: `shell ${payment ? "" : "alone"}` },
    summary(payment),
    h("main", { class: "card" }, content),
    h(
      "footer",
      { class: "small-print" },
      h("p", {}, icon(LOCK), isEmbedded() ? t("secure_short") : t("secure")),
      languageSwitch(redraw),
    ),
  );
}

export function problem(text) {
  return text && h("div", { class: "notice bad", role: "alert" }, icon(SHAPES.bad), h("p", {}, text));
}

export function note(...content) {
  return h("div", { class: "notice info" }, icon(SHAPES.info), h("p", {}, content));
}

// The end of something: a sign, a heading, an explanation, and what can be done now.
export function outcome(kind, payment, title, text, ...more) {
  return page(
    title,
    payment,
    h(
      "div",
      { class: "outcome" },
      h("div", { class: `sign ${kind}` }, icon(SHAPES[kind])),
      h("h1", {}, title),
      text && h("p", {}, text),
    ),
    more,
  );
}

// For everybody but the customer who pays: that somebody does, and nothing that belongs to them. ``goOn`` leads to the
// page where this tab may turn out to be that customer's.
export function showUnderWay(payment, goOn = null) {
  const button = (look, key, onclick) => h("button", { type: "button", class: look, onclick }, t(key));
  screen(() =>
    outcome(
      "wait",
      payment,
      t("under_way_title"),
      t("under_way_text"),
      goOn && button("main", "under_way_continue", goOn),
      button(goOn ? "quiet" : "main", "look_again", () => location.reload()),
    ),
  );
}

// The way back to the shop, where there is one; in a frame the shop is around us already.
export function wayOut(payment) {
  if (isEmbedded()) return null;
  if (!payment.returnUrl) return h("p", { class: "hint centred" }, t("close_page"));
  return h("a", { class: "button main", href: payment.returnUrl }, t("back_to", { merchant: payment.merchantName }));
}

export function waiting(payment, title, text) {
  return page(
    title,
    payment,
    h("div", { class: "outcome" }, h("div", { class: "spinner", "aria-hidden": "true" }), h("h1", {}, title), h("p", {}, text)),
  );
}
