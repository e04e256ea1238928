// Words, amounts and dates in the customer's language.

const FALLBACK = "en";
const NAMES = { de: "Deutsch", en: "English", es: "Español", fr: "Français", it: "Italiano", pt: "Português" };
const addresses = new Map(
  (document.documentElement.dataset.catalogs || "").split(",").map((entry) => entry.split("=")),
);
// The currencies that have another number of decimals than two, by that number, as the gateway counts: "0:JPY CLP;3:KWD".
const decimals = new Map(
  (document.documentElement.dataset.decimals || "").split(";").flatMap((row) => {
    const [number, codes = ""] = row.split(":");
    return codes.split(" ").map((code) => [code, Number(number)]);
  }),
);
const loaded = new Map();
const words = { language: FALLBACK, wanted: FALLBACK, catalog: {} };

// What the address asks for, else the payment's language, else the browser's, else English.
export function preferredLanguage(ofPayment) {
  const asked = new URLSearchParams(location.search).get("lang");
  const wanted = [asked, ofPayment, ...navigator.languages];
  return wanted.map((tag) => String(tag || "").slice(0, 2).toLowerCase()).find((tag) => addresses.has(tag)) || FALLBACK;
}

// Whichever was asked for last, in whatever order the texts come.
export async function useLanguage(language) {
  words.wanted = language;
  if (!loaded.has(language)) {
    const reply = await fetch(addresses.get(language));
    if (!reply.ok) throw new Error("the texts of this page did not load");
    loaded.set(language, await reply.json());
  }
  if (words.wanted !== language) return;
  words.language = language;
  words.catalog = loaded.get(language);
  document.documentElement.lang = language;
}

// Regions write amounts and times in their own way: en-GB says 18:04 where en-US says 6:04 PM.
export function locale() {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(words.language)) || words.language;
}

export function language() {
  return words.language;
}

export function languages() {
  return [...addresses.keys()].map((code) => ({ code, name: NAMES[code] || code }));
}

// t("pay", { amount }): the text of a key with its {marks} filled in.
export function t(key, values = {}) {
  const text = words.catalog[key];
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (mark, name) => (name in values ? String(values[name]) : mark));
}

// The first of these keys that has a text.
export function tFirst(keys, values) {
  const found = keys.find((key) => key in words.catalog);
  return t(found || keys[keys.length - 1], values);
}

// A browser by itself leaves out what is seldom paid in coins, and shows 50.50 forints as 51.
export function decimalsOf(currency) {
  return decimals.get(currency) ?? 2;
}

export function money(amount, currency) {
  const digits = decimalsOf(currency);
  try {
    return new Intl.NumberFormat(locale(), { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(amount);
  } catch {
    return `${amount} ${currency}`;
  }
}

// The same of an amount in minor units, whose number is the currency's own: 1050 is 10.50 euro and 1050 yen.
export function minorMoney(minor, currency) {
  return money(minor / 10 ** decimalsOf(currency), currency);
}

export function time(iso) {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(new Date(iso));
}

// A day as a calendar has it, wherever it is read: "2026-11-22".
export function day(iso) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
}

export function percent(share) {
  return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 1 }).format(share);
}

export function dateTime(iso) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeStyle: "short" }).format(new Date(iso));
}
