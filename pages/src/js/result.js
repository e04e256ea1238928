// How it ended: waiting, the receipt, or what went wrong and that nothing was lost.
import { pause, transaction } from "./api.js";
import { reasonText, row, spentOf } from "./choice_views.js";
import { showExpired } from "./deadline.js";
import { h } from "./dom.js";
import { ended } from "./ended.js";
import { mayBeShown, reportEnd } from "./frame.js";
import { fragment, goTo, query, stepAddress } from "./going.js";
import { dateTime, money, preferredLanguage, t, useLanguage } from "./i18n.js";
import { outcome, screen, waiting, wayOut } from "./layout.js";
import { refusedFrame, showProblem } from "./problems.js";
import { AT_CARD, CHOOSING, PAID, SLOW } from "./statuses.js";

export async function startResult() {
  const id = query("transactionId");
  if (!id || !fragment()) return showProblem("incomplete");
  const api = transaction(id, fragment());
  let payment = await api.read();
  await useLanguage(preferredLanguage(payment.language));
  if (!(await mayBeShown(payment.frameOrigins))) return refusedFrame();
  // Back from an acquirer that has not said yet what became of the card.
  const asks = () => query("returned") && payment.status === "PENDING";
  for (let i = 0; isUnderWay(payment) || asks(); i += 1) {
    if (i === 0) screen(() => waiting(payment, t("waiting_title"), t("waiting_text")));
    if (i === SLOW) screen(() => waiting(payment, t("slow_title"), t("slow_text")));
    await pause(asks() ? 3000 : Math.min(500 + i * 100, 3000));
    if (asks()) await api.ask().catch(() => null); // whoever answers next, answers the read
    payment = await api.read();
  }
  return conclude(payment, id);
}

// At the card and past its end counts as under way: a card may have been accepted in the last moment.
function isUnderWay(payment) {
  return payment.status === "PROCESSING" || (AT_CARD.includes(payment.status) && !payment.checkoutUrl);
}

function conclude(payment, id) {
  if (CHOOSING.includes(payment.status)) return payment.expiresIn > 0 ? goTo(stepAddress("choice", id)) : showExpired(payment);
  if (AT_CARD.includes(payment.status)) return goTo(payment.checkoutUrl);
  if (PAID.includes(payment.status)) {
    reportEnd("completed", payment);
    return screen(() => receipt(payment));
  }
  return ended(payment);
}

// The row of such a voucher says what it paid, and its owner would take the rest for theirs.
const lostNote = (amount) => (voucher) =>
  h("p", { class: "hint" }, t("voucher_lost_note", { serial: voucher.serialNumber, amount: amount(voucher.lostAmount) }));

function receipt(payment) {
  const amount = (value) => money(value, payment.currency);
  const { cardAmount, voucherAmount } = payment.breakdown;
  const refunded = payment.status !== "SUCCESS";
  const vouchers = spentOf(payment);
  const left = (payment.vouchers || []).filter((voucher) => voucher.leftOut);
  return outcome(
    "good",
    payment,
    t(refunded ? "refunded_title" : "paid_title"),
    refunded ? t(`refunded_text_${payment.status}`) : t("paid_text", { merchant: payment.merchantName }),
    h(
      "dl",
      { class: "rows receipt" },
      vouchers.map((voucher) => row(t("voucher_row", { serial: voucher.serialNumber }), amount(voucher.spentAmount))),
      cardAmount > 0 && row(t("card_charged"), amount(cardAmount)),
      row(t("total"), amount(cardAmount + voucherAmount), "total"),
      payment.releasedAmount > 0 && row(t("released"), amount(payment.releasedAmount), "aside"),
      payment.difference && row(t("difference"), amount(payment.difference.amount), "aside"),
      payment.completedAt && row(t("date"), dateTime(payment.completedAt), "aside"),
      row(t("transaction"), payment.transactionId, "aside id"),
    ),
    payment.releasedAmount > 0 && h("p", { class: "hint" }, t("released_hint")),
    payment.difference && h("p", { class: "hint" }, t("difference_hint")),
    vouchers.filter((voucher) => voucher.lostAmount > 0).map(lostNote(amount)),
    left.map((voucher) => h("p", { class: "hint" }, t("voucher_left", { serial: voucher.serialNumber, reason: reasonText(voucher.responseCode) }))),
    wayOut(payment),
    h("button", { type: "button", class: "quiet printer", onclick: () => window.print() }, t("print")),
  );
}
