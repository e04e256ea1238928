// The pieces that views are made of: tables, facts, states, forms that say what went wrong.
import { announce, busy, h, once } from "../js/dom.js";
import { setError } from "../js/form.js";
import { decimalsOf, t } from "../js/i18n.js";
import { moment } from "./clocks.js";
import { refresh, visitOver, whoeverStays } from "./refresh.js";
import { isSignedIn } from "./session.js";
import { complain, quiet } from "./trouble.js";

const PAGE = 20;
const LARGEST_PAGE = 100;
const FURTHER_LOOKS = 3;
const TOLD_FOR = 6000;
const GOOD = new Set(["SUCCESS", "PAID", "WON", "DELIVERED", "ENABLED", "SUCCEEDED", "SPENT"]);
const BAD = new Set([
  "FAILED", "CARD_PREAUTH_FAILED", "CARD_CAPTURE_FAILED", "VOUCHER_FAILED", "LOST", "EXPIRED", "EXHAUSTED", "DISABLED", "REFUSED", "UNKNOWN",
]);

export function state(status) {
  const kind = GOOD.has(status) ? "good" : BAD.has(status) ? "bad" : "open";
  return h("span", { class: `state ${kind}` }, spoken(status));
}

// CARD_PREAUTH_SUCCESS as people say it; a status without a text of its own loses its capitals.
export function spoken(status) {
  const key = `state_${status}`;
  const text = t(key);
  return text === key ? status.toLowerCase().replaceAll("_", " ") : text;
}

/** A card by what is printed on it; an account in place of one has only its kind. */
export function cardName({ brand, last4 }) {
  return last4 ? `${brand} •••• ${last4}` : brand;
}

export function when(iso) {
  if (!iso) return "–";
  const zoned = /Z$|[+-]\d\d:\d\d$/.test(iso) ? iso : `${iso}Z`;
  return h("time", { datetime: zoned }, moment(zoned));
}

// What somebody else wrote, in a cell: it may be one long word, which widens no table.
export function written(text) {
  return text ? h("span", { class: "written" }, text) : "–";
}

// Who did something: a person by their address, a key by the beginning of its fingerprint.
export function byWhom(who) {
  if (!who) return "–";
  const [kind, name] = who.split(" ", 2);
  if (kind === "person") return written(name);
  return kind === "key" ? t("by_key", { name }) : who;
}

// facts([["Amount", "€5"], …]); rows with nothing to say are left out.
export function facts(rows) {
  const told = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { class: "facts" }, told.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

// A table whose rows become cards on a phone; ``rows`` are arrays of cells, in the order of ``heads``.
export function table(caption, heads, rows) {
  return h(
    "table",
    {},
    h("caption", { class: "unseen" }, caption),
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, tableRows(heads, rows)),
  );
}

function tableRows(heads, rows) {
  return rows.map((cells) => h("tr", {}, cells.map((cell, n) => h("td", { "data-head": heads[n] }, cell))));
}

// A list that is read page by page: ``load(cursor, size)`` answers {rows, cursor}; ``row`` makes cells of one. As many
// rows as had been ``seen`` are read at once.
export async function listing({ caption, heads, load, row, empty, seen = 0 }) {
  let first = await load("", Math.min(Math.max(seen, PAGE), LARGEST_PAGE));
  // A search may have looked far and found nothing yet.
  for (let look = 0; look < FURTHER_LOOKS && first.rows.length === 0 && first.cursor; look += 1) first = await load(first.cursor, PAGE);
  if (first.rows.length === 0 && !first.cursor) return h("p", { class: "empty" }, empty);
  const list = table(caption, heads, first.rows.map(row));
  let next = first.cursor;
  const more = button(t("more"), t("loading"), async () => {
    const page = await load(next, PAGE);
    list.tBodies[0].append(...tableRows(heads, page.rows.map(row)));
    announce(t("loaded", { count: page.rows.length }));
    next = page.cursor;
    more.hidden = !next;
    count.textContent = howMany(list, next);
  });
  more.hidden = !next;
  const count = h("p", { class: "hint count" }, howMany(list, next));
  return h("div", { class: "listing" }, list, count, more);
}

