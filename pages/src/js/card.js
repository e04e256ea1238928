// The card step: what is to pay, the card, and where the gateway sends the browser next.
import { cardPage } from "./api.js";
import { cancelDialog } from "./cancel_dialog.js";
import { checkCard, digits, readExpiry } from "./cards.js";
import { cardView, challengeView, fillCard } from "./card_views.js";
import { deadline, showExpired } from "./deadline.js";
import { announce, busy, once } from "./dom.js";
import { ended } from "./ended.js";
import { setError, showErrors } from "./form.js";
import { mayBeShown, reportEnd } from "./frame.js";
import { fragment, goTo, query, stepAddress } from "./going.js";
import { language, preferredLanguage, t, tFirst, useLanguage } from "./i18n.js";
import { outcome, screen, showUnderWay, waiting, wayOut } from "./layout.js";
import { refusedFrame, showProblem } from "./problems.js";
import { AT_CARD, PAID, UNDER_WAY } from "./statuses.js";
import { pause } from "./http.js";
import { visitorToken } from "./visit.js";

const LOOK_AGAIN = 5000;
const WRONG_CODE = "authentication_failed"; // of the bank's own question, not of the card

function whyDeclined(code) {
  return code === "amount_mismatch" ? t("amount_mismatch") : tFirst([`declined_${code}`, "declined"]);
}

export async function startCard() {
  const id = query("paymentID");
  if (!id) return showProblem("incomplete");
  const step = new CardStep(id);
  await step.resume();
  return undefined;
}

// The card step is over, and nobody knows this browser but for the secret in its address.
export function goOnWith(payment) {
  const [transactionId, secret] = fragment().split("_secret_");
  if (secret) return goTo(stepAddress("choice", transactionId));
  if (PAID.includes(payment.status)) {
    reportEnd("completed", payment);
    return screen(() => outcome("good", payment, t("link_paid_title"), t("page_paid_text"), wayOut(payment)));
  }
  if (UNDER_WAY.includes(payment.status)) return showUnderWay(payment);
  return ended(payment);
}

class CardStep {
  constructor(id) {
    this.api = cardPage(id, visitorToken(id));
    this.payment = null;
    this.stopWatch = () => {};
    this.entered = null; // the card that was tried, but for its security code, so that a second try is not a second typing
    this.message = null; // () => text, so that it follows the language
    this.submit = once((event) => this.pay(event.target));
    this.answer = once((event) => this.answerChallenge(event.target));
    this.cancel = once(() => this.leave());
  }

  // Shows the step where the payment stands, now and after a reload, the back button or a lost answer.
  async resume() {
    this.payment = await this.api.read();
    if (!this.payment.amount && this.payment.amount !== 0) throw new Error("no amount");
    await useLanguage(preferredLanguage(this.payment.language));
    if (!(await mayBeShown(this.payment.frameOrigins))) return refusedFrame();
    if (!AT_CARD.includes(this.payment.status)) return this.goOn();
    if (this.payment.beingChecked) return this.waitForBank();
    if (this.payment.expiresIn === 0) return showExpired(this.payment);
    this.stopWatch();
    this.stopWatch = deadline(this.payment.expiresIn, [this.submit, this.answer, this.cancel], () => showExpired(this.payment));
    return this.showForm();
  }

  // The card step is over. Whose card it was, or whoever the shop gave the payment's secret, goes on; nobody else.
  goOn() {
    this.stopWatch();
    return this.payment.nextUrl ? goTo(this.payment.nextUrl) : goOnWith(this.payment);
  }

  // The card was entered and its bank is undecided: the page looks again until that is over.
  async waitForBank() {
    this.stopWatch();
    screen(() => waiting(this.payment, t("bank_title"), t("bank_text")));
    while (this.payment.beingChecked) {
      await pause(LOOK_AGAIN);
      this.payment = await this.api.ask().catch(() => this.payment); // no answer changes nothing: ask again
    }
    const code = AT_CARD.includes(this.payment.status) && this.payment.lastError?.code;
    if (code) this.message = () => whyDeclined(code);
    return this.resume();
  }

