// Payment links: make one, see its code, follow it, withdraw it.
import { h } from "../js/dom.js";
import { field, showErrors } from "../js/form.js";
import { money, t } from "../js/i18n.js";
import { narrowed, paged } from "./lists.js";
import { button, choice, copyable, facts, listing, refreshButton, state, submitButton, sure, tellDone, typedAmount, when, spoken } from "./parts.js";
import { may } from "./rights.js";
import { fetched, sent } from "./session.js";

const CREATE = "/api/payment-links/create";
const LINK_STATES = ["PENDING", "PAID", "EXPIRED", "CANCELLED"];
const LINK_TYPES = ["LINK", "MAIL", "SMS"];
const EMAIL = /^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$/;
const PHONE = /^\+[1-9]\d{6,14}$/;

export async function linksView(asked, seen) {
  const states = LINK_STATES.map((name) => [name, spoken(name)]);
  const list = await narrowed("links", states, asked.get("status") || "", (status) => linkList(status, seen));
  return [h("h1", {}, t("tab_links")), may("POST", CREATE) && newLink(), h("div", { class: "buttons" }, refreshButton()), list];
}

function linkList(status, seen) {
  return listing({
    caption: t("tab_links"),
    heads: [t("begun"), t("what"), t("amount"), t("expires"), t("status")],
    load: async (cursor, size) => {
      const page = await fetched(paged(`/api/payment-links?limit=${size}${status && `&status=${status}`}`, cursor, "cursor"));
      return { rows: page.links, cursor: page.nextCursor };
    },
    row: (link) => [
      when(link.createdAt),
      h("a", { href: `#/links/${encodeURIComponent(link.transactionId)}` }, link.description || link.transactionId),
      money(link.amount, link.currency),
      when(link.expiresAt),
      state(link.status),
    ],
    empty: t("no_links"),
    seen,
  });
}

function newLink() {
  const once = crypto.randomUUID();
  const form = h(
    "form",
    { novalidate: true },
    field("amount", { label: t("amount"), inputmode: "decimal", autocomplete: "off", placeholder: "50.00" }),
    field("currency", { label: t("currency"), value: "EUR", maxlength: "3", autocomplete: "off" }),
    field("maxVoucherAmount", { label: t("most_by_voucher"), inputmode: "decimal", autocomplete: "off", hint: t("most_by_voucher_hint") }),
    field("description", { label: t("what_for"), maxlength: "255", autocomplete: "off" }),
    choice("linkType", t("sent_by"), LINK_TYPES.map((name) => [name, t(`by_${name}`)]), "LINK"),
    field("customerEmail", { label: t("email"), type: "email", autocomplete: "off" }),
    field("customerPhone", { label: t("phone"), type: "tel", autocomplete: "off", placeholder: "+393331234567" }),
    field("expirationDays", { label: t("days"), inputmode: "numeric", value: "30", autocomplete: "off" }),
  );
  const create = async ({ go }) => {
    const currency = form.currency.value.trim().toUpperCase();
    const amount = typedAmount(form.amount.value, currency);
    const part = form.maxVoucherAmount.value.trim();
    const most = part && typedPart(part, amount, currency);
    const days = Number(form.expirationDays.value);
    const wrong = {
      amount: amount ? "" : "amount_form",
      maxVoucherAmount: most === null ? "most_by_voucher_form" : "",
      customerEmail: wrongWay(form.customerEmail, form.linkType.value === "MAIL", EMAIL, "email_form"),
      customerPhone: wrongWay(form.customerPhone, form.linkType.value === "SMS", PHONE, "phone_form"),
      expirationDays: Number.isInteger(days) && days > 0 ? "" : "days_form",
    };
    if (!showErrors(wrong)) return;
    const order = { amount, currency, description: form.description.value, linkType: form.linkType.value, expirationDays: days };
    for (const name of ["customerEmail", "customerPhone"]) if (form[name].value.trim()) order[name] = form[name].value.trim();
    if (part) order.maxVoucherAmount = most;
    const link = await sent("POST", CREATE, order, once);
    go(`#/links/${encodeURIComponent(link.transactionId)}`);
  };
  form.append(submitButton(form, t("create_link"), t("working"), create));
  return h("details", { class: "panel" }, h("summary", {}, t("new_link")), form);
}

// What vouchers may pay: nothing is a part, too. Null when it is no part of the amount.
function typedPart(text, amount, currency) {
  const part = typedAmount(text, currency);
  return (part > 0 || /^0+([.,]0+)?$/.test(text)) && part <= amount ? part : null;
}

// What is wrong with a way to reach the customer: it may be left out unless the link is sent that way.
function wrongWay(input, isUsed, shape, key) {
  const text = input.value.trim();
  if (!text) return isUsed ? "needed" : "";
  return shape.test(text) ? "" : key;
}

export async function linkView(id) {
  const path = `/api/payment-links/${encodeURIComponent(id)}`;
  const link = await fetched(path);
  const act = (what, question) =>
    may("POST", `${path}/${what}`) &&
    button(t(`link_${what}`), t("working"), async ({ refresh }) => {
      if (question && !(await sure(question, t(`link_${what}`)))) return;
      const { status } = await sent("POST", `${path}/${what}`, {});
      await refresh();
      tellDone(t(`link_${what}_done`, { status: spoken(status) }));
    });
  const open = link.status === "PENDING";
  return [
    h("p", { class: "trail" }, h("a", { href: "#/links" }, t("tab_links"))),
    h("h1", {}, link.description || t("link")),
    h(
      "div",
      { class: "beside" },
      linkFacts(link),
      open && h("img", { class: "code", src: `/paymentgw${path}/qrcode?size=440`, width: "220", height: "220", alt: t("code_of", { amount: money(link.amount, link.currency) }) }),
    ),
    h("div", { class: "buttons" }, act("verify"), open && link.linkType !== "LINK" && act("resend"), open && act("cancel", t("link_cancel_sure"))),
  ];
}

function linkFacts(link) {
  return facts([
    [t("status"), state(link.status)],
    [t("amount"), money(link.amount, link.currency)],
    [t("most_by_voucher"), link.maxVoucherAmount === null ? null : money(link.maxVoucherAmount, link.currency)],
    [t("address"), link.status === "PENDING" ? copyable(link.linkUrl, t("address")) : null],
    [t("customer"), link.customerName || link.customerEmail || link.customerPhone],
    [t("times_sent"), link.timesSent || null],
    [t("begun"), when(link.createdAt)],
    [t("expires"), when(link.expiresAt)],
    [t("paid_at"), link.paidAt && when(link.paidAt)],
    [t("payment"), link.paymentTransactionId && h("a", { href: `#/payments/${encodeURIComponent(link.paymentTransactionId)}` }, link.paymentTransactionId)],
    [t("number"), h("code", {}, link.transactionId)],
  ]);
}
