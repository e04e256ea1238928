// Where the browser goes next.
import { language } from "./i18n.js";

// Replaces this page, so that the back button leads to the shop and not into a step that is over.
export function goTo(address) {
  const target = new URL(address, location.href);
  if (target.protocol !== "https:" && target.protocol !== "http:") throw new Error("not a web address");
  const chosen = new URLSearchParams(location.search).has("lang");
  if (target.origin === location.origin && target.pathname.startsWith("/pay/") && chosen) {
    target.searchParams.set("lang", language());
  }
  location.replace(target);
}

export function query(name) {
  return new URLSearchParams(location.search).get(name) || "";
}

// The client secret. It stays in the fragment, which no server, log or referrer ever sees.
export function fragment() {
  return decodeURIComponent(location.hash.slice(1));
}

export function stepAddress(step, transactionId) {
  return `/pay/${step}/?transactionId=${encodeURIComponent(transactionId)}#${location.hash.slice(1)}`;
}
