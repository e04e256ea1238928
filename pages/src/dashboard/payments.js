// Payments: the list, and one with its money, its vouchers, what was done, and what can be done now.
import { h } from "../js/dom.js";
import { field, showErrors } from "../js/form.js";
import { pause } from "../js/http.js";
import { money, t } from "../js/i18n.js";
import { button, facts, listing, paged, state, submitButton, sure, table, typedAmount, when, spoken } from "./parts.js";
import { refresh } from "./refresh.js";
import { DISPUTE_HEADS, disputeRow } from "./dispute_parts.js";
import { fetched, sent } from "./session.js";

const HELD = new Set(["CARD_PREAUTH_SUCCESS", "VOUCHER_FAILED"]);
const SETTLING = 15;

export async function paymentsView() {
  const list = await listing({
    caption: t("tab_payments"),
    heads: [t("created"), t("what"), t("amount"), t("by_voucher"), t("status")],
    load: async (cursor) => {
      const page = await fetched(paged("/api/merchant/transactions", cursor, "cursor"));
      return { rows: page.transactions, cursor: page.nextCursor };
    },
    row: (payment) => [
      when(payment.createdAt),
      h("a", { href: `#/payments/${encodeURIComponent(payment.transactionId)}` }, payment.description || payment.transactionId),
      money(payment.totalAmount, payment.currency),
      payment.voucherAmount ? money(payment.voucherAmount, payment.currency) : "–",
      [state(payment.status), payment.disputedAmount > 0 && h("span", { class: "state bad" }, t("disputed")), payment.attention && h("span", { class: "state bad" }, t("attention"))],
    ],
    empty: t("no_payments"),
  });
  return [h("h1", {}, t("tab_payments")), list];
}

export async function paymentView(id) {
  const [payment, { refunds }] = await Promise.all([
    fetched(`/api/payment/transaction/${encodeURIComponent(id)}`),
    fetched(`/api/payment/refunds/${encodeURIComponent(id)}`),
  ]);
  const disputes = await Promise.all(payment.disputes.map((dispute) => fetched(`/api/merchant/disputes/${encodeURIComponent(dispute)}`)));
  return [
    h("p", { class: "trail" }, h("a", { href: "#/payments" }, t("tab_payments"))),
    h("h1", {}, payment.description || t("payment")),
    paymentFacts(payment),
    disputes.length > 0 && disputePart(disputes),
    actions(payment),
    payment.vouchers.length > 0 && voucherPart(payment),
    refunds.length > 0 && refundPart(payment, refunds),
    operationPart(payment),
  ];
}

function paymentFacts(payment) {
  const sum = (amount) => money(amount, payment.currency);
  return facts([
    [t("status"), state(payment.status)],
    [t("attention"), payment.attention],
    [t("amount"), sum(payment.totalAmount)],
    [t("by_card"), payment.paymentMode === "ALTERNATIVE" ? null : sum(payment.breakdown.cardAmount)],
    [t("by_method"), payment.paygol?.method],
    [t("shops_number"), payment.paygol?.custom],
    [t("by_voucher"), payment.voucherAmount ? sum(payment.voucherAmount) : null],
    [t("held"), sum(payment.cardGateway.preauthorizedAmount)],
    [t("captured"), sum(payment.capturedAmount)],
    [t("released"), sum(payment.releasedAmount)],
    [t("disputed_amount"), payment.disputedAmount > 0 ? sum(payment.disputedAmount) : null],
    [t("card"), payment.card && `${payment.card.brand} •••• ${payment.card.last4}, ${payment.card.expiry}`],
    [t("customer"), payment.customerId || payment.customerEmail],
    [t("created"), when(payment.createdAt)],
    [t("completed"), payment.completedAt && when(payment.completedAt)],
    [t("problem"), payment.lastError && payment.lastError.message],
    [t("number"), h("code", {}, payment.transactionId)],
  ]);
}

function actions(payment) {
  if (HELD.has(payment.status)) {
    return h("section", { class: "panel" }, h("h2", {}, t("held_title")), h("p", {}, t("held_text")), h("div", { class: "buttons" }, settle(payment, "capture"), settle(payment, "void")));
  }
  return payment.refundableAmount > 0 && ["SUCCESS", "PARTIALLY_REFUNDED"].includes(payment.status) ? refundForm(payment) : null;
}

