// How the question of the card's bank looks.
import { codeForm } from "./code_form.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { page, problem } from "./layout.js";

export function authenticateView(payment, { message, submit, cancel }) {
  const amount = `${payment.currency} ${payment.amount_text}`;
  const { card_network: network, end_digits: digits } = payment.card;
  return page(
    t("challenge_title"),
    payment,
    payment.test_mode && h("p", { class: "badge" }, t("test_mode")),
    h("h1", {}, t("challenge_title")),
    problem(message),
    h("p", {}, t("challenge_text", { amount, merchant: payment.merchantName })),
    digits && h("p", {}, t("auth_card", { network: network || "", digits })),
    codeForm({ label: t("pay", { amount }), hint: payment.test_mode && t("challenge_hint"), submit, cancel }),
  );
}
