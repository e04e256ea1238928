// A merchant's own settings: what customers see, how payments are taken, where a key may lead, and its Paygol service.
import { h } from "../js/dom.js";
import { field } from "../js/form.js";
import { t, tFirst } from "../js/i18n.js";
import { useZone } from "./clocks.js";
import { shownOnce } from "./fresh.js";
import { button, byWhom, choice, copyable, facts, submitButton, sure, table, tellDone, when } from "./parts.js";
import { may } from "./rights.js";
import { fetched, sent } from "./session.js";
import { useSuspension } from "./suspended.js";
import { notice } from "./trouble.js";

const PATH = "/api/merchant/settings";
const PAYGOL = "/api/merchant/paygol";
const ROTATE_SERVICE = `${PAYGOL}/rotate-secret`;
const MODES = ["PREAUTH_VOUCHER_CAPTURE", "SALE_DIRECT", "SALE_WITH_TOKENIZATION"];
const LARGEST_LOGO = 50000;
const LAST = 20;
const freshService = shownOnce();

export async function settingsView() {
  const [own, { changes }, service] = await Promise.all([fetched(PATH), fetched("/api/merchant/changes"), ownService()]);
  useZone(own.settings["time-zone"]);
  useSuspension(own.suspendedAt);
  return [
    h("h1", {}, t("tab_settings")),
    !may("PATCH", PATH) && h("p", {}, t("owners_change")),
    looks(own),
    taking(own),
    places(own),
    gateways(own.connectors),
    service && paygol(service, freshService.seen()),
    h("h2", {}, t("last_changes")),
    changes.length > 0 ? table(t("last_changes"), [t("created"), t("what"), t("changed_fields"), t("who")], changes.slice(0, LAST).map(changeRow)) : h("p", { class: "empty" }, t("no_changes")),
  ];
}

function changeRow(change) {
  return [when(change.at), tFirst([`change_${change.what}`, change.what]), h("code", {}, change.fields.join(", ")), change.by ? byWhom(change.by) : t("by_operator")];
}

// Null for a merchant that has none.
function ownService() {
  return fetched(PAYGOL).catch((error) => {
    if (error.status === 404) return null;
    throw error;
  });
}

// A form whose button sends what ``read`` makes of it, on the version that is on the screen.
function settingsForm(own, title, text, fields, read, more = null) {
  const form = h("form", { novalidate: true, class: "panel" }, h("h2", {}, title), text && h("p", {}, text), fields);
  const save = async ({ refresh }) => {
    const changed = await read(form);
    await sent("PATCH", PATH, { version: own.version, ...changed });
    await refresh();
    tellDone(t("saved"));
  };
  return withActions(form, may("PATCH", PATH) && submitButton(form, t("save"), t("working"), save, { refused: { 409: t("changed_meanwhile") } }), more);
}

// The form with what sends it; whoever may not reads it.
function withActions(form, ...actions) {
  const offered = actions.filter(Boolean);
  if (offered.length > 0) form.append(h("div", { class: "buttons" }, offered));
  else for (const input of form.elements) input.disabled = true;
  return form;
}

function line(own, name, label, more = {}) {
  const value = own.settings[name];
  return field(name, { label, value: Array.isArray(value) ? value.join(", ") : value, autocomplete: "off", ...more });
}

function values(form, names) {
  return Object.fromEntries(names.map((name) => [name, form.elements[name].value.trim()]));
}

// ---- what customers see ----

function looks(own) {
  const logo = own.logo && h("img", { src: own.logo, alt: t("logo_now"), class: "logo" });
  const file = h("input", { id: "logo", name: "logo", type: "file", accept: "image/png,image/jpeg", "aria-describedby": "logo-hint logo-error" });
  const parts = [
    line(own, "name", t("shop_name"), { maxlength: 100 }),
    line(own, "contact", t("contact"), { hint: t("contact_hint"), maxlength: 255 }),
    h("div", { class: "field" }, h("label", { for: "logo" }, t("logo")), logo, file, h("p", { id: "logo-hint", class: "hint" }, t("logo_hint")), h("p", { id: "logo-error", class: "error" })),
    accentField(own),
  ];
  const read = async (form) => {
    const settings = values(form, ["name", "contact", "accent"]);
    const [chosen] = file.files;
    return chosen ? { settings, logo: await base64Of(chosen) } : { settings };
  };
  const remove = own.logo && may("PATCH", PATH) && button(t("logo_remove"), t("working"), ({ refresh }) => sent("PATCH", PATH, { version: own.version, logo: null }).then(refresh));
  return settingsForm(own, t("looks_title"), t("looks_text"), parts, read, remove);
}

