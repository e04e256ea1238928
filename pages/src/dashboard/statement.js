// A month on one page, to be printed or saved: what its sheet says, and nothing that is not in it.
import { h } from "../js/dom.js";
import { day, language, money, t } from "../js/i18n.js";
import { today } from "./clocks.js";
import { button, table } from "./parts.js";
import { saveSheet } from "./payments.js";
import { addressOf, go } from "./place.js";
import { isLive, sheetPart } from "./session.js";
import { rowsOf } from "./sheet.js";

// What banks took, by the column of the sheet that has it.
const TAKEN = [[7, "sent_back"], [8, "lost_disputes"]];

export async function statementView(asked) {
  const month = /^20\d\d-\d\d$/.test(asked.get("month") || "") ? asked.get("month") : today().slice(0, 7);
  const { text } = await sheetPart(`/api/merchant/statement?month=${month}`);
  const [, ...rows] = rowsOf(text);
  const whole = rows.filter(([when]) => when === month);
  const days = rows.filter(([when]) => when !== month);
  // Seldom does a bank take anything back: without, there is no column of nothing.
  const taken = TAKEN.filter(([column]) => rows.some((row) => Number(row[column] || 0) !== 0));
  const shown = (row) => cells(row, taken);
  return [
    h("h1", {}, t("statement_of", { month: monthName(month) })),
    h("p", {}, t("statement_text")),
    chooser(month, text),
    rows.length === 0 && h("p", { class: "empty" }, t("statement_empty")),
    whole.length > 0 && part(t("statement_month"), t("tender"), taken, [...whole.map((row) => shown(row).slice(1)), ...totals(whole, taken)]),
    days.length > 0 && part(t("statement_days"), t("day"), taken, days.map(shown)),
  ];
}

function part(heading, first, taken, rows) {
  const heads = [t("tender"), t("paid_in"), t("refunded"), ...taken.map(([, name]) => t(name)), t("net")];
  return h("section", {}, h("h2", {}, heading), table(heading, first === t("day") ? [first, ...heads] : heads, rows));
}

function cells(row, taken) {
  const [when, currency, tender, issuer, paid, refunded, net] = row;
  const sum = (text) => money(Number(text), currency);
  const named = t(`tender_${tender}`) + (issuer && ` (${issuer})`);
  return [when.length === 10 ? day(when) : when, named, sum(paid), sum(refunded), ...taken.map(([column]) => sum(row[column])), sum(net)];
}

// What all tenders of a currency come to, where there is more than one; added up as whole numbers of its smallest unit.
function totals(rows, taken) {
  return [...new Set(rows.map(([, currency]) => currency))].flatMap((currency) => {
    const own = rows.filter((row) => row[1] === currency);
    if (own.length < 2) return [];
    const decimals = (own[0][4].split(".")[1] || "").length;
    const sum = (column) => own.reduce((most, row) => most + Number(row[column].replace(".", "")), 0) / 10 ** decimals;
    return [[h("strong", {}, t("all_tenders")), ...[4, 5, ...taken.map(([column]) => column), 6].map((column) => h("strong", {}, money(sum(column), currency)))]];
  });
}

function monthName(month) {
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString(language(), { month: "long", year: "numeric", timeZone: "UTC" });
}

function chooser(month, text) {
  const input = h("input", { id: "month", name: "month", type: "month", value: month, min: "2020-01" });
  input.addEventListener("change", () => input.value && input.checkValidity() && go(addressOf("statement", "", { month: input.value })));
  return h(
    "div",
    { class: "row unprinted" },
    h("div", { class: "field" }, h("label", { for: "month" }, t("month")), input),
    h(
      "div",
      { class: "buttons" },
      button(t("print"), t("working"), async () => window.print()),
      button(t("export_csv"), t("exporting"), async () => saveSheet([text], `statement-${isLive() ? "live" : "test"}-${month}.csv`)),
    ),
  );
}
