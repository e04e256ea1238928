// The choice: meal vouchers and the rest by card, or the card alone.
import { pause, transaction } from "./api.js";
import { cancelDialog } from "./cancel_dialog.js";
import { choiceView, leavingText, refusalText, spentOf } from "./choice_views.js";
import { deadline, lastLook, showExpired } from "./deadline.js";
import { announce, busy, once } from "./dom.js";
import { setErrorText } from "./form.js";
import { mayBeShown } from "./frame.js";
import { fragment, goTo, query, stepAddress } from "./going.js";
import { money, preferredLanguage, t, useLanguage } from "./i18n.js";
import { screen, waiting } from "./layout.js";
import { explain, refusedFrame, showProblem } from "./problems.js";
import { AT_CARD, CHOOSING, SLOW } from "./statuses.js";
import { keepTyped } from "./typed.js";

const MOST_VOUCHERS = 8;

// However a code is grouped, and in small letters or not, it is one.
const plain = (otp) => otp.replace(/[\s.-]/g, "").toUpperCase();

export async function startChoice() {
  const id = query("transactionId");
  if (!id || !fragment()) return showProblem("incomplete");
  return new ChoiceStep(id).resume();
}

class ChoiceStep {
  constructor(id) {
    this.id = id;
    this.api = transaction(id, fragment());
    this.payment = null;
    this.codes = []; // as entered: { otp, value } where value is what the issuer says it is worth, if it answers
    this.sent = [];
    this.message = null;
    this.turn = 0; // rises when something goes on that an answer about a voucher must not undo
    this.stopWatch = () => {};
    this.pay = once((choice, button) => this.choose(choice, button));
    this.add = once((text) => this.look(text));
    this.cancel = once(() => this.leave());
  }

  async resume() {
    this.payment = await this.api.read();
    await useLanguage(preferredLanguage(this.payment.language));
    if (!(await mayBeShown(this.payment.frameOrigins))) return refusedFrame();
    return this.route();
  }

  // Shows the choice, or goes where the payment stands.
  async route() {
    const { status } = this.payment;
    this.turn += 1;
    if (status === "PROCESSING") return this.wait();
    if (AT_CARD.includes(status) && this.payment.checkoutUrl) return goTo(this.payment.checkoutUrl);
    if (!CHOOSING.includes(status)) return goTo(stepAddress("result", this.id));
    if (this.payment.expiresIn === 0) return showExpired(this.payment);
    if (status === "VOUCHER_FAILED") this.sortOut();
    this.stopWatch();
    this.stopWatch = deadline(this.payment.expiresIn, [this.pay, this.cancel], () => this.close());
    return this.showForm();
  }

  // The time is over, unless the choice was made in another window meanwhile.
  async close() {
    this.turn += 1;
    const seen = await lastLook(this.api.read());
    if (!seen || CHOOSING.includes(seen.status)) return showExpired(this.payment);
    this.payment = seen;
    return this.route();
  }

  // After a refusal: good codes stay in the list with their value, bad ones leave it with the reason.
  sortOut() {
    const judged = (this.payment.vouchers || []).slice(-this.sent.length || undefined);
    const kept = [];
    this.refusals = [];
    judged.forEach((voucher, i) => {
      const otp = this.sent[i] || "";
      const bad = voucher.status === "INVALID" || voucher.status === "REFUSED";
      if (bad) this.refusals.push({ name: otp || voucher.serialNumber || "", code: voucher.responseCode, message: voucher.message });
      else if (otp && voucher.status !== "SPENT") kept.push({ otp, value: voucher.faceValue, is: voucher });
    });
    // From here on paying with these vouchers means that a part of them may be lost.
    this.losing = kept.length > 0 && this.payment.lastError?.code === "value_would_be_lost";
    if (this.losing) {
      const lost = Math.min(...kept.map((code) => code.value)) - this.payment.voucherAmountLeft;
      this.message = () => t("voucher_lost", { amount: money(lost, this.payment.currency) });
    }
    if (this.sent.length === 0) this.refusals = this.refusals.slice(-1); // after a reload: the latest word is enough
    this.codes = kept;
    this.sent = [];
  }

  // A code that is typed meanwhile, or was not added yet, stays.
  showForm(options) {
    const putBack = keepTyped();
    screen(
      () =>
        choiceView(this.payment, {
          codes: this.codes,
          losing: this.losing,
          refusals: this.refusals || [],
          message: this.message?.(),
          add: this.add,
          remove: (otp) => this.remove(otp),
          pay: (choice, event) => this.pay(choice, event.currentTarget),
          cancel: () => cancelDialog(this.cancel, leavingText(this.payment)),
        }),
      options,
    );
    putBack();
  }

