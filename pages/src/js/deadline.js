// When the time to pay is over, by the gateway's clock: the customer's own may be wrong.
import { leavingText, spentOf } from "./choice_views.js";
import { pause } from "./http.js";
import { reportEnd } from "./frame.js";
import { t } from "./i18n.js";
import { outcome, screen, wayOut } from "./layout.js";

const OFTEN = 500;
const LAST_LOOK = 1000;

// Calls ``over`` in ``seconds``, also when the device sleeps meanwhile, but not in the middle of one of ``actions``:
// what was sent in time counts, and its answer says how to go on. Answers with how to stop it.
export function deadline(seconds, actions, over) {
  const end = Date.now() + seconds * 1000;
  const timer = setInterval(() => {
    if (Date.now() < end || actions.some((action) => action.isRunning())) return;
    clearInterval(timer);
    over();
  }, OFTEN);
  return () => clearInterval(timer);
}

// What ``reading`` answers with, or null when that takes longer than a customer should see what is over.
export function lastLook(reading) {
  return Promise.race([reading.catch(() => null), pause(LAST_LOOK).then(() => null)]);
}

export function showExpired(payment) {
  reportEnd("failed", { transactionId: payment.transactionId, status: "FAILED", code: "expired", message: "The checkout expired" });
  screen(() => outcome("wait", payment, t("expired_title"), spentOf(payment).length > 0 ? leavingText(payment) : t("expired_text"), wayOut(payment)));
}
