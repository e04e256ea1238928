// Customers: who they are where that is kept, their saved cards, and what they paid.
import { h } from "../js/dom.js";
import { field } from "../js/form.js";
import { t } from "../js/i18n.js";
import { orderList } from "./orders.js";
import { numbered } from "./lists.js";
import { button, facts, listing, refreshButton, sure, table, when } from "./parts.js";
import { paymentList } from "./payments.js";
import { addressOf, go } from "./place.js";
import { may } from "./rights.js";
import { fetched, sent } from "./session.js";

export async function customersView(asked, seen) {
  const email = asked.get("email") || "";
  return [h("h1", {}, t("tab_customers")), h("p", {}, t("customers_text")), customerSearch(email), await customerList(email, seen)];
}

function customerSearch(email) {
  const form = h(
    "form",
    { novalidate: true, class: "filters" },
    field("email", { label: t("customer_or_id"), type: "search", value: email, maxlength: "254", autocomplete: "off" }),
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "main" }, t("search")), refreshButton(), h("a", { href: "#/customers" }, t("show_all"))),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = form.email.value.trim();
    go(said && !said.includes("@") ? addressOf("customers", said) : addressOf("customers", "", { email: said }));
  });
  return form;
}

function customerList(email, seen) {
  const query = email ? `?email_address=${encodeURIComponent(email)}` : "";
  return listing({
    caption: t("tab_customers"),
    heads: [t("begun"), t("name"), t("email"), t("number")],
    load: numbered(`/api/v1/customer${query}`),
    row: (customer) => [
      when(customer.created_at),
      h("a", { href: addressOf("customers", customer.id) }, customer.name),
      customer.email,
      h("code", {}, customer.id),
    ],
    empty: t("no_customers"),
    seen,
  });
}

export async function customerView(id) {
  const path = `/api/token-payment/cards?customerId=${encodeURIComponent(id)}`;
  const [record, { cards }] = await Promise.all([recordOf(id), fetched(path)]);
  return [
    h("p", { class: "trail" }, h("a", { href: "#/customers" }, t("tab_customers"))),
    h("h1", {}, record?.name || id),
    recordFacts(record, id),
    h("h2", {}, t("saved_cards")),
    cards.length > 0 ? cardTable(cards, id) : h("p", { class: "empty" }, t("no_cards")),
    record && h("h2", {}, t("tab_orders")),
    record && (await orderList({ customer_id: id })),
    h("h2", {}, t("tab_payments")),
    await paymentList({ q: id }, 0, t("no_payments_of")),
  ];
}

// Null where an id is the shop's own: then a customer is known by what was paid and saved under it.
async function recordOf(id) {
  if (!id.startsWith("cust_")) return null;
  return fetched(`/api/v1/customer/${encodeURIComponent(id)}`).catch((error) => {
    if (error.status === 404) return null;
    throw error;
  });
}

function recordFacts(record, id) {
  return facts([
    [t("email"), record?.email && h("a", { href: addressOf("payments", "", { q: record.email }) }, record.email)],
    [t("phone"), record?.phone],
    [t("postal_address"), record && [record.address, record.pincode, record.city, record.state, record.country].filter(Boolean).join(", ")],
    [t("begun"), record && when(record.created_at)],
    [t("number"), h("code", {}, id)],
  ]);
}

function cardTable(cards, customer) {
  const actions = (card) => [
    !card.isDefault && may("POST", cardPath(card, customer, "/set-default")) && makeDefault(card, customer),
    may("DELETE", cardPath(card, customer)) && remove(card, customer),
  ];
  const rows = cards.map((card) => [
    [card.alias, card.isDefault && h("span", { class: "state good" }, t("default_card"))],
    [card.expiry, card.expired && h("span", { class: "state bad" }, t("card_expired"))],
    String(card.usageCount),
    card.lastUsedAt ? when(card.lastUsedAt) : "–",
    h("div", { class: "buttons" }, actions(card)),
  ]);
  const heads = [t("card"), t("expires"), t("uses"), t("last_used"), t("what")];
  const isReadOnly = cards.every((card) => !actions(card).some(Boolean));
  return table(t("saved_cards"), isReadOnly ? heads.slice(0, -1) : heads, isReadOnly ? rows.map((row) => row.slice(0, -1)) : rows);
}

function cardPath(card, customer, what = "") {
  return `/api/token-payment/cards/${card.id}${what}?customerId=${encodeURIComponent(customer)}`;
}

function makeDefault(card, customer) {
  return button(t("make_default"), t("working"), async ({ refresh }) => {
    await sent("POST", cardPath(card, customer, "/set-default"), {});
    await refresh();
  });
}

function remove(card, customer) {
  return button(t("remove"), t("working"), async ({ refresh }) => {
    if (!(await sure(t("remove_card_sure", { card: card.alias }), t("remove")))) return;
    await sent("DELETE", cardPath(card, customer));
    await refresh();
  });
}
