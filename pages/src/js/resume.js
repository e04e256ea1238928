// Where checkoutUrl leads: to the step at which the payment stands, whatever gateway it is at.
import { resumption } from "./api.js";
import { goOnWith, startCard } from "./card.js";
import { showExpired } from "./deadline.js";
import { h } from "./dom.js";
import { isEmbedded, mayBeShown } from "./frame.js";
import { goTo, query } from "./going.js";
import { money, preferredLanguage, t, useLanguage } from "./i18n.js";
import { page, screen } from "./layout.js";
import { refusedFrame } from "./problems.js";
import { AT_CARD } from "./statuses.js";

export async function startResume() {
  const id = query("transactionId");
  if (!id) return startCard(); // the sandbox's own page shows every step itself
  const payment = await resumption(id).read();
  await useLanguage(preferredLanguage(payment.language));
  if (!(await mayBeShown(payment.frameOrigins))) return refusedFrame();
  if (!AT_CARD.includes(payment.status)) return goOnWith(payment);
  if (!payment.cardUrl) return showExpired(payment);
  if (isEmbedded() && !payment.framable) return screen(() => leavingFrame(payment));
  return goTo(payment.cardUrl);
}

// An acquirer's page shows itself in no frame: one button leads the whole window there.
function leavingFrame(payment) {
  const text = t("link_pay", { amount: money(payment.amount, payment.currency) });
  return page(t("link_title"), payment, h("a", { class: "button main", href: payment.cardUrl, target: "_top", "data-focus": true }, text));
}
