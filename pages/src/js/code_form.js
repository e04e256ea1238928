// The form that asks for the code a card's bank has sent.
import { h } from "./dom.js";
import { field, setError } from "./form.js";
import { t } from "./i18n.js";

export function codeForm({ label, hint, submit, cancel }) {
  return h(
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
      hint,
      autocomplete: "one-time-code",
      inputmode: "numeric",
      maxlength: 16,
      required: true,
      "data-focus": true,
      oninput: () => setError("otp", ""),
    }),
    h("button", { type: "submit", class: "main" }, label),
    h("button", { type: "button", class: "quiet", onclick: cancel }, t("cancel")),
  );
}
