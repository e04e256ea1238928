// One payment: its money, its vouchers, what was done and told, and what can be done now.
import { h } from "../js/dom.js";
import { field, showErrors } from "../js/form.js";
import { pause } from "../js/http.js";
import { money, t, tFirst } from "../js/i18n.js";
import { deliveryHeads, deliveryRow } from "./delivery_parts.js";
import { DISPUTE_HEADS, disputeRow } from "./dispute_parts.js";
import { amountText, button, cardName, facts, state, submitButton, sure, table, tellDone, typedAmount, when, spoken, written } from "./parts.js";
import { addressOf } from "./place.js";
import { refundForm, refundPart } from "./refunds.js";
import { may } from "./rights.js";
import { fetched, sent } from "./session.js";
import { ourWord, why } from "./words.js";

const HELD = new Set(["CARD_PREAUTH_SUCCESS", "VOUCHER_FAILED"]);
const PAID = new Set(["SUCCESS", "PARTIALLY_REFUNDED", "REFUNDED"]);
const SETTLING = 15;

export async function paymentView(id) {
  const [payment, { refunds }, { deliveries }] = await Promise.all([
    fetched(`/api/payment/transaction/${encodeURIComponent(id)}`),
    fetched(`/api/payment/refunds/${encodeURIComponent(id)}`),
    fetched(`/api/merchant/transactions/${encodeURIComponent(id)}/deliveries`),
  ]);
  const disputes = await Promise.all(payment.disputes.map((dispute) => fetched(`/api/merchant/disputes/${encodeURIComponent(dispute)}`)));
  return [
    h("p", { class: "trail" }, h("a", { href: "#/payments" }, t("tab_payments"))),
    h("h1", {}, payment.description || t("payment")),
    paymentFacts(payment),
    disputes.length > 0 && disputePart(disputes),
    actions(payment),
    PAID.has(payment.status) && payment.customerEmail && receipt(payment),
    payment.vouchers.length > 0 && voucherPart(payment),
    refunds.length > 0 && refundPart(payment, refunds),
    operationPart(payment),
    deliveryPart(deliveries),
    rawPart(payment),
  ];
}

function paymentFacts(payment) {
  const sum = (amount) => money(amount, payment.currency);
  return facts([
    [t("status"), state(payment.status)],
    [t("attention"), payment.attention && tFirst([`needs_${payment.attention}`, payment.attention])],
    [t("amount"), sum(payment.totalAmount)],
    [t("by_card"), payment.paymentMode === "ALTERNATIVE" ? null : sum(payment.breakdown.cardAmount)],
    [t("by_method"), payment.paygol?.method],
    [t("shops_number"), payment.paygol?.custom],
    [t("by_voucher"), payment.voucherAmount ? sum(payment.voucherAmount) : null],
    [t("most_by_voucher"), payment.maxVoucherAmount === null ? null : sum(payment.maxVoucherAmount)],
    [t("held"), sum(payment.cardGateway.preauthorizedAmount)],
    [t("captured"), sum(payment.capturedAmount)],
    [t("released"), sum(payment.releasedAmount)],
    [t("difference"), payment.difference && difference(payment.difference, sum)],
    [t("disputed_amount"), payment.disputedAmount > 0 ? sum(payment.disputedAmount) : null],
    [t("card"), payment.card && [cardName(payment.card), payment.card.expiry].filter(Boolean).join(", ")],
    [t("authentication"), authentication(payment.cardAuthentication)],
    [t("seller_protection"), protection(payment.cardAuthentication)],
    [t("customer"), customerOf(payment)],
    [t("gateway"), payment.gateway],
    [t("order"), payment.orderId && h("a", { href: addressOf("orders", payment.orderId) }, payment.orderId)],
    [t("link"), payment.linkId && h("a", { href: addressOf("links", payment.linkId) }, payment.linkId)],
    [t("begun"), when(payment.createdAt)],
    [t("completed"), payment.completedAt && when(payment.completedAt)],
    [t("settled_by"), payment.settledBy],
    [t("problem"), payment.lastError && why(payment.lastError, payment.status === "VOUCHER_FAILED" ? "voucher_" : "")],
    [t("number"), h("code", {}, payment.transactionId)],
  ]);
}

// Whether the card's bank knows its holder, and who bears the risk; and the scheme's own number of the payment.
function authentication(told) {
  if (!told) return null;
  const { threeDSecure: said, networkReference: number } = told;
  const words = said && [holder(said), said.liabilityShift && t("liability_shift")];
  if (!words && !number) return null;
  return [words && words.filter(Boolean).join(", "), words && number && " · ", number && h("code", {}, number)];
}

// Where the gateway says no more than a word of its own, that is shown and nothing is made of it.
function holder({ authenticated, status }) {
  return authenticated === null ? status : t(authenticated ? "authenticated" : "not_authenticated");
}

function protection(told) {
  return told?.sellerProtection && [told.sellerProtection.status, ...told.sellerProtection.disputes].join(", ");
}

// The customer with everything else of theirs; an address alone leads to what else was paid under it.
function customerOf({ customerId, customerEmail }) {
  if (customerId) return [h("a", { href: addressOf("customers", customerId) }, customerId), customerEmail && `, ${customerEmail}`];
  return customerEmail && h("a", { href: addressOf("payments", "", { q: customerEmail }) }, customerEmail);
}

function orderPath(what, payment) {
  return `/api/payment/${what}/${encodeURIComponent(payment.transactionId)}`;
}

