// The question before a payment is given up.
import { h } from "./dom.js";
import { t } from "./i18n.js";

export function cancelDialog(leave, text = t("leave_text")) {
  const dialog = h(
    "dialog",
    { "aria-labelledby": "leave-title", onclose: () => dialog.remove() },
    h("h2", { id: "leave-title" }, t("leave_title")),
    h("p", {}, text),
    h(
      "div",
      { class: "choices" },
      h("button", { type: "button", class: "main", onclick: () => dialog.close() }, t("leave_no")),
      h(
        "button",
        {
          type: "button",
          class: "second",
          onclick: () => {
            dialog.close();
            leave();
          },
        },
        t("leave_yes"),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
