// The first page: the merchant's secret key opens the dashboard.
import { h } from "../js/dom.js";
import { field, showErrors } from "../js/form.js";
import { t } from "../js/i18n.js";
import { languageSwitch } from "./frame.js";
import { submitButton } from "./parts.js";
import { asksForOther, changeEnvironment, signIn } from "./session.js";
import { standing } from "./trouble.js";

export function signInView(entered, reason = "") {
  document.title = t("sign_in_title");
  const open = async () => {
    const key = document.getElementById("key").value.trim();
    if (!showErrors({ key: /^sk_(test|live)_\w{8,}$/.test(key) ? "" : "key_form" })) return;
    await signIn(key);
    entered();
  };
  const form = h(
    "form",
    { novalidate: true, class: "panel signin" },
    h("h1", {}, t("sign_in_title")),
    h("p", {}, asksForOther() ? t("other_key_text", { name: t(asksForOther()) }) : t("sign_in_text")),
    standing(reason),
    // Password managers keep a key under a name.
    h("input", { class: "unseen", type: "text", name: "username", autocomplete: "username", value: "dashboard", tabindex: "-1", "aria-hidden": "true" }),
    field("key", { label: t("secret_key"), type: "password", autocomplete: "current-password", spellcheck: "false", placeholder: asksForOther() === "live" ? "sk_live_…" : "sk_test_…", hint: t("key_hint") }),
  );
  form.append(submitButton(form, t("sign_in"), t("signing_in"), open, { refused: { 401: t("key_unknown"), 403: t("key_not_secret") } }));
  if (asksForOther()) form.append(stay(entered));
  return h("div", { class: "board entrance" }, h("main", {}, form), h("footer", { class: "foot" }, languageSwitch(() => entered())));
}

// Whoever only looked at the other environment goes on in the one whose key is known.
function stay(entered) {
  const back = () => {
    changeEnvironment();
    entered();
  };
  return h("button", { type: "button", class: "quiet", onclick: back }, t("stay_here", { name: t(asksForOther() === "live" ? "test" : "live") }));
}
