// Whether whoever runs the gateway has suspended the shop, by the last answer that said it: told above every view.
import { h } from "../js/dom.js";
import { t } from "../js/i18n.js";
import { moment } from "./clocks.js";
import { notice } from "./trouble.js";

const shop = { suspendedAt: null };

// ``at`` is null for a shop that works.
export function useSuspension(at) {
  shop.suspendedAt = at || null;
}

export function suspendedNotice() {
  const told = shop.suspendedAt && notice("bad", h("strong", {}, t("suspended_since", { time: moment(shop.suspendedAt) })), " ", t("suspended_text"));
  return h("aside", { class: "suspension unprinted", hidden: !told }, told);
}
