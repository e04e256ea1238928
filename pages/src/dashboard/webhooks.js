// Webhook endpoints: where events go, the secret that signs them, and every attempt to deliver one.
import { h } from "../js/dom.js";
import { field, showErrors } from "../js/form.js";
import { pause } from "../js/http.js";
import { t } from "../js/i18n.js";
import { deliveryHeads, deliveryRow, hookState } from "./delivery_parts.js";
import { shownOnce } from "./fresh.js";
import { paged } from "./lists.js";
import { button, choice, copyable, facts, listing, submitButton, sure, table, tellDone, when } from "./parts.js";
import { may } from "./rights.js";
import { fetched, sent } from "./session.js";
import { notice } from "./trouble.js";

const HOOKS = "/api/merchant/webhooks";
const PATIENT_LOOKS = 20;
const FAMILYS_OWN = ["glomopay"];
// shared/families/payglobe/notices.py publishes these; a test holds that they are the same.
const EVENTS = [
  "payment_intent.processing", "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled", "checkout.session.completed", "charge.refunded",
  "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "endpoint.disabled",
];
const FORMATS = ["union", "event", "flat", "glomopay"];
const made = shownOnce(); // an endpoint with its new secret

export async function webhooksView() {
  const { webhooks } = await fetched(HOOKS);
  const rows = webhooks.map((hook) => [h("a", { href: `#/webhooks/${encodeURIComponent(hook.id)}` }, hook.url), spokenFormat(hook), hook.events.join(", ") || t("all"), hookState(hook)]);
  return [
    h("h1", {}, t("tab_webhooks")),
    may("POST", HOOKS) && newEndpoint(),
    rows.length > 0 ? table(t("tab_webhooks"), [t("address"), t("format"), t("events"), t("status")], rows) : h("p", { class: "empty" }, t("no_webhooks")),
    h("p", {}, h("a", { href: "#/webhooks/notify" }, t("notify_deliveries"))),
  ];
}

function spokenFormat(hook) {
  return t(`format_${hook.payloadFormat}`);
}

function newEndpoint() {
  const once = crypto.randomUUID();
  const form = h(
    "form",
    { novalidate: true, class: "panel" },
    h("h2", {}, t("new_webhook")),
    field("url", { label: t("address"), type: "url", placeholder: "https://shop.example/webhook", autocomplete: "off", hint: t("webhook_hint") }),
    choice("payloadFormat", t("format"), FORMATS.map((name) => [name, t(`format_${name}`)]), FORMATS[0]),
  );
  const create = async ({ go }) => {
    if (!showErrors({ url: form.url.value.trim() ? "" : "needed" })) return;
    const hook = await sent("POST", HOOKS, { url: form.url.value.trim(), payloadFormat: form.payloadFormat.value }, once);
    made.keep(hook);
    go(`#/webhooks/${encodeURIComponent(hook.id)}`);
  };
  form.append(submitButton(form, t("add_webhook"), t("working"), create));
  return form;
}

export async function webhookView(id) {
  const path = `${HOOKS}/${encodeURIComponent(id)}`;
  const hook = id === "notify" ? null : await fetched(path);
  const deliveries = await deliveryList(path);
  const fresh = made.seen(id);
  return [
    h("p", { class: "trail" }, h("a", { href: "#/webhooks" }, t("tab_webhooks"))),
    h("h1", {}, hook ? hook.url : t("notify_title")),
    fresh && notice("info", h("strong", {}, t("secret_once")), " ", copyable(fresh.secret, t("secret"))),
    hook && hookFacts(hook),
    hook && h("div", { class: "buttons" }, hookActions(hook, path)),
    hook && may("PATCH", path) && !FAMILYS_OWN.includes(hook.payloadFormat) && eventFilter(hook, path),
    h("h2", {}, t("deliveries")),
    deliveries,
  ];
}

function hookFacts(hook) {
  return facts([
    [t("status"), hookState(hook)],
    [t("problem"), hook.disabledReason],
    [t("failing_since"), hook.failingSince && when(hook.failingSince)],
    [t("format"), spokenFormat(hook)],
    [t("events"), hook.events.join(", ") || t("all")],
    [t("old_secret_until"), hook.previousSecretExpiresAt && when(hook.previousSecretExpiresAt)],
    [t("begun"), when(hook.createdAt)],
    [t("number"), h("code", {}, hook.id)],
  ]);
}

// Which events are sent; an endpoint in another family's format knows others.
function eventFilter(hook, path) {
  const boxes = EVENTS.map((name) => h("label", { class: "check" }, h("input", { type: "checkbox", name: "events", value: name, checked: hook.events.includes(name) }), " ", h("code", {}, name)));
  const form = h("form", { class: "panel" }, h("h2", {}, t("events_title")), h("fieldset", { class: "field" }, h("legend", {}, t("events_text")), boxes));
  const save = async ({ refresh }) => {
    await sent("PATCH", path, { events: [...form.querySelectorAll("input:checked")].map(({ value }) => value) });
    await refresh();
    tellDone(t("saved"));
  };
  form.append(submitButton(form, t("save"), t("working"), save));
  return form;
}

function hookActions(hook, path) {
  const enabled = hook.status === "ENABLED";
  return [
    may("POST", `${path}/test`) && button(t("send_test"), t("working"), async ({ refresh }) => {
      const { deliveryId } = await sent("POST", `${path}/test`, {});
      await delivered(path, deliveryId);
      await refresh();
    }),
    may("PATCH", path) && button(enabled ? t("pause") : t("resume"), t("working"), async ({ refresh }) => {
      await sent("PATCH", path, { status: enabled ? "PAUSED" : "ENABLED" });
      await refresh();
    }),
    may("POST", `${path}/rotate-secret`) && button(t("rotate"), t("working"), async ({ refresh }) => {
      if (!(await sure(t("rotate_sure"), t("rotate")))) return;
      made.keep(await sent("POST", `${path}/rotate-secret`, {}));
      await refresh();
    }),
    may("DELETE", path) && button(t("remove"), t("working"), async ({ go }) => {
      if (!(await sure(t("remove_sure"), t("remove")))) return;
      await sent("DELETE", path);
      go("#/webhooks");
    }),
  ];
}

// Waits a while for a delivery to be on record.
async function delivered(path, deliveryId) {
  for (let look = 0; look < PATIENT_LOOKS; look += 1) {
    const { deliveries } = await fetched(`${path}/deliveries?limit=5`);
    if (deliveries.some((delivery) => delivery.id === deliveryId)) break;
    await pause(500);
  }
}

function deliveryList(path) {
  return listing({
    caption: t("deliveries"),
    heads: deliveryHeads(),
    load: async (cursor) => {
      const page = await fetched(paged(`${path}/deliveries`, cursor, "cursor"));
      return { rows: page.deliveries, cursor: page.nextCursor };
    },
    row: deliveryRow,
    empty: t("no_deliveries"),
  });
}
