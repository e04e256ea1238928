// The first page: an e-mail address or the merchant's secret key opens the dashboard, or the link that was mailed.
import { announce, h } from "../js/dom.js";
import { field, showErrors } from "../js/form.js";
import { t } from "../js/i18n.js";
import { languageSwitch } from "../js/language.js";
import { isTyping } from "../js/typed.js";
import { submitButton } from "./parts.js";
import { beginAnew } from "./refresh.js";
import { askForLink, asksForOther, changeEnvironment, enter, signIn } from "./session.js";
import { notice, standing } from "./trouble.js";

export function isAddress(text) {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
}

export function signInView(entered, reason = "") {
  document.title = t("sign_in_title");
  const views = asksForOther() ? [keyForm(entered, reason)] : [mailForm(reason), keyForm(entered)];
  return entrance(views);
}

// In another language it is the same page: a mailed link is still to be used.
function entrance(views) {
  return h("div", { class: "board entrance" }, h("main", {}, views), h("footer", { class: "foot" }, languageSwitch(beginAnew)));
}

// ---- by e-mail ----

function mailForm(reason) {
  const form = h(
    "form",
    { novalidate: true, class: "panel signin" },
    h("h1", {}, t("sign_in_title")),
    h("p", {}, t("mail_sign_in_text")),
    standing(reason),
    field("email", { label: t("your_email"), type: "email", autocomplete: "email", maxlength: "254" }),
  );
  const ask = async () => {
    const email = form.elements.email.value.trim();
    if (!showErrors({ email: isAddress(email) ? "" : "email_form" })) return;
    await askForLink(email);
    const said = notice("info", t("link_asked", { email }));
    const goesOn = isTyping(form); // a key, below
    form.replaceChildren(h("h1", { tabindex: "-1" }, t("look_at_mail")), said);
    if (!goesOn) form.querySelector("h1").focus();
    announce(t("link_asked", { email }));
  };
  form.append(submitButton(form, t("ask_link"), t("working"), ask, { refused: { 429: t("link_too_often") } }));
  return form;
}

// What a mailed link leads to. It is used up by a click: programs that follow the links in mails click nothing.
export function enterView(token, entered) {
  document.title = t("sign_in_title");
  const form = h("form", { novalidate: true, class: "panel signin" }, h("h1", {}, t("sign_in_title")), h("p", {}, t("enter_text")));
  const open = async () => {
    await enter(token);
    await entered();
  };
  form.append(
    submitButton(form, t("enter"), t("working"), open, { refused: { 401: t("link_over") } }),
    h("p", {}, h("a", { href: "#/overview" }, t("ask_another"))),
  );
  return entrance([form]);
}

// ---- by key ----

function keyForm(entered, reason = "") {
  const other = asksForOther();
  const open = async () => {
    const key = document.getElementById("key").value.trim();
    if (!showErrors({ key: /^sk_(test|live)_\w{8,}$/.test(key) ? "" : "key_form" })) return;
    await signIn(key);
    entered();
  };
  const form = h(
    "form",
    { novalidate: true, class: "panel signin" },
    h(other ? "h1" : "h2", {}, other ? t("sign_in_title") : t("with_key")),
    h("p", {}, other ? t("other_key_text", { name: t(other) }) : t("sign_in_text")),
    standing(reason),
    // Password managers keep a key under a name.
    h("input", { class: "unseen", type: "text", name: "username", autocomplete: "username", value: "dashboard", tabindex: "-1", "aria-hidden": "true" }),
    field("key", { label: t("secret_key"), type: "password", autocomplete: "current-password", spellcheck: "false", placeholder: other === "live" ? "sk_live_…" : "sk_test_…", hint: t("key_hint") }),
  );
  form.append(submitButton(form, t("sign_in"), t("signing_in"), open, { refused: { 401: t("key_unknown"), 403: t("key_not_secret") } }));
  if (other) form.append(stay(entered));
  return form;
}

// Whoever only looked at the other environment goes on in the one whose key is known.
function stay(entered) {
  const back = () => {
    changeEnvironment();
    entered();
  };
  return h("button", { type: "button", class: "quiet", onclick: back }, t("stay_here", { name: t(asksForOther() === "live" ? "test" : "live") }));
}
