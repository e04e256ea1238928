// Why something was refused, told to a merchant.
import { h } from "../js/dom.js";
import { tFirst } from "../js/i18n.js";

// Our word of it in the language of the page, "" where the code is none of ours. ``kind`` is what begins words that
// mean something else there.
export function ourWord(code, kind = "") {
  const own = `why_${kind}${String(code).replace(/^voucher_/, "")}`;
  return tFirst([...(kind ? [own] : []), `why_${code}`, ""]);
}

// The same, else what whoever refused said, in its own words and its own language.
export function why({ code, message }, kind) {
  return ourWord(code, kind) || (message ? h("q", {}, message) : code);
}
