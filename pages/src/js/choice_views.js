// How the choice between vouchers and card looks.
import { h, icon } from "./dom.js";
import { field, setError } from "./form.js";
import { money, t, tFirst, time } from "./i18n.js";
import { note, page, problem } from "./layout.js";

const CROSS = "M7 7l10 10M17 7L7 17";

// actions: { codes, losing, refusals, message, add(text), remove(otp), pay(choice, event), cancel() }.
export function choiceView(payment, actions) {
  const amount = (value) => money(value, payment.currency);
  const card = payment.breakdown.cardAmount;
  const takesVouchers = payment.voucherAmountLeft > 0;
  return page(
    t("choice_title"),
    payment,
    payment.livemode === false && h("p", { class: "badge" }, t("test_mode")),
    h("h1", {}, t("choice_title")),
    actions.refusals.map((refusal) => problem(refusalText(refusal, spentOf(payment).length > 0))),
    problem(actions.message),
    h("p", {}, t(payment.maxVoucherAmount === 0 ? "choice_card" : "choice_text", { amount: amount(payment.cardGateway.preauthorizedAmount) })),
    payment.maxVoucherAmount > 0 && h("p", {}, t("voucher_part", { amount: amount(payment.maxVoucherAmount) })),
    covered(payment, amount),
    takesVouchers && voucherForm(actions, amount),
    estimate(payment, actions, amount),
    actions.codes.length > 0 &&
      h(
        "button",
        { type: "button", class: "main", "data-choice": "VOUCHERS", onclick: (event) => actions.pay("VOUCHERS", event) },
        t(actions.codes.length === 1 ? "use_voucher" : "use_vouchers", { count: actions.codes.length }),
      ),
    takesVouchers && h("p", { class: "or" }, h("span", {}, t("or"))),
    h(
      "button",
      {
        type: "button",
        class: actions.codes.length ? "second" : "main",
        "data-choice": "CARD_ONLY",
        onclick: (event) => actions.pay("CARD_ONLY", event),
      },
      t("card_only", { amount: amount(card) }),
    ),
    h("button", { type: "button", class: "quiet", onclick: actions.cancel }, t("cancel")),
    payment.expiresAt && h("p", { class: "hint centred" }, t(spentOf(payment).length > 0 ? "choice_until_beside" : "choice_until", { time: time(payment.expiresAt) })),
  );
}

// Why a voucher does not pay: our codes begin with the word already, others are the issuer's own.
export function reasonText(code) {
  return tFirst([`voucher_${code}`.replace("voucher_voucher", "voucher"), "voucher_refused"]);
}

// `beside`: another voucher pays already, so that it is not true that nothing was charged.
export function refusalText({ name, code }, beside = false) {
  const [named, unnamed] = beside
    ? ["voucher_failed_beside", "voucher_failed_unnamed_beside"]
    : ["voucher_failed", "voucher_failed_unnamed"];
  return t(name ? named : unnamed, { code: name, reason: reasonText(code) });
}

export function spentOf(payment) {
  return (payment.vouchers || []).filter((voucher) => voucher.status === "SPENT");
}

// What giving the payment up costs: nothing, or what issuers keep of the vouchers that pay already.
export function leavingText(payment) {
  return t(spentOf(payment).length > 0 ? "leave_text_beside" : "leave_text");
}

// Vouchers that pay already, when another one of the same choice was refused.
function covered(payment, amount) {
  if (spentOf(payment).length === 0) return null;
  return note(t("already_covered", { amount: amount(payment.breakdown.voucherAmount), rest: amount(payment.breakdown.cardAmount) }));
}

function voucherForm(actions, amount) {
  const submit = (event) => {
    event.preventDefault();
    actions.add(event.target.elements.voucher.value);
  };
  return h(
    "form",
    { novalidate: true, onsubmit: submit, class: "vouchers" },
    h(
      "div",
      { class: "with-button" },
      field("voucher", {
        label: t("voucher_code"),
        autocomplete: "off",
        autocapitalize: "characters",
        spellcheck: "false",
        maxlength: 64,
        "data-focus": true,
        oninput: () => setError("voucher", ""),
      }),
      h("button", { type: "submit", id: "add", class: "second" }, t("add")),
    ),
    actions.codes.length > 0 && h("ul", { class: "codes", "aria-label": t("voucher_list") }, actions.codes.map((code) => codeItem(code, actions, amount))),
  );
}

function codeItem({ otp, value, is }, actions, amount) {
  const worth = value ? t("worth", { amount: amount(value) }) : t("value_unknown");
  const about = [worth, is?.usedWhole && t("used_whole"), is?.productRule && t(`only_${is.productRule}`)];
  return h(
    "li",
    {},
    h("span", { class: "code" }, otp),
    h("span", { class: "value" }, about.filter(Boolean).join(", ")),
    h("button", { type: "button", class: "remove", "aria-label": t("remove", { code: otp }), onclick: () => actions.remove(otp) }, icon(CROSS)),
  );
}

// What would happen with the codes in the list: exact when the issuer told all their values, in words before. Where a
// part of each would be lost, and paying means yes to that, vouchers pay all that they may.
function estimate(payment, { codes, losing }, amount) {
  const card = payment.breakdown.cardAmount;
  if (codes.length === 0) return null;
  if (!codes.every((code) => code.value)) return note(t("estimate_unknown", { amount: amount(card) }));
  const cents = (value) => Math.round(value * 1000);
  const open = cents(payment.voucherAmountLeft);
  const worth = codes.reduce((sum, code) => sum + cents(code.value), 0);
  if (!losing && worth > open && codes.some((code) => code.is?.usedWhole)) return note(t("estimate_whole", { amount: amount(card) }));
  const byVoucher = Math.min(worth, open) / 1000;
  const byCard = (cents(card) - cents(byVoucher)) / 1000;
  const released = (cents(payment.cardGateway.preauthorizedAmount) - cents(byCard)) / 1000; // with what vouchers paid before
  return h(
    "dl",
    { class: "rows" },
    row(t("by_vouchers"), amount(byVoucher)),
    row(t("by_card"), amount(byCard)),
    row(t(payment.cardGateway.capturesWhole ? "difference" : "released_then"), amount(released)),
  );
}

export function row(label, value, kind) {
  return h("div", { class: kind || null }, h("dt", {}, label), h("dd", {}, value));
}
