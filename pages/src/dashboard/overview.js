// The first page: what came in today, in a week and in a month, and what waits for somebody.
import { h } from "../js/dom.js";
import { day, money, percent, t } from "../js/i18n.js";
import { bars } from "./chart.js";
import { moment, useZone } from "./clocks.js";
import { DISPUTE_HEADS, disputeRow } from "./dispute_parts.js";
import { hookState } from "./delivery_parts.js";
import { refreshButton, table, when } from "./parts.js";
import { addressOf } from "./place.js";
import { fetched } from "./session.js";
import { useSuspension } from "./suspended.js";

const SPANS = [["today", 1], ["week", 7], ["month", 30]];
const AWAITING = ["OPEN", "EVIDENCE_REQUIRED"];
const DECLINED_STATES = "FAILED,CARD_CAPTURE_FAILED";
const PAID_STATES = "SUCCESS,PARTIALLY_REFUNDED,REFUNDED";

export async function overviewView() {
  const awaited = AWAITING.map((status) => fetched(`/api/merchant/disputes?status=${status}&size=5`));
  const [figures, { webhooks }, ...disputes] = await Promise.all([fetched("/api/merchant/overview"), fetched("/api/merchant/webhooks"), ...awaited]);
  useZone(figures.timeZone);
  useSuspension(figures.suspendedAt);
  const failing = webhooks.filter((hook) => hook.failingSince || hook.status === "DISABLED");
  const due = disputes.flatMap((page) => page.disputes).sort((one, other) => (one.responseDeadline < other.responseDeadline ? -1 : 1));
  return [
    h("h1", {}, t("tab_overview")),
    h("div", { class: "buttons" }, refreshButton(), h("span", { class: "hint" }, t("as_of", { time: moment(figures.asOf), zone: figures.timeZone })), h("a", { href: "#/statement" }, t("tab_statement"))),
    due.length > 0 && section("disputes_due", table(t("disputes_due"), DISPUTE_HEADS.map((head) => t(head)), due.map(disputeRow))),
    failing.length > 0 && section("webhooks_failing", failingTable(failing)),
    figures.currencies.length > 0 ? figures.currencies.map(inCurrency) : h("p", { class: "empty" }, t("nothing_yet")),
  ];
}

function section(title, ...content) {
  return h("section", {}, h("h2", {}, t(title)), content);
}

function failingTable(hooks) {
  const rows = hooks.map((hook) => [h("a", { href: addressOf("webhooks", hook.id) }, hook.url), hook.failingSince ? when(hook.failingSince) : "–", hookState(hook)]);
  return table(t("webhooks_failing"), [t("address"), t("failing_since"), t("status")], rows);
}

// ---- money ----

function inCurrency(figures) {
  const label = t("chart_label", { currency: figures.currency, amount: money(figures.month.gross, figures.currency) });
  return h(
    "section",
    { class: "business" },
    h("h2", {}, figures.currency),
    h("div", { class: "spans" }, SPANS.map(([name, days]) => span(name, figures, dayBefore(figures, days)))),
    bars(figures.days.map((each) => ({ value: each.gross })), label),
    h("p", { class: "ends" }, h("span", {}, day(figures.days[0].day)), h("span", {}, day(figures.days.at(-1).day))),
    byDay(figures),
  );
}

function dayBefore({ days }, back) {
  return days.at(-back).day;
}

function span(name, figures, from) {
  const sums = figures[name];
  const sum = (amount) => money(amount, figures.currency);
  const list = (text, asked) => h("a", { href: addressOf("payments", "", { from, ...asked }) }, text);
  const rows = [
    [t("vouchers"), h("a", { href: addressOf("statement") }, sum(sums.vouchers))],
    [t("refunded"), list(sum(sums.refunded), { status: "PARTIALLY_REFUNDED,REFUNDED" })],
    ...(sums.returned ? [[t("sent_back"), h("a", { href: addressOf("statement") }, sum(sums.returned))]] : []),
    ...(sums.lost ? [[t("lost_disputes"), h("a", { href: addressOf("statement") }, sum(sums.lost))]] : []),
    [t("paid_count"), list(String(sums.paid), { status: PAID_STATES })],
    [t("declined_count"), list(String(sums.declined), { status: DECLINED_STATES })],
    [t("success_rate"), sums.successRate === null ? "–" : list(percent(sums.successRate), { status: `${PAID_STATES},${DECLINED_STATES}` })],
  ];
  return h(
    "div",
    { class: "span" },
    h("h3", {}, t(`span_${name}`)),
    h("p", { class: "gross" }, list(sum(sums.gross), { status: PAID_STATES })),
    h("dl", {}, rows.map(([title, value]) => h("div", {}, h("dt", {}, title), h("dd", {}, value)))),
  );
}

function byDay(figures) {
  const sum = (amount) => money(amount, figures.currency);
  const busy = figures.days.filter((each) => each.paid || each.refunds || each.declined || each.givenUp).reverse();
  const rows = busy.map((each) => [
    h("a", { href: addressOf("payments", "", { from: each.day, to: each.day }) }, day(each.day)),
    sum(each.gross),
    sum(each.vouchers),
    sum(each.refunded),
    String(each.paid),
    String(each.declined),
  ]);
  const heads = [t("day"), t("gross"), t("vouchers"), t("refunded"), t("paid_count"), t("declined_count")];
  return h("details", {}, h("summary", {}, t("by_day")), table(`${t("by_day")} ${figures.currency}`, heads, rows));
}