// The colour is shown while it is typed; whether white text can be read on it, the gateway says.
function accentField(own) {
  const sample = h("span", { class: "sample", "aria-hidden": "true" });
  const shown = ({ value }) => {
    const colour = /^#[0-9a-f]{6}$/i.test(value.trim()) ? value.trim() : "";
    sample.hidden = !colour;
    sample.style.backgroundColor = colour;
  };
  const made = line(own, "accent", t("accent"), { placeholder: "#0b5d4b", maxlength: 7, spellcheck: "false", hint: t("accent_hint"), oninput: (event) => shown(event.target) });
  made.querySelector("input").after(sample);
  shown(made.querySelector("input"));
  return made;
}

async function base64Of(file) {
  if (file.size > LARGEST_LOGO) throw Object.assign(new Error(t("logo_hint")), { field: "logo" });
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

// ---- how payments are taken ----

function taking(own) {
  const allowed = own.settings["allowed-modes"];
  const boxes = MODES.map((mode) =>
    h("label", { class: "check" }, h("input", { type: "checkbox", name: "allowed-modes", value: mode, checked: allowed.includes(mode) }), " ", t(`mode_${mode}`)),
  );
  const parts = [
    choice("default-mode", t("default_mode"), MODES.map((mode) => [mode, t(`mode_${mode}`)]), own.settings["default-mode"]),
    h("fieldset", { class: "field" }, h("legend", {}, t("allowed_modes")), boxes),
    h("label", { class: "check" }, h("input", { type: "checkbox", name: "receipts", checked: own.settings.receipts === "on" }), " ", t("receipts")),
    h("label", { class: "check" }, h("input", { type: "checkbox", name: "voucherAmount", checked: own.settings["voucher-amount-required"] === "on" }), " ", t("voucher_amount_required")),
    line(own, "email", t("own_email"), { type: "email", hint: t("own_email_hint"), maxlength: 254 }),
    line(own, "time-zone", t("zone"), { hint: t("zone_hint") }),
  ];
  return settingsForm(own, t("taking_title"), "", parts, (form) => ({
    settings: {
      ...values(form, ["default-mode", "email", "time-zone"]),
      "allowed-modes": [...form.querySelectorAll('[name="allowed-modes"]:checked')].map(({ value }) => value),
      receipts: form.elements.receipts.checked ? "on" : "off",
      "voucher-amount-required": form.elements.voucherAmount.checked ? "on" : "off",
    },
  }));
}

// ---- where a key of the shop's page may lead ----

function places(own) {
  const names = ["origins", "callback-hosts", "notify-hosts"];
  const parts = names.map((name) => line(own, name, t(`places_${name}`), { hint: t(`places_${name}_hint`), spellcheck: "false" }));
  return settingsForm(own, t("places_title"), t("places_text"), parts, (form) => ({
    settings: Object.fromEntries(names.map((name) => [name, form.elements[name].value.split(/[\s,]+/).filter(Boolean)])),
  }));
}

function gateways(connectors) {
  const issuers = connectors.voucherProviders.map(({ name }) => name).join(", ");
  const named = [["cardGateway", connectors.cardGateway?.name], ["voucherProvider", issuers], ["methodProvider", connectors.methodProvider?.name]];
  const told = named.map(([role, name]) => [t(role), name || t("none_set_up")]);
  return h("section", {}, h("h2", {}, t("gateways_title")), h("p", {}, t("gateways_text")), facts(told));
}

// ---- the Paygol service ----

function paygol(service, secret) {
  const parts = [
    field("ipn_url", { label: t("address"), type: "url", value: service.ipn_url || "", placeholder: "https://shop.example/ipn", autocomplete: "off", hint: t("ipn_hint") }),
    choice("ipn_version", t("ipn_version"), ["auto", "1", "2"].map((version) => [version, t(`ipn_version_${version}`)]), service.ipn_version),
    choice("ipn_method", t("ipn_method"), ["GET", "POST"].map((method) => [method, method]), service.ipn_method),
  ];
  const form = h("form", { novalidate: true, class: "panel" }, h("h2", {}, "Paygol"), secret && notice("info", h("strong", {}, t("secret_once")), " ", copyable(secret, t("secret"))), facts([[t("service_number"), h("code", {}, service.service_id)]]), parts);
  const save = async ({ refresh }) => {
    const url = form.elements.ipn_url.value.trim();
    await sent("PATCH", PAYGOL, url ? { ipn_url: url, ipn_version: form.elements.ipn_version.value, ipn_method: form.elements.ipn_method.value } : { ipn_url: null });
    await refresh();
    tellDone(t("saved"));
  };
  const rotate = button(t("rotate"), t("working"), async ({ refresh }) => {
    if (!(await sure(t("service_rotate_sure"), t("rotate")))) return;
    freshService.keep((await sent("POST", ROTATE_SERVICE, {})).secret_key);
    await refresh();
  });
  return withActions(form, may("PATCH", PAYGOL) && submitButton(form, t("save"), t("working"), save), may("POST", ROTATE_SERVICE) && rotate);
}
