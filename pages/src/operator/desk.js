// What an operator does: makes merchants, finds them, suspends and resumes them, mails them the link to their keys.
import { h, show } from "../js/dom.js";
import { field, showErrors } from "../js/form.js";
import { read, request } from "../js/http.js";
import { language, t } from "../js/i18n.js";
import { languageSwitch } from "../js/language.js";
import { keepTyped } from "../js/typed.js";
import { zone } from "../dashboard/clocks.js";
import { button, copyable, listing, submitButton, sure, tellDone, when } from "../dashboard/parts.js";
import { notice } from "../dashboard/trouble.js";

const MERCHANTS = "/api/operator/merchants";
// The key is in this tab's memory alone, and a link that was just made until something else is asked for.
const visit = { key: "", sought: "", link: "", turns: 0 };

// What is typed while the list is awaited stays, but for what was ``sent``.
export async function startDesk(sent = null) {
  visit.turns += 1;
  const turn = visit.turns;
  document.title = t("desk_title");
  const [kind, content] = visit.key ? ["board", await desk()] : ["board entrance", entrance()];
  if (turn !== visit.turns) return; // asked for once more since
  const putBack = keepTyped(sent);
  show(h("div", { class: kind }, h("main", {}, content), h("footer", { class: "foot" }, visit.key && h("p", { class: "hint" }, t("times_by", { zone: zone() })), languageSwitch(startDesk))));
  putBack();
}

function entrance() {
  const form = h(
    "form",
    { novalidate: true, class: "panel signin" },
    h("h1", {}, t("desk_title")),
    h("p", {}, t("desk_text")),
    h("input", { class: "unseen", type: "text", name: "username", autocomplete: "username", value: "operator", tabindex: "-1", "aria-hidden": "true" }),
    field("key", { label: t("desk_key"), type: "password", autocomplete: "current-password", spellcheck: "false", placeholder: "op_…" }),
  );
  const open = async ({ refresh }) => {
    const key = form.elements.key.value.trim();
    if (!showErrors({ key: /^op_\w{8,}$/.test(key) ? "" : "desk_key_form" })) return;
    await read(`${MERCHANTS}?limit=1`, key);
    visit.key = key;
    await refresh();
  };
  form.append(submitButton(form, t("desk_open"), t("working"), open, { refused: { 401: t("desk_key_unknown") } }));
  return form;
}

async function desk() {
  const { link } = visit;
  return [
    h("h1", {}, t("desk_title")),
    link && notice("info", h("strong", {}, t("captured_link")), " ", copyable(link, t("captured_link"))),
    newMerchant(),
    finder(),
    await merchantList(),
  ];
}

function newMerchant() {
  const once = crypto.randomUUID();
  const form = h(
    "form",
    { novalidate: true, class: "panel" },
    h("h2", {}, t("new_merchant")),
    h("p", {}, t("new_merchant_text")),
    field("name", { label: t("name"), maxlength: 100, autocomplete: "off" }),
    field("email", { label: t("email"), type: "email", maxlength: 254, autocomplete: "off" }),
  );
  const create = async ({ refresh }) => {
    const [name, email] = [form.elements.name.value.trim(), form.elements.email.value.trim()];
    if (!showErrors({ name: name ? "" : "needed", email: email ? "" : "needed" })) return;
    const made = await request("POST", MERCHANTS, { name, email, language: language() }, visit.key, { "Idempotency-Key": once });
    await told(made, refresh);
  };
  form.append(submitButton(form, t("make_merchant"), t("working"), create, { refused: { 409: t("merchant_exists") } }));
  return form;
}

async function told(made, refresh) {
  visit.link = made.link || "";
  await refresh();
  tellDone(t("link_sent", { email: made.email }));
}

function finder() {
  const form = h("form", { novalidate: true, class: "filters", role: "search" }, field("q", { label: t("find"), type: "search", value: visit.sought, autocomplete: "off", maxlength: 100 }));
  const find = async ({ refresh }) => {
    Object.assign(visit, { sought: form.elements.q.value.trim(), link: "" });
    await refresh();
  };
  form.append(h("div", { class: "buttons" }, submitButton(form, t("search"), t("loading"), find)));
  return form;
}

function merchantList() {
  return listing({
    caption: t("merchants"),
    heads: [t("name"), t("number"), t("created"), t("status"), t("what")],
    load: async (after, size) => {
      const query = new URLSearchParams({ q: visit.sought, limit: size, ...(after && { after }) });
      const { merchants, hasMore } = await read(`${MERCHANTS}?${query}`, visit.key);
      return { rows: merchants, cursor: hasMore ? merchants.at(-1).merchantId : "" };
    },
    row: (merchant) => [
      [merchant.name, merchant.email && h("span", { class: "hint" }, " ", merchant.email)],
      h("code", {}, merchant.merchantId),
      when(merchant.createdAt),
      howItIs(merchant),
      h("div", { class: "buttons" }, suspension(merchant), invitation(merchant)),
    ],
    empty: t("no_merchants"),
  });
}

function howItIs(merchant) {
  if (merchant.suspendedAt) return h("span", { class: "state bad" }, t("is_suspended"));
  if (merchant.hasKeys) return h("span", { class: "state good" }, t("is_active"));
  return h("span", { class: "state open" }, t("is_invited"));
}

function act(merchant, action, body = {}) {
  return request("POST", `${MERCHANTS}/${encodeURIComponent(merchant.merchantId)}/${action}`, body, visit.key);
}

function suspension(merchant) {
  const action = merchant.suspendedAt ? "resume" : "suspend";
  return button(t(action), t("working"), async ({ refresh }) => {
    if (action === "suspend" && !(await sure(t("suspend_sure", { name: merchant.name }), t("suspend")))) return;
    await act(merchant, action);
    visit.link = "";
    await refresh();
  });
}

function invitation(merchant) {
  return button(t("invite"), t("working"), async ({ refresh }) => {
    if (merchant.hasKeys && !(await sure(t("invite_sure", { name: merchant.name }), t("invite")))) return;
    await told(await act(merchant, "invite", { language: language(), replaceKeys: merchant.hasKeys }), refresh);
  });
}
