// Orders: what was asked for, by whom, and the payments that were tried for it.
import { h } from "../js/dom.js";
import { minorMoney, t } from "../js/i18n.js";
import { narrowed, numbered } from "./lists.js";
import { facts, listing, refreshButton, state, when, spoken } from "./parts.js";
import { paymentList } from "./payments.js";
import { addressOf } from "./place.js";
import { fetched } from "./session.js";

const ORDER_STATES = ["active", "paid", "expired"];

export async function ordersView(asked, seen) {
  const states = ORDER_STATES.map((name) => [name, spoken(name.toUpperCase())]);
  return [h("h1", {}, t("tab_orders")), h("div", { class: "buttons" }, refreshButton()), await narrowed("orders", states, asked.get("status") || "", (status) => orderList({ status }, seen))];
}

export function orderList(wanted, seen) {
  const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
  return listing({
    caption: t("tab_orders"),
    heads: [t("begun"), t("number"), t("amount"), t("customer"), t("status")],
    load: numbered(`/api/v1/orders?${query}`),
    row: (order) => [
      when(order.created_at),
      [h("a", { href: addressOf("orders", order.id) }, order.request_id || order.id)],
      minorMoney(order.amount, order.currency),
      h("a", { href: addressOf("customers", order.customer_id) }, order.customer_id),
      state(order.status.toUpperCase()),
    ],
    empty: t("no_orders"),
    seen,
  });
}

export async function orderView(id) {
  const order = await fetched(`/api/v1/orders/${encodeURIComponent(id)}`);
  return [
    h("p", { class: "trail" }, h("a", { href: "#/orders" }, t("tab_orders"))),
    h("h1", {}, order.product?.name || t("order")),
    facts([
      [t("status"), state(order.status.toUpperCase())],
      [t("amount"), minorMoney(order.amount, order.currency)],
      [t("customer"), h("a", { href: addressOf("customers", order.customer_id) }, order.customer_id)],
      [t("shops_number"), order.request_id],
      [t("begun"), when(order.created_at)],
      [t("expires"), when(order.expires_at)],
      [t("number"), h("code", {}, order.id)],
    ]),
    h("h2", {}, t("tab_payments")),
    await paymentList({ q: order.id }, 0, t("no_payments_of")),
  ];
}
