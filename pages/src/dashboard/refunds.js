// Giving money back: the plan is shown before anything moves, and what went where after.
import { h } from "../js/dom.js";
import { field, showErrors } from "../js/form.js";
import { money, t } from "../js/i18n.js";
import { amountText, button, byWhom, facts, state, submitButton, table, typedAmount, when, written } from "./parts.js";
import { sent } from "./session.js";

// ``path`` is where a refund of this payment is asked for.
export function refundForm(payment, path) {
  const once = crypto.randomUUID();
  const where = h("div", { id: "where", "aria-live": "polite" });
  const form = h(
    "form",
    { novalidate: true, class: "panel" },
    h("h2", {}, t("refund_title")),
    h("p", {}, t("refund_text", { amount: money(payment.refundableAmount, payment.currency) })),
    field("amount", { label: t("amount"), inputmode: "decimal", value: amountText(payment.refundableAmount, payment.currency), autocomplete: "off" }),
    field("reason", { label: t("reason"), maxlength: "255", autocomplete: "off" }),
    where,
  );
  const preview = async () => {
    const amount = typedAmount(form.amount.value, payment.currency);
    if (!showErrors({ amount: amount ? "" : "amount_form" })) return;
    const order = { amount, reason: form.reason.value };
    const planned = await sent("POST", `${path}?preview=true`, order);
    const give = button(
      t("refund_now", { amount: money(planned.refundAmount, payment.currency) }),
      t("working"),
      async ({ refresh }) => {
        await sent("POST", path, order, once);
        await refresh();
      },
      { kind: "main", about: { amount_too_large: "amount" } },
    );
    const moves = planned.refundAmount > 0;
    where.replaceChildren(planOf(planned, payment), ...(moves ? [give] : []));
    plan.hidden = moves;
    if (moves) give.focus();
  };
  const plan = submitButton(form, t("refund_preview"), t("working"), preview, { about: { amount_too_large: "amount" } });
  form.append(plan);
  // A plan speaks of the amount it was made for.
  form.addEventListener("input", () => {
    where.replaceChildren();
    plan.hidden = false;
  });
  return form;
}

function legName(part) {
  return part.tender === "card" ? t("to_card") : t("to_voucher", { code: part.serialNumber });
}

function planOf(planned, payment) {
  return facts(planned.parts.map((part) => [legName(part), [money(part.amount, payment.currency), ...wayBack(part)]]));
}

const NO_WAY_BACK = { not_reversible: "never_back", too_late_to_reverse: "too_late_back", voucher_not_divisible: "whole_back" };

// How long a voucher can go back, or that it cannot: its money is then for the shop to give back.
function wayBack(part) {
  if (part.code) return [h("p", { class: "hint" }, t(NO_WAY_BACK[part.code]))];
  if (part.reversibleUntil) return [", ", t("back_until"), " ", when(part.reversibleUntil)];
  return [];
}

export function refundPart(payment, refunds) {
  const rows = refunds.map((refund) => [
    when(refund.createdAt),
    money(refund.amount, payment.currency),
    refund.legs.map((leg) => h("span", { class: "leg" }, `${legName(leg)} ${money(leg.amount, payment.currency)} `, leg.status !== "SUCCEEDED" && state(leg.status))),
    written(refund.reason),
    byWhom(refund.by),
    // "paid", of a refund, would be said of the wrong way.
    state(refund.status === "SUCCESS" ? "SUCCEEDED" : refund.status),
  ]);
  return h("section", {}, h("h2", {}, t("refunds")), table(t("refunds"), [t("created"), t("amount"), t("where_to"), t("reason"), t("who"), t("status")], rows));
}
