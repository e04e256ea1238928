// The end of a payment that came to nothing.
import { spentOf } from "./choice_views.js";
import { reportEnd } from "./frame.js";
import { money, t } from "./i18n.js";
import { outcome, screen, wayOut } from "./layout.js";

// A payment that came to nothing: why, and that nothing was lost, or which vouchers their issuer keeps.
export function ended(payment) {
  const key = failureKey(payment);
  reportEnd(key === "cancelled" ? "cancelled" : "failed", {
    ...payment,
    code: payment.lastError?.code || payment.status.toLowerCase(),
    message: payment.lastError?.message || "The payment was not completed",
  });
  const kind = key === "expired" ? "wait" : "bad";
  return screen(() => outcome(kind, payment, t(`${key}_title`), lossText(payment) || t(`${key}_text`), wayOut(payment)));
}

// What a customer has lost when nothing was paid; empty where that is nothing.
export function lossText(payment) {
  const kept = spentOf(payment).length > 0 && payment.breakdown.voucherAmount;
  return kept ? t("kept_text", { amount: money(kept, payment.currency) }) : "";
}

function failureKey(payment) {
  if (payment.status === "CARD_CAPTURE_FAILED") return "capture_failed";
  if (payment.status === "VOIDED") return "voided";
  const code = payment.lastError?.code;
  return code === "expired" || code === "cancelled" || code === "late_payment" ? code : "failed";
}
