// Whose clocks moments are told by: the shop's, as its days, statements and receipts are, wherever it is read.
import { locale } from "../js/i18n.js";

const clocks = { zone: "" };

// ``zone`` is a name such as Europe/Rome; one that this browser does not know leaves its own.
export function useZone(zone) {
  try {
    clocks.zone = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone && zone;
  } catch {
    clocks.zone = "";
  }
}

export function zone() {
  return clocks.zone || new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function moment(iso) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short", timeZone: zone() }).format(new Date(iso));
}

// The day there, such as 2026-11-22.
export function today() {
  const { year, month, day } = Object.fromEntries(
    new Intl.DateTimeFormat("en", { timeZone: zone(), calendar: "gregory", numberingSystem: "latn", year: "numeric", month: "2-digit", day: "2-digit" })
      .formatToParts(new Date())
      .map(({ type, value }) => [type, value]),
  );
  return `${year}-${month}-${day}`;
}
