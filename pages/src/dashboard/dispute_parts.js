// How a dispute is told in a line, wherever it is named.
import { h } from "../js/dom.js";
import { money, t } from "../js/i18n.js";
import { spoken, state, when } from "./parts.js";

export const DISPUTE_HEADS = ["answer_until", "what", "amount", "status"];

export function disputeRow(dispute) {
  return [
    [when(dispute.responseDeadline), dispute.isUrgent && h("span", { class: "state bad" }, t("urgent", { days: dispute.daysUntilDeadline }))],
    h("a", { href: `#/disputes/${encodeURIComponent(dispute.disputeId)}` }, spoken(dispute.reasonCode)),
    money(dispute.amountDisputed, dispute.currency),
    disputeState(dispute.status, dispute.statusBy),
  ];
}

// Under review by the merchant's own word means answered: nobody has said that the bank knows of it.
export function disputeState(status, by) {
  return isOwnWord(status, by) ? h("span", { class: "state open" }, t("answered")) : state(status);
}

export function isOwnWord(status, by) {
  return status === "UNDER_REVIEW" && by === "MERCHANT";
}
