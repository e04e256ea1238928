// How the card form looks whose fields are the card gateway's own frames.
import { h } from "./dom.js";
import { money, t, time } from "./i18n.js";
import { page, problem, wayOut } from "./layout.js";

// ``data-shift4`` is where its script puts a field; what is typed there no script of ours can read.
function place(name, label) {
  return h(
    "div",
    { class: "field", role: "group", "aria-labelledby": `${name}-label` },
    h("p", { id: `${name}-label`, class: "label" }, label),
    h("div", { class: "framed", "data-shift4": name }),
  );
}

export function fieldsView(payment, { message, submit, isTest }) {
  const form = h(
    "form",
    {
      id: "card-fields",
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        submit(event);
      },
    },
    place("number", t("card_number")),
    h("div", { class: "pair" }, place("expiry", t("expiry")), place("cvc", t("cvv"))),
    h("button", { type: "submit", class: "main" }, t("pay", { amount: money(payment.amount, payment.currency) })),
  );
  return page(
    t("card_title"),
    payment,
    isTest && h("p", { class: "badge" }, t("test_mode")),
    h("h1", {}, t("card_title")),
    problem(message),
    form,
    payment.expiresAt && h("p", { class: "hint centred" }, t("until", { time: time(payment.expiresAt) })),
    payment.returnUrl && wayOut(payment),
  );
}