function actions(payment) {
  const mayAsk = (what) => may("POST", orderPath(what, payment));
  if (HELD.has(payment.status)) return mayAsk("capture") && mayAsk("void") && heldForm(payment);
  const isRefundable = payment.refundableAmount > 0 && ["SUCCESS", "PARTIALLY_REFUNDED"].includes(payment.status);
  return isRefundable && mayAsk("refund") && refundForm(payment, orderPath("refund", payment));
}

// ---- a hold ----

function heldForm(payment) {
  const once = { capture: crypto.randomUUID(), void: crypto.randomUUID() };
  const whole = payment.cardGateway.preauthorizedAmount;
  const form = h(
    "form",
    { novalidate: true, class: "panel" },
    h("h2", {}, t("held_title")),
    h("p", {}, t("held_text")),
    field("amount", { label: t("amount"), inputmode: "decimal", value: amountText(whole, payment.currency), autocomplete: "off", hint: t("capture_hint") }),
  );
  const settle = async (what, amount, body, { refresh }) => {
    if (!(await sure(t(`${what}_sure`, { amount: money(amount, payment.currency) }), t(`${what}_now`)))) return;
    await sent("POST", orderPath(what, payment), body, once[what]);
    await settled(payment.transactionId);
    await refresh();
  };
  const capture = async (onwards) => {
    const amount = typedAmount(form.amount.value, payment.currency);
    if (!showErrors({ amount: amount ? "" : "amount_form" })) return;
    await settle("capture", amount, amount === whole ? {} : { amount }, onwards);
  };
  const about = { amount_too_large: "amount", amount_too_small: "amount" };
  const take = submitButton(form, t("capture_now"), t("working"), capture, { about });
  form.append(h("div", { class: "buttons" }, take, button(t("void_now"), t("working"), (onwards) => settle("void", whole, {}, onwards))));
  // Another amount is another order.
  form.addEventListener("input", () => {
    once.capture = crypto.randomUUID();
  });
  return form;
}

// The machine does the work; most of the time it is done in a moment.
async function settled(id) {
  for (let look = 0; look < SETTLING; look += 1) {
    const { status } = await fetched(`/api/payment/transaction/${encodeURIComponent(id)}`);
    if (status !== "PROCESSING" && !HELD.has(status)) break;
    await pause(700);
  }
}

function receipt(payment) {
  const path = orderPath("receipt", payment);
  const once = crypto.randomUUID();
  const send = async ({ refresh }) => {
    await sent("POST", path, {}, once);
    await refresh();
    tellDone(t("receipt_sent", { email: payment.customerEmail }));
  };
  return may("POST", path) && h("div", { class: "buttons" }, button(t("send_receipt"), t("working"), send, { refused: { 429: t("receipt_too_often") } }));
}

// ---- what happened ----

function disputePart(disputes) {
  return h("section", {}, h("h2", {}, t("tab_disputes")), table(t("tab_disputes"), DISPUTE_HEADS.map((head) => t(head)), disputes.map(disputeRow)));
}

function voucherPart(payment) {
  const sum = (amount) => money(amount, payment.currency);
  const rows = payment.vouchers.map((voucher) => [
    voucher.serialNumber || "–",
    [voucher.issuer, voucher.kind && t(`kind_${voucher.kind}`), voucher.usedWhole && t("kind_whole"), voucher.law].filter(Boolean).join(", "),
    sum(voucher.faceValue),
    sum(voucher.spentAmount),
    [state(voucher.status), " ", unused(voucher), voucher.lostAmount > 0 && `, ${t("kind_lost", { amount: sum(voucher.lostAmount) })}`, voucher.reversibleUntil && [", ", t("back_until"), " ", when(voucher.reversibleUntil)]],
  ]);
  return h("section", {}, h("h2", {}, t("vouchers")), table(t("vouchers"), [t("code"), t("voucher_kind"), t("worth"), t("spent"), t("status")], rows));
}

// Why a voucher pays nothing; of one that was left out for another's sake there is nothing to tell.
function unused({ status, responseCode, message }) {
  if (status === "UNUSED") return ourWord(responseCode, "voucher_");
  return (status === "INVALID" || status === "REFUSED") && why({ code: responseCode, message }, "voucher_");
}

// Of the refusal that the payment's own problem is, our word is known there; its own code is the gateway's.
function problem({ responseCode, responseMessage }, last) {
  return last?.message === responseMessage ? last : { code: responseCode, message: responseMessage };
}

function operationPart(payment) {
  const rows = payment.operations.map((done) => [
    when(done.startedAt),
    spoken(done.operation),
    done.amount === null ? "–" : money(done.amount, payment.currency),
    [state(done.state), done.state === "REFUSED" && [" ", why(problem(done, payment.lastError), done.operation.startsWith("VOUCHER_") ? "voucher_" : "")]],
    written(done.reference),
  ]);
  return rows.length > 0 && h("section", {}, h("h2", {}, t("operations")), table(t("operations"), [t("created"), t("what"), t("amount"), t("status"), t("reference")], rows));
}

function deliveryPart(deliveries) {
  return deliveries.length > 0 && h("section", {}, h("h2", {}, t("deliveries")), table(t("deliveries"), deliveryHeads(), deliveries.map(deliveryRow)));
}

function rawPart(payment) {
  return h("details", { class: "raw" }, h("summary", {}, t("raw")), h("pre", { tabindex: "0", role: "region", "aria-label": t("raw") }, JSON.stringify(payment, null, 2)));
}

// What a gateway that captures no part of a hold took beyond what was owed.
function difference({ amount, givenBack }, sum) {
  return givenBack ? sum(amount) : t("difference_owed", { amount: sum(amount) });
}
