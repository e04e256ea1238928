// What the lists of the tabs share: their pages, and what they are narrowed to.
import { h } from "../js/dom.js";
import { t } from "../js/i18n.js";
import { choice } from "./parts.js";
import { addressOf, rename } from "./place.js";
import { fetched } from "./session.js";
import { complain, quiet } from "./trouble.js";

// Loads the pages of a list that are counted: their number is the cursor, and all are of the size of the first.
export function numbered(path) {
  let size = 0;
  return async (cursor, wanted) => {
    size ||= wanted;
    const { data, page_meta: { next } } = await fetched(paged(paged(path, size, "per_page"), cursor, "page"));
    return { rows: data, cursor: next ? String(next) : "" };
  };
}

export function paged(path, cursor, name) {
  const separator = path.includes("?") ? "&" : "?";
  return cursor ? `${path}${separator}${name}=${encodeURIComponent(cursor)}` : path;
}

// The list of ``tab``, that can be narrowed to one of ``states``, [value, text]s: ``load(state)`` answers with its
// elements, "" is all. Its address says to which.
export async function narrowed(tab, states, status, load) {
  const rows = h("div", {}, await load(status));
  const pick = choice("status", t("show_only"), [["", t("all")], ...states], status);
  const select = pick.querySelector("select");
  select.dataset.asks = "";
  select.addEventListener("change", async () => {
    const wanted = select.value;
    quiet();
    try {
      const found = await load(wanted);
      if (wanted !== select.value) return; // somebody chose again meanwhile
      rows.replaceChildren(found);
      if (rows.isConnected) rename(addressOf(tab, "", { status: wanted })); // else it is the address of another view
    } catch (error) {
      if (rows.isConnected) complain(error, pick);
    }
  });
  return [pick, rows];
}
