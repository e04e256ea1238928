// Disputes: what is at stake, which answer is due, and the answer with its files.
import { h } from "../js/dom.js";
import { showErrors } from "../js/form.js";
import { money, t } from "../js/i18n.js";
import { DISPUTE_HEADS, disputeRow, disputeState, isOwnWord } from "./dispute_parts.js";
import { narrowed, paged } from "./lists.js";
import { button, facts, listing, refreshButton, submitButton, sure, table, when, spoken } from "./parts.js";
import { may } from "./rights.js";
import { fetched, isLive, sent } from "./session.js";
import { notice } from "./trouble.js";
import { why } from "./words.js";

const DISPUTE_STATES = ["OPEN", "EVIDENCE_REQUIRED", "UNDER_REVIEW", "WON", "LOST", "CANCELLED", "EXPIRED"];
const AWAITED = new Set(["OPEN", "EVIDENCE_REQUIRED"]);
const FILE_RULES = ["file_type", "file_size"];
// What goes to the bank by an API is sent as it is: text files are not among what those take.
const SENT_BY_API = new Set(["STRIPE", "PAYPAL"]);
const FILE_TYPES = "application/pdf,image/jpeg,image/png";
const VERDICTS = ["EVIDENCE_REQUIRED", "WON", "LOST"];

export async function disputesView(asked, seen) {
  const states = DISPUTE_STATES.map((name) => [name, name === "UNDER_REVIEW" ? t("under_review") : spoken(name)]);
  const rows = narrowed("disputes", states, asked.get("status") || "", (status) => disputeList(status, seen));
  const [stats, list] = await Promise.all([fetched("/api/merchant/disputes/stats"), rows]);
  return [h("h1", {}, t("tab_disputes")), figures(stats), h("div", { class: "buttons" }, refreshButton()), list];
}

function disputeList(status, seen) {
  return listing({
    caption: t("tab_disputes"),
    heads: DISPUTE_HEADS.map((head) => t(head)),
    load: async (cursor, size) => {
      const page = await fetched(paged(`/api/merchant/disputes?size=${size}${status && `&status=${status}`}`, cursor, "cursor"));
      return { rows: page.disputes, cursor: page.nextCursor };
    },
    row: disputeRow,
    empty: t("no_disputes"),
    seen,
  });
}

function figures(stats) {
  const sums = (name) => (stats.amounts.length ? stats.amounts : [stats]).map((each) => money(each[name], each.currency));
  const told = [
    ["to_answer", stats.open], ["under_review", stats.underReview], ["won", stats.won], ["lost", stats.lost],
    ["at_risk", ...sums("totalAtRisk")], ["lost_amount", ...sums("totalLost")],
  ];
  return h("dl", { class: "figures" }, told.map(([name, ...figures]) => h("div", {}, h("dt", {}, t(name)), figures.map((figure) => h("dd", {}, String(figure))))));
}

export async function disputeView(id) {
  const dispute = await fetched(disputePath({ disputeId: id }));
  return [
    h("p", { class: "trail" }, h("a", { href: "#/disputes" }, t("tab_disputes"))),
    h("h1", {}, spoken(dispute.reasonCode)),
    disputeFacts(dispute),
    isOwnWord(dispute.status, dispute.statusBy) && notice("info", t("answer_kept")),
    dispute.responses.at(-1)?.delivery === "REFUSED" && notice("bad", t("answer_refused")),
    AWAITED.has(dispute.status) && may("POST", `${disputePath(dispute)}/respond`) && answerForm(dispute),
    dispute.pspSource === "SANDBOX" && !isLive() && may("POST", advancePath(dispute)) && bank(dispute),
    dispute.responses.length > 0 && answers(dispute),
    h("section", {}, h("h2", {}, t("history")), table(t("history"), [t("begun"), t("status"), t("who")], dispute.history.map((turn) => [when(turn.at), disputeState(turn.status, turn.by), spoken(turn.by)]))),
  ];
}

function disputePath({ disputeId }) {
  return `/api/merchant/disputes/${encodeURIComponent(disputeId)}`;
}

function advancePath({ disputeId }) {
  return `/api/sandbox/disputes/${encodeURIComponent(disputeId)}/advance`;
}

function disputeFacts(dispute) {
  const days = AWAITED.has(dispute.status) ? t("days_left", { days: dispute.daysUntilDeadline }) : null;
  return facts([
    [t("status"), disputeState(dispute.status, dispute.statusBy)],
    [t("amount"), money(dispute.amountDisputed, dispute.currency)],
    [t("answer_until"), [when(dispute.responseDeadline), days && h("span", { class: `state ${dispute.isUrgent ? "bad" : "open"}` }, days)]],
    [t("payment"), h("a", { href: `#/payments/${encodeURIComponent(dispute.originalTransactionId)}` }, dispute.originalTransactionId)],
    [t("told_by"), `${dispute.pspSource}, ${dispute.pspDisputeId}`],
    [t("begun"), when(dispute.createdAt)],
  ]);
}

