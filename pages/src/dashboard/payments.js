// The list of payments: narrowed by what its address says.
import { h } from "../js/dom.js";
import { field, showErrors } from "../js/form.js";
import { money, t } from "../js/i18n.js";
import { paged } from "./lists.js";
import { button, cardName, refreshButton, choice, listing, spoken, state, typedAmount, when } from "./parts.js";
import { addressOf, go } from "./place.js";
import { fetched, isLive, sheetPart } from "./session.js";

const STATES = [
  "PENDING", "CARD_PREAUTH_SUCCESS", "CARD_PREAUTH_FAILED", "PROCESSING", "SUCCESS", "PARTIALLY_REFUNDED", "REFUNDED",
  "VOIDED", "FAILED", "VOUCHER_FAILED", "CARD_CAPTURE_FAILED",
];
const FAMILIES = [["payglobe", "PayGlobe"], ["glomopay", "Glomopay"], ["paygol", "Paygol"]];
const FILTERS = ["q", "status", "from", "to", "minAmount", "maxAmount", "family", "gateway"];

export async function paymentsView(asked, seen) {
  const wanted = Object.fromEntries(FILTERS.map((name) => [name, asked.get(name) || ""]));
  return [h("h1", {}, t("tab_payments")), filters(wanted), await paymentList(wanted, seen)];
}

// Whichever of a merchant's payments ``wanted`` names, by the names of the list's own parameters.
export function paymentList(wanted, seen, empty = t("nothing_found")) {
  const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
  return listing({
    caption: t("tab_payments"),
    heads: [t("created"), t("what"), t("amount"), t("paid_by"), t("status")],
    load: async (cursor, size) => {
      const page = await fetched(paged(`/api/merchant/transactions?limit=${size}&${query}`, cursor, "cursor"));
      return { rows: page.transactions, cursor: page.nextCursor };
    },
    row: paymentRow,
    empty: Object.values(wanted).some(Boolean) ? empty : t("no_payments"),
    seen,
  });
}

function paymentRow(payment) {
  return [
    when(payment.createdAt),
    [h("a", { href: addressOf("payments", payment.transactionId) }, payment.description || payment.transactionId), whose(payment)],
    money(payment.totalAmount, payment.currency),
    paidBy(payment),
    [state(payment.status), payment.disputedAmount > 0 && h("span", { class: "state bad" }, t("disputed")), payment.attention && h("span", { class: "state bad" }, t("attention"))],
  ];
}

function whose(payment) {
  const told = [payment.reference, payment.customerEmail || payment.customerId].filter(Boolean).join(" · ");
  return told && h("span", { class: "hint" }, told);
}

function paidBy(payment) {
  const card = payment.card && cardName(payment.card);
  const vouchers = payment.voucherAmount > 0 && `${t("vouchers")} ${money(payment.voucherAmount, payment.currency)}`;
  return [payment.method || card, vouchers].filter(Boolean).join(" + ") || "–";
}

// ---- filters ----

function filters(wanted) {
  const rest = FILTERS.filter((name) => name !== "q" && name !== "status");
  const form = h(
    "form",
    { novalidate: true, class: "filters" },
    field("q", { label: t("search_for"), type: "search", value: wanted.q, maxlength: "100", autocomplete: "off", hint: t("search_hint") }),
    choice("status", t("status"), [["", t("all")], ...severalStates(wanted.status), ...STATES.map((name) => [name, spoken(name)])], wanted.status),
    h(
      "details",
      { open: rest.some((name) => wanted[name]) },
      h("summary", {}, t("more_filters")),
      h(
        "div",
        { class: "row" },
        field("from", { label: t("from_day"), type: "date", value: wanted.from }),
        field("to", { label: t("to_day"), type: "date", value: wanted.to }),
        field("minAmount", { label: t("min_amount"), inputmode: "decimal", value: wanted.minAmount, autocomplete: "off" }),
        field("maxAmount", { label: t("max_amount"), inputmode: "decimal", value: wanted.maxAmount, autocomplete: "off" }),
        choice("family", t("family"), [["", t("all")], ...FAMILIES], wanted.family),
        field("gateway", { label: t("gateway"), value: wanted.gateway, maxlength: "64", autocomplete: "off" }),
      ),
    ),
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "main" }, t("search")), refreshButton(), exportButton(wanted), h("a", { href: "#/payments" }, t("show_all"))),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search(form);
  });
  return form;
}

// An address may name more states than one, as the numbers of the overview do: they are a choice of their own.
function severalStates(status) {
  return status.includes(",") ? [[status, status.split(",").map(spoken).join(", ")]] : [];
}

// The whole list as it is narrowed, part by part, as one file.
function exportButton(wanted) {
  const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
  return button(t("export_csv"), t("exporting"), async () => {
    const parts = [];
    let cursor = "";
    do {
      const part = await sheetPart(paged(`/api/merchant/export?${query}`, cursor, "cursor"));
      parts.push(part.text);
      cursor = part.cursor;
    } while (cursor);
    saveSheet(parts, `payments-${isLive() ? "live" : "test"}.csv`);
  });
}

export function saveSheet(parts, name) {
  const address = URL.createObjectURL(new Blob(parts, { type: "text/csv" }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

function search(form) {
  const said = Object.fromEntries(FILTERS.map((name) => [name, form.elements[name].value.trim()]));
  const wrong = (text) => (text && !typedAmount(text) ? "amount_form" : "");
  const errors = { q: said.q.length === 1 ? "search_form" : "", minAmount: wrong(said.minAmount), maxAmount: wrong(said.maxAmount), to: said.from && said.to && said.to < said.from ? "days_turned" : "" };
  if (!errors.maxAmount && said.maxAmount && typedAmount(said.maxAmount) < typedAmount(said.minAmount)) errors.maxAmount = "amounts_turned";
  if (errors.minAmount || errors.maxAmount || errors.to) form.querySelector("details").open = true;
  if (!showErrors(errors)) return;
  for (const name of ["minAmount", "maxAmount"]) said[name] = said[name] && said[name].replace(",", ".");
  go(addressOf("payments", "", said));
}