function settle(payment, what) {
  const once = crypto.randomUUID();
  return button(
    t(`${what}_now`),
    t("working"),
    async () => {
      if (!(await sure(t(`${what}_sure`, { amount: money(payment.cardGateway.preauthorizedAmount, payment.currency) }), t(`${what}_now`)))) return;
      await sent("POST", `/api/payment/${what}/${encodeURIComponent(payment.transactionId)}`, {}, once);
      await settled(payment.transactionId);
    },
    { kind: what === "capture" ? "main" : "second" },
  );
}

// The machine does the work; most of the time it is done in a moment.
async function settled(id) {
  for (let look = 0; look < SETTLING; look += 1) {
    const { status } = await fetched(`/api/payment/transaction/${encodeURIComponent(id)}`);
    if (status !== "PROCESSING" && !HELD.has(status)) break;
    await pause(700);
  }
  await refresh();
}

// ---- refunds ----

function refundForm(payment) {
  const once = crypto.randomUUID();
  const where = h("div", { id: "where", "aria-live": "polite" });
  const form = h(
    "form",
    { novalidate: true, class: "panel" },
    h("h2", {}, t("refund_title")),
    h("p", {}, t("refund_text", { amount: money(payment.refundableAmount, payment.currency) })),
    field("amount", { label: t("amount"), inputmode: "decimal", value: String(payment.refundableAmount), autocomplete: "off" }),
    field("reason", { label: t("reason"), maxlength: "255", autocomplete: "off" }),
    where,
  );
  const path = `/api/payment/refund/${encodeURIComponent(payment.transactionId)}`;
  const preview = async () => {
    const amount = typedAmount(form.amount.value);
    if (!showErrors({ amount: amount ? "" : "amount_form" })) return;
    const order = { amount, reason: form.reason.value };
    const planned = await sent("POST", `${path}?preview=true`, order);
    const give = button(
      t("refund_now", { amount: money(planned.refundAmount, payment.currency) }),
      t("working"),
      async () => {
        await sent("POST", path, order, once);
        await refresh();
      },
      { kind: "main", about: { amount_too_large: "amount" } },
    );
    where.replaceChildren(planOf(planned, payment), give);
    plan.hidden = true;
    give.focus();
  };
  const plan = submitButton(form, t("refund_preview"), t("working"), preview, { about: { amount_too_large: "amount" } });
  form.append(plan);
  // A plan speaks of the amount it was made for.
  form.addEventListener("input", () => {
    where.replaceChildren();
    plan.hidden = false;
  });
  return form;
}

function planOf(planned, payment) {
  const name = (part) => (part.tender === "card" ? t("to_card") : t("to_voucher", { code: part.serialNumber }));
  return facts(planned.parts.map((part) => [name(part), money(part.amount, payment.currency)]));
}

function refundPart(payment, refunds) {
  const rows = refunds.map((refund) => [when(refund.createdAt), money(refund.amount, payment.currency), refund.reason || "–", state(refund.status)]);
  return h("section", {}, h("h2", {}, t("refunds")), table(t("refunds"), [t("created"), t("amount"), t("reason"), t("status")], rows));
}

// ---- what happened ----

function disputePart(disputes) {
  return h("section", {}, h("h2", {}, t("tab_disputes")), table(t("tab_disputes"), DISPUTE_HEADS.map((head) => t(head)), disputes.map(disputeRow)));
}

function voucherPart(payment) {
  const sum = (amount) => money(amount, payment.currency);
  const rows = payment.vouchers.map((voucher) => [voucher.serialNumber || "–", sum(voucher.faceValue), sum(voucher.spentAmount), [state(voucher.status), " ", voucher.message]]);
  return h("section", {}, h("h2", {}, t("vouchers")), table(t("vouchers"), [t("code"), t("worth"), t("spent"), t("status")], rows));
}

function operationPart(payment) {
  const rows = payment.operations.map((done) => [
    when(done.startedAt),
    spoken(done.operation),
    done.amount === null ? "–" : money(done.amount, payment.currency),
    [state(done.state), " ", done.responseMessage],
    done.reference || "–",
  ]);
  return rows.length > 0 && h("section", {}, h("h2", {}, t("operations")), table(t("operations"), [t("created"), t("what"), t("amount"), t("status"), t("reference")], rows));
}
