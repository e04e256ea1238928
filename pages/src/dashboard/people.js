// The people of the merchant: who may do what and where, a new one, and what was asked for by whom.
import { announce, h } from "../js/dom.js";
import { field, showErrors } from "../js/form.js";
import { language, t } from "../js/i18n.js";
import { button, choice, submitButton, sure, table, when } from "./parts.js";
import { refresh } from "./refresh.js";
import { isAddress } from "./signin.js";
import { ROLES, fetched, isLive, person, reaches, sent } from "./session.js";

const WORKS = { test: ["test"], both: ["test", "live"], live: ["live"] };
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
  const role = choice(`role-${one.id}`, t("role"), roles(), one.role);
  const change = button(t("person_save"), t("working"), async () => {
    await sent("PATCH", `/api/merchant/people/${encodeURIComponent(one.id)}`, { role: role.querySelector("select").value });
    await refresh();
    announce(t("person_changed", { email: one.email }));
  }, { refused: { 409: t("last_owner") } });
  const remove = button(t("person_remove"), t("working"), async () => {
    if (!(await sure(t("remove_person_sure", { email: one.email }), t("person_remove")))) return;
    await sent("DELETE", `/api/merchant/people/${encodeURIComponent(one.id)}`);
    await refresh();
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
  const invite = async () => {
    const { email, role, place, mails } = Object.fromEntries(["email", "role", "place", "mails"].map((name) => [name, form.elements[name].value.trim()]));
    if (!showErrors({ email: isAddress(email) ? "" : "email_form" })) return;
    await sent("POST", "/api/merchant/people", { email, role, environments: WORKS[place], language: mails }, once);
    await refresh();
    announce(t("invited_now", { email }));
  };
  form.append(h("div", { class: "buttons" }, submitButton(form, t("invite"), t("working"), invite, { about: { person_exists: "email" } })));
  return form;
}

function doingsPart(doings) {
  if (doings.length === 0) return h("p", { class: "empty" }, t("no_doings"));
  const rows = doings.map((one) => [when(one.at), one.who.replace(/^person /, ""), h("code", {}, `${one.method} ${one.route}`), Object.values(one.about).join(", ") || "–"]);
  return table(t("doings"), [t("created"), t("who"), t("what"), t("number")], rows);
}
