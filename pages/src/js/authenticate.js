// The page of a card whose number the shop's own server had: its bank's code, and the way back to the shop.
import { authentication } from "./api.js";
import { authenticateView } from "./authenticate_views.js";
import { cancelDialog } from "./cancel_dialog.js";
import { deadline, showExpired } from "./deadline.js";
import { busy, once } from "./dom.js";
import { lookAt, setErrorText, showErrors } from "./form.js";
import { isEmbedded } from "./frame.js";
import { goTo, query } from "./going.js";
import { pause } from "./http.js";
import { preferredLanguage, t, useLanguage } from "./i18n.js";
import { screen, waiting } from "./layout.js";
import { refusedFrame, showProblem } from "./problems.js";
import { openedBefore, rememberOpening } from "./visit.js";

const LOOK_EVERY = 2000;
const WRONG_OTP = "WRONG_OTP";

export async function startAuthenticate() {
  const id = query("paymentId");
  const token = query("authToken") || openedBefore(id);
  if (!id || !token) return showProblem("incomplete");
  // A shop leads its customer here; nobody needs it inside another page, where the button could be hidden.
  if (isEmbedded()) return refusedFrame();
  return new Authentication(id, token).resume();
}

class Authentication {
  constructor(id, token) {
    this.api = authentication(id, token);
    this.rememberOpening = () => rememberOpening(id, token);
    this.payment = null;
    this.stopWatch = () => {};
    this.message = null; // () => text, so that it follows the language
    this.answer = once((event) => this.send(event.target));
    this.cancel = once(() => this.leave());
  }

  // Shows where the payment stands, now and after a reload, another opening or a lost answer.
  async resume() {
    const payment = await this.api.read();
    this.payment = { ...payment, merchantName: payment.merchant_name, amount: payment.amount_text };
    await useLanguage(preferredLanguage(payment.language));
    if (payment.redirect_url) return this.goBack(payment);
    if (payment.status !== "pending") return showProblem("missing");
    if (payment.expires_in > 0) {
      this.stopWatch();
      this.stopWatch = deadline(payment.expires_in, [this.answer, this.cancel], () => this.expire());
      if (payment.challenge === "otp") return this.showForm();
    }
    return this.submit(undefined);
  }

  showForm() {
    screen(() =>
      authenticateView(this.payment, {
        message: this.message?.(),
        submit: this.answer,
        cancel: () => cancelDialog(this.cancel),
      }),
    );
  }

  // The address is the API's, made from what the shop gave when it began; never the one in this page's own address.
  goBack(reply) {
    screen(() => waiting(this.payment, t("auth_back_title"), t("auth_back_text", { merchant: this.payment.merchantName })));
    goTo(reply.redirect_url);
  }

  async send(form) {
    const otp = form.elements.otp.value.trim();
    if (!showErrors({ otp: otp ? "" : "error_otp" })) return;
    await this.submit(otp, busy(form.querySelector("button[type=submit]"), t("checking")));
  }

  async submit(otp, done = () => {}) {
    if (otp === undefined) screen(() => waiting(this.payment, t("waiting_title"), t("waiting_text")));
    let reply;
    try {
      reply = await this.api.submit(otp);
    } catch (error) {
      done();
      return this.refused(error);
    }
    if (reply.redirect_url) return this.goBack(reply);
    return reply.bank_url ? this.toBank(reply.bank_url) : this.look();
  }

  // The bank has a page of its own, which leads back to this one.
  toBank(address) {
    this.rememberOpening();
    goTo(address);
  }

  refused(error) {
    if (error.code === WRONG_OTP) {
      const input = document.getElementById("otp");
      input.value = "";
      setErrorText("otp", t("auth_wrong", { count: error.attemptsLeft }));
      return lookAt(input);
    }
    if (!error.isUnanswered) throw error;
    if (this.payment.challenge !== "otp") return this.look(); // nothing to type: whatever became of it, it is asked about
    this.message = () => t("no_answer");
    return this.resume();
  }

  // The bank's answer got lost: it is being asked for.
  async look() {
    screen(() => waiting(this.payment, t("waiting_title"), t("waiting_text")));
    for (;;) {
      await pause(LOOK_EVERY);
      const now = await this.api.read();
      if (now.redirect_url) return this.goBack(now);
    }
  }

  // The time is up: the gateway ends it and says where to go.
  async expire() {
    const reply = await this.api.submit(undefined).catch(() => null);
    return reply?.redirect_url ? this.goBack(reply) : showExpired(this.payment);
  }

  async leave() {
    const reply = await this.api.cancel().catch(() => null);
    return reply?.redirect_url ? this.goBack(reply) : this.resume();
  }
}