  // ``next`` names the field that the customer will want to change.
  showForm(next = "cvv") {
    screen(() => cardView(this.payment, { message: this.message?.(), submit: this.submit, cancel: this.askToCancel }));
    if (!this.entered) return;
    fillCard(this.entered);
    const input = document.getElementById(next);
    input.focus({ preventScroll: true });
    input.select();
  }

  askToCancel = () => cancelDialog(this.cancel);

  async pay(form) {
    const entered = Object.fromEntries(new FormData(form));
    if (!showErrors(checkCard(entered))) return;
    const { cvv, ...kept } = entered;
    this.entered = kept;
    const expiry = readExpiry(kept.expiry);
    const done = busy(form.querySelector("button[type=submit]"), t("paying"));
    await this.send(
      () =>
        this.api.submit({
          number: digits(kept.number),
          holderName: kept.holderName.trim(),
          expiryMonth: expiry.month,
          expiryYear: expiry.year,
          cvv: digits(cvv),
          ...this.saidOfSaving(kept),
        }),
      done,
    );
  }

  // What the customer answered, and to which words.
  saidOfSaving({ saveCard }) {
    if (!this.payment.asksToSaveCard) return {};
    return { saveCard: { given: saveCard === "yes", text: t("consent_version"), language: language() } };
  }

  async answerChallenge(form) {
    const otp = form.elements.otp.value.trim();
    if (!showErrors({ otp: otp ? "" : "error_otp" })) return;
    const done = busy(form.querySelector("button[type=submit]"), t("checking"));
    await this.send(() => this.api.challenge(otp), done);
  }

  async leave() {
    const reply = await this.api.cancel().catch(() => null);
    if (reply === null) return this.resume();
    if (reply.outcome !== "CANCELLED") return this.resume(); // it was paid a moment before
    reportEnd("cancelled", { status: "FAILED", transactionId: reply.transactionId });
    if (reply.redirectUrl) return goTo(reply.redirectUrl);
    this.stopWatch();
    return screen(() => outcome("bad", this.payment, t("cancelled_title"), t("cancelled_text"), wayOut(this.payment)));
  }

  async send(call, done) {
    let reply;
    try {
      reply = await call();
    } catch (error) {
      done();
      return this.refused(error);
    }
    if (reply.outcome === "APPROVED") {
      announce(t("approved"));
      return goTo(reply.redirectUrl);
    }
    if (reply.outcome === "CHALLENGE") {
      const count = reply.attemptsLeft; // after a wrong code
      return screen(() => challengeView(this.payment, { message: count && t("auth_wrong", { count }), submit: this.answer, cancel: this.askToCancel }));
    }
    if (reply.outcome === "PENDING") return this.resume();
    if (reply.redirectUrl) return goTo(reply.redirectUrl);
    this.message = () => whyDeclined(reply.declineCode);
    return this.showForm(reply.declineCode === WRONG_CODE ? "cvv" : "number");
  }

  async refused(error) {
    const fields = { not_a_test_card: ["number", "error_test_card"], card_expired: ["expiry", "error_expired"] };
    if (fields[error.code]) {
      const [name, key] = fields[error.code];
      setError(name, key);
      document.getElementById(name)?.focus();
      return undefined;
    }
    if (error.code === "expired") return showExpired(this.payment);
    if (error.code === "rate_limited") {
      this.message = () => t("rate_limited");
      return this.showForm();
    }
    if (error.status === 429) return showProblem("too_many_cards", this.payment);
    // Whatever became of it, the gateway knows: its answer is the page that follows.
    this.message = () => (error.isUnanswered ? t("no_answer_card") : t("refused", { message: error.message }));
    try {
      await this.resume();
    } catch (lost) {
      if (!lost.isUnanswered) throw lost;
      this.message = () => t(this.entered ? "card_kept" : "problem_offline_text");
      this.showForm();
    }
    return undefined;
  }
}