  // What was typed joins the list with its worth, or stays where it is with what is wrong. Nothing is spent by that.
  async look(text) {
    const otp = text.trim();
    const taken = this.codes.some((code) => plain(code.otp) === plain(otp));
    const error = !otp ? "error_voucher_missing" : taken ? "error_voucher_twice" : this.codes.length >= MOST_VOUCHERS ? "error_voucher_many" : "";
    if (error) return this.complain(t(error), otp);
    const turn = this.turn;
    const done = busy(document.getElementById("add"), t("checking"));
    const found = await this.check(otp);
    done();
    if (turn !== this.turn) return undefined; // paid, left or over meanwhile: that goes on
    if (found.status === 400) return this.complain(t("refused", { message: found.message }), otp);
    if (found instanceof Error) return this.refused(found);
    if (found.outcome === "INVALID") {
      return this.complain(refusalText({ name: otp, code: found.responseCode }, spentOf(this.payment).length > 0), otp);
    }
    return this.listed(found.outcome === "VALID" ? { otp, value: found.value, is: found } : { otp });
  }

  // The issuer's word. Where there is none (no answer, or it was asked too often) the flow finds out, as it does anyway.
  check(otp) {
    return this.api.check(otp).catch((error) => (error.isUnanswered || error.status === 429 ? {} : error));
  }

  async addThenPay(otp) {
    await this.add(otp);
    if (!document.getElementById("voucher")?.value) document.querySelector("button[data-choice=VOUCHERS]")?.focus();
  }

  complain(text, otp) {
    setErrorText("voucher", text);
    const input = document.getElementById("voucher");
    if (plain(input.value) !== plain(otp)) return; // another is being typed
    input.focus();
    input.select();
  }

  listed(code) {
    this.codes.push(code);
    this.asksAnew();
    const input = document.getElementById("voucher");
    if (plain(input.value) === plain(code.otp)) input.value = "";
    this.showForm({ focus: false });
    document.getElementById("voucher")?.focus();
    const worth = code.value ? money(code.value, this.payment.currency) : "";
    announce(t(worth ? "voucher_added_worth" : "voucher_added", { code: code.otp, amount: worth, count: this.codes.length }));
  }

  // With other vouchers another part may be lost: a yes to the one that was named is none to that.
  asksAnew() {
    this.message = null;
    this.losing = false;
  }

  remove(otp) {
    this.codes = this.codes.filter((code) => code.otp !== otp);
    this.asksAnew();
    this.showForm({ focus: false });
    document.getElementById("voucher")?.focus();
    announce(t("voucher_removed", { code: otp }));
  }

  async choose(choice, button) {
    const waitingCode = document.getElementById("voucher")?.value.trim();
    // Typed but not added: plainly meant, but what is to be paid changes with it, so it is shown first.
    if (choice === "VOUCHERS" && waitingCode) return this.addThenPay(waitingCode);
    this.turn += 1;
    const done = busy(button, t("paying"));
    this.sent = choice === "VOUCHERS" ? this.codes.map((code) => code.otp) : [];
    const body = choice === "VOUCHERS" ? { choice, vouchers: this.sent.map((otp) => ({ otp })), acceptLoss: this.losing } : { choice };
    this.message = null;
    try {
      await this.api.choose(body);
    } catch (error) {
      done();
      return this.refused(error);
    }
    this.stopWatch();
    return this.wait();
  }

  // 409: chosen in another window, or over. No answer: it may have arrived. Either way the record knows.
  async refused(error) {
    if (error.status === 429) this.message = () => t("too_many_vouchers");
    else if (error.status === 400) this.message = () => t("refused", { message: error.message });
    else if (error.isUnanswered) this.message = () => t("no_answer");
    else if (error.status !== 409) return explain(error, this.payment);
    const before = this.payment.status;
    const now = await this.api.read().catch((lost) => {
      if (!lost.isUnanswered) throw lost;
      this.message = () => t("problem_kept");
      return null;
    });
    if (!now) return this.showForm(); // with the codes that were typed
    this.payment = now;
    if (this.payment.expiresIn > 0 && CHOOSING.includes(this.payment.status) && before === this.payment.status) return this.showForm();
    return this.route();
  }

  // Whatever comes of it, the record knows: a choice made in another window a moment before goes first.
  async leave() {
    this.turn += 1;
    screen(() => waiting(this.payment, t("waiting_title"), leavingText(this.payment)));
    try {
      await this.api.cancel();
    } catch (error) {
      return this.refused(error);
    }
    for (let i = 0; CHOOSING.includes(this.payment.status); i += 1) {
      await pause(Math.min(300 + i * 100, 2500));
      this.payment = await this.api.read();
    }
    return this.route();
  }

  async wait() {
    screen(() => waiting(this.payment, t("waiting_title"), t("waiting_text")));
    for (let i = 0; this.payment.status === "PROCESSING" || i === 0; i += 1) {
      if (i === SLOW) screen(() => waiting(this.payment, t("slow_title"), t("slow_text")));
      await pause(Math.min(300 + i * 100, 2500));
      this.payment = await this.api.read();
    }
    return this.route();
  }
}
