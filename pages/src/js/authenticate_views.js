// How the question of the card's bank looks.
import { h } from "./dom.js";
import { field, setError } from "./form.js";
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
    h(
      "form",
      {
        novalidate: true,
        method: "post",
        onsubmit: (event) => {
          event.preventDefault();
          submit(event);
        },
      },
      field("otp", {
        label: t("challenge_code"),
        hint: payment.test_mode && t("challenge_hint"),
        autocomplete: "one-time-code",
        inputmode: "numeric",
        maxlength: 16,
        required: true,
        "data-focus": true,
        oninput: () => setError("otp", ""),
      }),
      h("button", { type: "submit", class: "main" }, t("pay", { amount })),
      h("button", { type: "button", class: "quiet", onclick: cancel }, t("cancel")),
    ),
  );
}
