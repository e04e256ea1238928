// API keys of the environment: the publishable one, the masked secret one, and a new one in the place of either.
import { h } from "../js/dom.js";
import { t } from "../js/i18n.js";
import { shownOnce } from "./fresh.js";
import { button, choice, copyable, sure, table, when } from "./parts.js";
import { may } from "./rights.js";
import { fetched, sent, useKey } from "./session.js";
import { notice } from "./trouble.js";

const ROTATE = "/api/v1/api-keys/rotate";
const HOUR = 3600;
const OVERLAPS = [0, 1, 24, 7 * 24];
const freshKey = shownOnce();

export async function keysView() {
  const { data } = await fetched("/api/v1/api-keys");
  const made = freshKey.seen();
  return [
    h("h1", {}, t("tab_keys")),
    h("p", {}, t("keys_text")),
    made && notice("info", h("strong", {}, t("key_once")), " ", copyable(made.key, t(`key_${made.type}`))),
    table(t("tab_keys"), [t("kind"), t("key"), t("created"), t("last_used"), t("valid_until")], data.map(keyRow)),
    may("POST", ROTATE) && rotation(),
  ];
}

function keyRow(key) {
  return [
    t(`key_${key.type}`),
    key.type === "publishable" && !key.key.includes("...") ? copyable(key.key, t("key_publishable")) : h("code", {}, key.key),
    key.created_at ? when(key.created_at) : "–",
    key.last_used_at ? when(key.last_used_at) : t("never_used"),
    key.expires_at ? when(key.expires_at) : t("until_replaced"),
  ];
}

function rotation() {
  const kind = choice("type", t("kind"), ["secret", "publishable"].map((type) => [type, t(`key_${type}`)]), "secret");
  const overlap = choice("overlap", t("overlap"), OVERLAPS.map((hours) => [hours, t(`overlap_${hours}`)]), 24);
  const rotate = button(t("rotate_key"), t("working"), async ({ refresh }) => {
    const type = kind.querySelector("select").value;
    const hours = Number(overlap.querySelector("select").value);
    if (!(await sure(hours ? t("rotate_key_sure") : t("rotate_key_now_sure"), t("rotate_key")))) return;
    const made = await sent("POST", ROTATE, { type, expire_after_in_seconds: hours * HOUR });
    if (type === "secret") useKey(made.key);
    freshKey.keep({ key: made.key, type });
    await refresh();
  });
  return h("section", { class: "panel" }, h("h2", {}, t("rotate_key")), h("p", {}, t("rotate_key_text")), kind, overlap, h("div", { class: "buttons" }, rotate));
}
