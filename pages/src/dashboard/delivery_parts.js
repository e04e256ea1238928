// How a delivery is told in a line, wherever it is named: what was sent, every attempt, and once more.
import { h } from "../js/dom.js";
import { t } from "../js/i18n.js";
import { button, state, tellDone, when } from "./parts.js";
import { may } from "./rights.js";
import { sent } from "./session.js";

// An endpoint that is on and does not answer is no good news.
export function hookState(hook) {
  const fails = hook.status === "ENABLED" && hook.failingSince;
  return fails ? h("span", { class: "state bad" }, t("hook_fails")) : state(hook.status);
}

export function deliveryHeads() {
  return [t("created"), t("event"), t("status"), t("attempts"), ...(may("POST", replayPath("any")) ? [t("replay")] : [])];
}

export function deliveryRow(delivery) {
  return [when(delivery.createdAt), h("code", {}, delivery.eventType), [state(delivery.status), delivery.nextAttemptAt && h("span", { class: "hint" }, t("next_at"), " ", when(delivery.nextAttemptAt))], attempts(delivery), ...(may("POST", replayPath(delivery.id)) ? [again(delivery)] : [])];
}

function replayPath(id) {
  return `/api/merchant/deliveries/${encodeURIComponent(id)}/replay`;
}

function attempts(delivery) {
  if (delivery.attempts.length === 0) return "–";
  const lines = delivery.attempts.map((attempt) => h("li", {}, when(attempt.at), `: ${attempt.statusCode ?? attempt.error}, ${attempt.durationMs} ms`, attempt.responseExcerpt && h("code", {}, attempt.responseExcerpt)));
  return h("details", {}, h("summary", {}, t("attempts_count", { count: delivery.attempts.length })), h("ol", {}, lines));
}

function again(delivery) {
  const made = button(t("replay"), t("working"), async ({ refresh }) => {
    await sent("POST", replayPath(delivery.id), {});
    await refresh();
    tellDone(t("replayed"));
  });
  made.setAttribute("aria-label", `${t("replay")}: ${delivery.eventType}`);
  return made;
}
