// What went wrong, said where the merchant is looking: at the field it is about, else right above the button.
import { h, icon } from "../js/dom.js";
import { lookAt, setErrorText } from "../js/form.js";
import { t, tFirst } from "../js/i18n.js";
import { isTyping } from "../js/typed.js";

const CROSS = "M7 7l10 10M17 7L7 17";

export function notice(kind, ...content) {
  return h("div", { class: `notice ${kind}` }, kind === "bad" && icon(CROSS), h("p", {}, content));
}

// Something wrong that a view begins with, such as why the visit ended.
export function standing(text) {
  return text && h("div", { role: "alert" }, notice("bad", text));
}

// What stands in the place of a view that did not come; what was not answered can be asked for again.
export function troubleNotice(error, again) {
  const told = notice("bad", error.status === 404 ? t("not_there") : said(error));
  const other = again && error.isUnanswered && h("div", { class: "buttons" }, h("button", { type: "button", class: "second", onclick: again }, t("try_again")));
  return [told, other];
}

function said(error) {
  if (error.status === undefined) return error.message;
  if (error.isUnanswered) return t("no_answer");
  return tFirst([`told_${error.code}`, "refused"], { message: error.message });
}

// A refusal in the page's language, where it has words for its code or for what the field wants, with the gateway's own
// beside them: those have the number, or the ratio. Else the gateway's alone.
function refusal(error, input) {
  const about = error.status === 400 && tFirst([`code_${error.code}`, `wants_${input?.name}`, ""]);
  return about ? `${about} (${error.message})` : said(error);
}

export function quiet() {
  document.getElementById("trouble")?.remove();
}

// Says what became of pressing ``made``: each fault at the field that it is about, the others above the button.
// ``refused`` has texts by status, ``about`` fields by a fault's code.
export function complain(error, made, { refused = {}, about = {} } = {}) {
  quiet();
  const faults = !refused[error.status] && error.faults?.length > 0 ? error.faults : [error];
  const told = faults.map((each) => {
    const fault = each === error ? error : { ...each, status: error.status };
    const input = blamed(fault, made?.isConnected ? made.form : null, about);
    return { input, text: refused[error.status] || refusal(fault, input) };
  });
  const placed = told.filter(({ input }) => input);
  const others = told.filter(({ input }) => !input);
  for (const { input, text } of placed) setErrorText(input.id, text);
  if (others.length > 0) tell(others.map(({ text }) => text).join(" "), made);
  if (placed.length > 0) lookAt(placed[0].input);
}

// The field that a refusal is about: as whoever refused says, by its code, by its name, or the one that its message
// begins with.
function blamed(error, form, about) {
  const told = error.status === 400 ? [about[error.code], error.param, /^[\w-]+/.exec(error.message)?.[0]] : [];
  const inputs = [error.field, ...told].map((name) => name && form?.elements.namedItem(name));
  return inputs.find((input) => input?.id && document.getElementById(`${input.id}-error`)) || null;
}

// ``made`` may be gone, when somebody went elsewhere meanwhile: then it is told above whatever they do there, which goes on.
function tell(text, made) {
  const box = h("div", { id: "trouble", role: "alert", tabindex: "-1" }, notice("bad", text));
  const place = made?.isConnected ? made.closest(".buttons") || made : document.querySelector("main");
  place?.before(box);
  if (!made?.isConnected && isTyping()) return;
  box.focus({ preventScroll: true });
  box.scrollIntoView({ block: "nearest" });
}
