// The page behind the mailed link: nothing happens until a person asks, for programs open links in mails.
import { h, show } from "../js/dom.js";
import { request } from "../js/http.js";
import { t } from "../js/i18n.js";
import { languageSwitch } from "../js/language.js";
import { button, copyable, facts } from "../dashboard/parts.js";
import { notice } from "../dashboard/trouble.js";

// What was shown once stays on the screen when its language changes: nothing shows it again.
const opened = { made: null };

export function startWelcome() {
  document.title = t("welcome_title");
  const content = opened.made ? keys(opened.made) : question();
  const footer = h("footer", { class: "foot" }, languageSwitch(startWelcome));
  show(h("div", { class: "board entrance" }, h("main", {}, h("div", { class: "panel" }, content)), footer));
}

function question() {
  const token = location.hash.slice(1);
  const open = async () => {
    opened.made = await request("POST", "/api/operator/welcome", { token });
    startWelcome();
  };
  const made = button(t("show_keys"), t("working"), open, { kind: "main", refused: { 404: t("link_over") } });
  return [h("h1", {}, t("welcome_title")), h("p", {}, t("welcome_text")), h("div", { class: "buttons" }, made)];
}

function keys(made) {
  const value = (name, text) => [name, copyable(text, name)];
  return [
    h("h1", {}, made.name),
    notice("info", h("strong", {}, t("keys_once"))),
    facts([
      [t("number"), h("code", {}, made.merchantId)],
      ...Object.entries(made.keys).map(([name, key]) => value(t(`key_${name}`), key)),
      ...Object.entries(made.webhookSecrets).map(([name, secret]) => value(t(`hook_${name}`), secret)),
      ...made.paygol.flatMap((service) => [
        [t(`paygol_${service.environment}`), h("code", {}, service.service_id)],
        value(t("paygol_secret"), service.secret_key),
      ]),
    ]),
    h("p", {}, t("keys_advice")),
    h("p", {}, h("a", { href: "/dashboard/" }, t("to_dashboard"))),
  ];
}
