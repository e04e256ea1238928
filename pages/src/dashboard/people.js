// The people of the merchant: who may do what and where, a new one, and what was asked for by whom.
import { h } from "../js/dom.js";
import { field, showErrors } from "../js/form.js";
import { language, t, tFirst } from "../js/i18n.js";
import { button, byWhom, choice, submitButton, sure, table, tellDone, when } from "./parts.js";
import { placeOf } from "./place.js";
import { isAddress } from "./signin.js";
import { ROLES, fetched, isLive, person, reaches, sent } from "./session.js";

const WORKS = { test: ["test"], both: ["test", "live"], live: ["live"] };
// What the changes that the dashboard asks for are called; another is told by its address.
const DONE = {
  "DELETE /api/merchant/people/{id}": "did_remove_person",
  "DELETE /api/merchant/webhooks/{id}": "did_remove_webhook",
  "DELETE /api/token-payment/cards/{cardId}": "did_remove_card",
  "PATCH /api/merchant/paygol": "did_change_service",
  "PATCH /api/merchant/people/{id}": "did_change_person",
  "PATCH /api/merchant/settings": "did_change_settings",
  "PATCH /api/merchant/webhooks/{id}": "did_change_webhook",
  "POST /api/merchant/deliveries/{id}/replay": "did_send_event",
  "POST /api/merchant/disputes/{disputeId}/evidence": "did_add_file",
  "POST /api/merchant/disputes/{disputeId}/respond": "did_answer_dispute",
  "POST /api/merchant/paygol/rotate-secret": "did_replace_service_secret",
  "POST /api/merchant/people": "did_invite",
  "POST /api/merchant/webhooks": "did_add_webhook",
  "POST /api/merchant/webhooks/{id}/rotate-secret": "did_replace_webhook_secret",
  "POST /api/merchant/webhooks/{id}/test": "did_test_webhook",
  "POST /api/payment-links/create": "did_make_link",
  "POST /api/payment-links/{id}/cancel": "did_withdraw_link",
  "POST /api/payment-links/{id}/resend": "did_send_link",
  "POST /api/payment-links/{id}/verify": "did_ask_link",
  "POST /api/payment/capture/{transactionId}": "did_capture",
  "POST /api/payment/receipt/{transactionId}": "did_send_receipt",
  "POST /api/payment/refund/{transactionId}": "did_refund",
  "POST /api/payment/void/{transactionId}": "did_release",
  "POST /api/sandbox/disputes/{disputeId}/advance": "did_be_bank",
  "POST /api/token-payment/cards/{cardId}/set-default": "did_make_default",
  "POST /api/v1/api-keys/rotate": "did_replace_key",
};
const MAILS = { en: "English", it: "Italiano", de: "Deutsch", fr: "Français", es: "Español", pt: "Português" };

export async function peopleView() {
  const [{ people }, { doings }] = await Promise.all([fetched("/api/merchant/people"), fetched("/api/merchant/people/doings")]);
  return [
    h("h1", {}, t("tab_people")),
    h("p", {}, t("people_text")),
    people.length > 0
      ? table(t("tab_people"), [t("persons_email"), t("role"), t("works_in"), t("invited"), t("change")], people.map(personRow))
      : h("p", { class: "empty" }, t("no_people")),
    invitation(),
    h("section", {}, h("h2", {}, t("doings")), doingsPart(doings)),
  ];
}

function roles() {
  return ROLES.map((role) => [role, t(`role_${role}`)]);
}

// Somebody of test alone, and a key of test, let nobody work live.
function workplaces() {
  const live = person() ? reaches("live") : isLive();
  return (live ? ["test", "both", "live"] : ["test"]).map((name) => [name, t(`place_${name}`)]);
}

function worksIn(environments) {
  return environments.length > 1 ? "both" : environments[0];
}

function personRow(one) {
  const role = choice(`role-${one.id}`, `${t("role")}: ${one.email}`, roles(), one.role);
  role.querySelector("label").className = "unseen";
  const change = button(t("person_save"), t("working"), async ({ refresh }) => {
    await sent("PATCH", `/api/merchant/people/${encodeURIComponent(one.id)}`, { role: role.querySelector("select").value });
    await refresh();
    tellDone(t("person_changed", { email: one.email }));
  }, { refused: { 409: t("last_owner") } });
  const remove = button(t("person_remove"), t("working"), async ({ refresh }) => {
    if (!(await sure(t("remove_person_sure", { email: one.email }), t("person_remove")))) return;
    await sent("DELETE", `/api/merchant/people/${encodeURIComponent(one.id)}`);
    await refresh();
    tellDone(t("person_removed", { email: one.email }));
  }, { refused: { 409: t("last_owner") } });
  change.setAttribute("aria-label", `${t("person_save")}: ${one.email}`);
  remove.setAttribute("aria-label", `${t("person_remove")}: ${one.email}`);
  return [one.email, role, t(`place_${worksIn(one.environments)}`), when(one.invitedAt), h("div", { class: "buttons" }, change, remove)];
}

function invitation() {
  const once = crypto.randomUUID();
  const form = h(
    "form",
    { novalidate: true, class: "panel" },
    h("h2", {}, t("invite")),
    h("p", {}, t("invite_text")),
    field("email", { label: t("persons_email"), type: "email", autocomplete: "off", maxlength: "254" }),
    choice("role", t("role"), roles(), "refunds"),
    choice("place", t("works_in"), workplaces(), workplaces()[0][0]),
    choice("mails", t("mails_in"), Object.entries(MAILS), language()),
  );
  const invite = async ({ refresh }) => {
    const { email, role, place, mails } = Object.fromEntries(["email", "role", "place", "mails"].map((name) => [name, form.elements[name].value.trim()]));
    if (!showErrors({ email: isAddress(email) ? "" : "email_form" })) return;
    await sent("POST", "/api/merchant/people", { email, role, environments: WORKS[place], language: mails }, once);
    await refresh();
    tellDone(t("invited_now", { email }));
  };
  form.append(h("div", { class: "buttons" }, submitButton(form, t("invite"), t("working"), invite, { about: { person_exists: "email" } })));
  return form;
}

// What was done leads to what it was done to, where that has a page.
function aboutWhat(about) {
  const named = Object.values(about);
  if (named.length === 0) return "–";
  return named.map((number, n) => [n > 0 && ", ", h("a", { href: placeOf(number) }, number)]);
}

function doingsPart(doings) {
  if (doings.length === 0) return h("p", { class: "empty" }, t("no_doings"));
  const rows = doings.map((one) => [when(one.at), byWhom(one.who), tFirst([DONE[`${one.method} ${one.route}`] || "", `${one.method} ${one.route}`]), aboutWhat(one.about)]);
  return table(t("doings"), [t("created"), t("who"), t("what"), t("number")], rows);
}
