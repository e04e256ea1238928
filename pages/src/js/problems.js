// What a page says when it cannot do its work.
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { outcome, screen } from "./layout.js";

// kind: incomplete, missing, closed, too_many_cards, offline or unexpected. Only some are worth another try.
export function showProblem(kind, payment = null, requestId = "") {
  const again = h("button", { type: "button", class: "main", onclick: () => location.reload() }, t("try_again"));
  screen(() =>
    outcome(
      "bad",
      payment,
      t(`problem_${kind}_title`),
      t(`problem_${kind}_text`),
      (kind === "offline" || kind === "unexpected") && again,
      requestId && h("p", { class: "hint centred" }, t("reference", { id: requestId })),
    ),
  );
}

export function explain(error, payment = null) {
  if (error.code === "merchant_suspended") return showProblem("closed", payment);
  if (error.status === 401 || error.status === 403 || error.status === 404) return showProblem("missing", payment);
  if (error.status === 0) return showProblem("offline", payment);
  return showProblem("unexpected", payment, error.requestId);
}

// Nothing to pay at this address: "nowhere" for a wrong one, "home" for the bare one.
export function showPlain(kind) {
  screen(() => outcome(kind === "home" ? "info" : "bad", null, t(`problem_${kind}_title`), t(`problem_${kind}_text`)));
}

export function refusedFrame() {
  screen(() => outcome("bad", null, t("problem_frame_title"), t("problem_frame_text")));
}
