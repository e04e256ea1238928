// A payment link: who asks for how much and for what, and the way to pay it.
import { paymentLink } from "./api.js";
import { busy, h, once } from "./dom.js";
import { mayBeShown } from "./frame.js";
import { goTo, query } from "./going.js";
import { dateTime, money, preferredLanguage, t, useLanguage } from "./i18n.js";
import { outcome, page, problem, screen, showUnderWay } from "./layout.js";
import { explain, refusedFrame, showProblem } from "./problems.js";
import { openedFrom, rememberOpened } from "./visit.js";

const KINDS = { PAID: "good", EXPIRED: "wait", CANCELLED: "bad" };

export async function startLink() {
  const id = query("id");
  if (!id) return showProblem("incomplete");
  const api = paymentLink(id);
  const link = await api.read();
  await useLanguage(preferredLanguage(link.language));
  if (!(await mayBeShown(link.frameOrigins))) return refusedFrame();
  return showLink(link, api, null, id);
}

function showLink(link, api, message, id) {
  if (link.status !== "PENDING") {
    const kind = link.status.toLowerCase();
    return screen(() => outcome(KINDS[link.status] || "bad", link, t(`link_${kind}_title`), t(`link_${kind}_text`)));
  }
  if (link.underWay) {
    const opened = openedFrom(id); // the page there knows whether it was in this tab that somebody paid
    return showUnderWay(link, opened && (() => goTo(opened)));
  }
  const pay = once(async (event) => {
    const done = busy(event.currentTarget, t("opening"));
    try {
      const { redirectUrl } = await api.open();
      rememberOpened(id, redirectUrl);
      goTo(redirectUrl);
    } catch (error) {
      done();
      await recover(error, link, api, id);
    }
  });
  return screen(() => linkView(link, message?.(), pay));
}

// Paid, cancelled or expired meanwhile: the link itself says which.
async function recover(error, link, api, id) {
  if (error.status !== 409 && !error.isUnanswered) return explain(error, link);
  const now = await api.read();
  return showLink(now, api, () => (error.isUnanswered ? t("no_answer") : t("refused", { message: error.message })), id);
}

function linkView(link, message, pay) {
  return page(
    t("link_title"),
    link,
    h("h1", {}, t("link_title")),
    problem(message),
    h("p", {}, t("link_text", { merchant: link.merchantName, amount: money(link.amount, link.currency) })),
    h("button", { type: "button", class: "main", onclick: pay, "data-focus": true }, t("link_pay", { amount: money(link.amount, link.currency) })),
    link.expiresAt && h("p", { class: "hint centred" }, t("link_until", { time: dateTime(link.expiresAt) })),
  );
}
