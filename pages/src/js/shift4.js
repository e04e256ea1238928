// The card page whose fields are Shift4's: its script makes a token of them, and our API has it held or charged.
import { resumption } from "./api.js";
import { deadline, showExpired } from "./deadline.js";
import { announce, busy, once } from "./dom.js";
import { isEmbedded } from "./frame.js";
import { goTo, query } from "./going.js";
import { pause, request } from "./http.js";
import { preferredLanguage, t, tFirst, useLanguage } from "./i18n.js";
import { screen, waiting } from "./layout.js";
import { refusedFrame, showProblem } from "./problems.js";
import { fieldsView } from "./shift4_views.js";
import { openedBefore, rememberOpening, visitorToken } from "./visit.js";

const ASK_EVERY = 5000;
const FORM = "#card-fields";
// What its script says of a card that no token is made of, in our words.
const OUR_WORDS = { expired_card: "card_expired", authentication_required: "authentication_failed" };

export async function startShift4() {
  const id = query("transactionId");
  if (!id) return showProblem("incomplete");
  if (isEmbedded()) return refusedFrame();
  const payment = await resumption(id).read();
  await useLanguage(preferredLanguage(payment.language));
  const form = payment.cardForm;
  if (!payment.cardUrl || !form) return goTo(`/pay/checkout/?transactionId=${encodeURIComponent(id)}`);
  const step = new FieldsStep(payment, form);
  const kept = openedBefore(form.paymentID);
  if (kept) return step.hand(kept); // the page was left or reloaded before it was answered
  if (form.isSpent || form.paymentID !== query("paymentID")) return goTo(payment.cardUrl);
  return step.begin();
}

function scriptFrom(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error("the card fields did not load"));
    document.head.append(script);
  });
}

class FieldsStep {
  constructor(payment, form) {
    this.payment = payment;
    this.form = form;
    this.message = declinedBefore(payment);
    this.stopWatch = () => {};
    this.submit = once((event) => this.pay(event.target));
  }

  async begin() {
    await scriptFrom(this.form.script);
    this.fields = window.Shift4(this.form.publicKey);
    this.stopWatch = deadline(this.payment.expiresIn, [this.submit], () => showExpired(this.payment));
    this.show();
  }

  // Drawn again, as when the language changes, the fields are new ones: nobody but Shift4 knows what stood in them.
  show() {
    screen(() => {
      queueMicrotask(() => {
        this.group = this.fields.createComponentGroup().automount(FORM);
      });
      return fieldsView(this.payment, { message: this.message?.(), submit: this.submit, isTest: this.form.publicKey.startsWith("pk_test_") });
    });
  }

  async pay(form) {
    const done = busy(form.querySelector("button[type=submit]"), t("paying"));
    let token;
    try {
      token = await this.fields.createToken(this.group);
      // The holder's bank is asked on this page, in a frame of Shift4's.
      const { minorAmount: amount } = this.form;
      token = await this.fields.verifyThreeDSecure({ amount, currency: this.payment.currency, card: token.id });
    } catch (error) {
      done();
      const word = OUR_WORDS[error?.code] || "invalid_card";
      this.message = () => t(`declined_${word}`);
      return this.show();
    }
    rememberOpening(this.form.paymentID, token.id);
    return this.hand(token.id);
  }

  // The same token any number of times is one card: a lost answer is asked for by handing it over again.
  async hand(token) {
    const path = `/checkout/agree/${encodeURIComponent(this.payment.transactionId)}`;
    const body = { paymentID: this.form.paymentID, token };
    for (;;) {
      let reply = null;
      try {
        reply = await request("POST", path, body, visitorToken(this.form.paymentID));
      } catch (error) {
        if (!error.isUnanswered && error.code !== "rate_limited") return this.refused(error);
      }
      if (reply && !reply.beingChecked) return this.goOn(reply);
      this.stopWatch();
      screen(() => waiting(this.payment, t("bank_title"), t("bank_text")));
      await pause(ASK_EVERY);
    }
  }

  goOn(reply) {
    this.stopWatch();
    if (reply.nextUrl) announce(t("approved"));
    return goTo(reply.nextUrl || this.payment.cardUrl);
  }

  // A token that is not known was made of nothing that was charged; a page that is over leads to what comes next.
  refused(error) {
    if (error.code !== "invalid_card_token") return goTo(this.payment.cardUrl);
    rememberOpening(this.form.paymentID, "");
    return goTo(location.href);
  }
}

function declinedBefore(payment) {
  const code = payment.status === "CARD_PREAUTH_FAILED" && payment.lastError?.code;
  return code ? () => tFirst([`declined_${code}`, "declined"]) : null;
}