function answers(dispute) {
  const names = new Map(dispute.evidence.map((file) => [file.evidenceId, file.fileName]));
  return h(
    "section",
    {},
    h("h2", {}, t("your_answers")),
    dispute.responses.map((answer) =>
      h("blockquote", {}, h("p", {}, answer.accepted && h("strong", {}, t("given_up")), answer.accepted && answer.response && ": ", answer.response), h("p", {}, delivery(answer)), h("p", { class: "hint" }, when(answer.submittedAt), answer.evidence.length > 0 && ` · ${answer.evidence.map((file) => names.get(file) || file).join(", ")}`)),
    ),
  );
}

// Whether the bank has it, and why it does not take it.
function delivery(answer) {
  const kind = { SENT: "good", REFUSED: "bad" }[answer.delivery] || "open";
  const told = h("span", { class: `state ${kind}` }, t(`delivery_${answer.delivery}`));
  return [told, answer.refusal && [" ", why(answer.refusal)]];
}

// ---- the answer ----

function answerForm(dispute) {
  const path = disputePath(dispute);
  const once = crypto.randomUUID();
  const uploaded = new Map();
  const form = h(
    "form",
    { novalidate: true, class: "panel" },
    h("h2", {}, t("answer_title")),
    h("p", {}, t("answer_text")),
    dispute.pspSource === "STRIPE" && h("p", { class: "hint" }, t("one_file")),
    h("div", { class: "field" }, h("label", { for: "response" }, t("response")), h("textarea", { id: "response", name: "response", rows: "6", maxlength: "10000", "aria-describedby": "response-error" }), h("p", { id: "response-error", class: "error" })),
    h("div", { class: "field" }, h("label", { for: "files" }, t("files")), h("input", { id: "files", name: "files", type: "file", multiple: true, accept: SENT_BY_API.has(dispute.pspSource) ? FILE_TYPES : `${FILE_TYPES},text/plain`, "aria-describedby": "files-hint files-error" }), h("p", { id: "files-hint", class: "hint" }, t("files_hint")), h("p", { id: "files-error", class: "error" })),
  );
  const answer = async ({ refresh }) => {
    if (!showErrors({ response: form.response.value.trim() ? "" : "needed" })) return;
    // A file that is up already is not sent again when something after it failed.
    for (const file of form.files.files) {
      if (!uploaded.has(file)) uploaded.set(file, await upload(path, file));
    }
    await sent("POST", `${path}/respond`, { response: form.response.value, evidence: [...form.files.files].map((file) => uploaded.get(file)) }, once);
    await refresh();
  };
  form.append(submitButton(form, t("send_answer"), t("working"), answer, { about: { too_many_files: "files", evidence_not_uploaded: "files", evidence_purpose: "files", response_too_long: "response" } }));
  form.append(giveUp(path, once));
  return form;
}

// Asked first: what is given up is not asked for again.
function giveUp(path, once) {
  return button(t("give_up"), t("working"), async ({ refresh }) => {
    if (!(await sure(t("give_up_sure"), t("give_up")))) return;
    await sent("POST", `${path}/respond`, { accept: true }, `${once}-accept`);
    await refresh();
  });
}

// Announces one file, sends it straight to its bucket, and answers with its id.
async function upload(path, file) {
  const place = await sent("POST", `${path}/evidence`, { fileName: file.name, contentType: file.type || "unknown", size: file.size }).catch((error) => {
    throw FILE_RULES.includes(error.code) ? aboutFiles("file_refused", file) : error;
  });
  const body = new FormData();
  for (const [name, value] of Object.entries(place.upload.fields)) body.append(name, value);
  body.append("file", file);
  const reply = await fetch(place.upload.url, { method: "POST", body, credentials: "omit" }).catch(() => null);
  if (!reply?.ok) throw aboutFiles("upload_failed", file);
  return place.evidenceId;
}

function aboutFiles(key, file) {
  return Object.assign(new Error(t(key, { name: file.name })), { field: "files" });
}

// In the sandbox the merchant is the bank as well.
function bank(dispute) {
  if (!AWAITED.has(dispute.status) && dispute.status !== "UNDER_REVIEW") return null;
  const decide = (to) =>
    button(spoken(to), t("working"), async ({ refresh }) => {
      await sent("POST", advancePath(dispute), { to });
      await refresh();
    });
  return h("section", { class: "panel" }, h("h2", {}, t("bank_title")), h("p", {}, t("bank_text")), h("div", { class: "buttons" }, VERDICTS.map(decide)));
}