// What a list has so far, and whether there is more of it.
function howMany(list, next) {
  return t(next ? "count_so_far" : "count_all", { count: list.tBodies[0].rows.length });
}

export function choice(name, label, options, chosen) {
  return h(
    "div",
    { class: "field" },
    h("label", { for: name }, label),
    h("select", { id: name, name, "aria-describedby": `${name}-error` }, options.map(([value, text]) => h("option", { value, selected: value === chosen }, text))),
    h("p", { id: `${name}-error`, class: "error" }),
  );
}

// ---- actions ----

// A button that says that it works, does it once at a time, and tells what went wrong right above it. ``act`` is given
// what leads on from here: { refresh, go }, which do nothing once somebody has gone elsewhere.
export function button(text, busyText, act, { kind = "second", ...blame } = {}) {
  const made = h("button", { type: "button", class: kind }, text);
  made.addEventListener("click", guarded(made, busyText, act, blame));
  return made;
}

// The button of a form, whose Enter key does the same. ``blame`` says where refusals belong: see ``complain``.
export function submitButton(form, text, busyText, act, blame) {
  const made = h("button", { type: "submit", class: "main" }, text);
  const run = guarded(made, busyText, act, blame);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  form.addEventListener("input", ({ target }) => {
    if (target.hasAttribute("aria-invalid")) setError(target.id, "");
  });
  return made;
}

function guarded(made, busyText, act, blame) {
  return once(async () => {
    const done = busy(made, busyText);
    const onwards = whoeverStays(made.form);
    quiet();
    try {
      await act(onwards);
    } catch (error) {
      if (error.status === 401 && isSignedIn()) return visitOver();
      complain(error, made, blame);
    } finally {
      done();
    }
  });
}

// Resolves to whether the merchant is sure.
export function sure(question, yes) {
  return new Promise((resolve) => {
    const answer = (value) => () => {
      box.close();
      box.remove();
      resolve(value);
    };
    const box = h(
      "dialog",
      { "aria-labelledby": "question" },
      h("p", { id: "question" }, question),
      h("button", { type: "button", class: "main", onclick: answer(true) }, yes),
      h("button", { type: "button", class: "quiet", onclick: answer(false) }, t("no")),
    );
    box.addEventListener("cancel", answer(false));
    document.body.append(box);
    box.showModal();
  });
}

// A question about what is not on the screen any more has no answer.
export function askNoMore() {
  for (const box of document.querySelectorAll("dialog[open]")) box.dispatchEvent(new Event("cancel"));
}

// Says what was done, to whoever looks and to whoever listens. It passes by itself: what counts stands in the view too.
export function tellDone(text) {
  announce(text);
  document.querySelector(".told")?.remove();
  const told = h("p", { class: "told", "aria-hidden": "true" }, text);
  document.body.append(told);
  setTimeout(() => told.remove(), TOLD_FOR);
}

// A value to take elsewhere: an address, a secret.
export function copyable(value, label) {
  const copy = button(t("copy"), t("copy"), async () => {
    await navigator.clipboard.writeText(value);
    tellDone(t("copied"));
  });
  copy.setAttribute("aria-label", `${t("copy")}: ${label}`);
  return h("span", { class: "copyable" }, h("code", {}, value), copy);
}

// A way to read what is on the screen once more.
export function refreshButton() {
  return button(t("refresh"), t("loading"), () => refresh(), { kind: "second again" });
}

// What somebody typed as an amount, as a number the gateway takes; 0 when it is none. Of a currency that is not known
// here the gateway says what is too many.
export function typedAmount(text, currency = "") {
  const [, whole, , typed = ""] = /^(\d{1,9})([.,](\d{1,4}))?$/.exec(text.trim()) || [];
  const most = /^[A-Z]{3}$/.test(currency) ? decimalsOf(currency) : 4;
  return whole && typed.length <= most ? Number(`${whole}.${typed || 0}`) : 0;
}

// An amount as the same field takes it, with the decimals of its currency: 30.00, and 30 of yen.
export function amountText(amount, currency) {
  return amount.toFixed(decimalsOf(currency));
}
