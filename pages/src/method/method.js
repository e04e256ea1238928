// How a payment is made that is not by card alone: what can be chosen, what is still asked for, what to pay with, the end.
import { once } from "../js/dom.js";
import { mayBeShown, reportEnd } from "../js/frame.js";
import { lookAt, setErrorText } from "../js/form.js";
import { goTo, query } from "../js/going.js";
import { preferredLanguage, t, tFirst, useLanguage } from "../js/i18n.js";
import { pause, read, request } from "../js/http.js";
import { screen } from "../js/layout.js";
import { keepTyped } from "../js/typed.js";
import { explain, refusedFrame, showProblem } from "../js/problems.js";
import { chooserView, endView, leaveView, slipView } from "./method_views.js";

const LOOK = 2000;
const MISSING = { why: "missing" }; // as the API says it of a field

function methodApi(id) {
  const path = `/api/pay-direct/${encodeURIComponent(id)}`;
  return {
    read: () => read(`${path}/checkout`),
    choose: (wanted) => request("POST", `${path}/method`, wanted),
    start: () => request("POST", `${path}/start`, {}),
    cancel: () => request("POST", `${path}/cancel`, {}),
    act: (action) => request("POST", `/sandbox/methods/${encodeURIComponent(id)}`, { action }),
  };
}

export async function startMethod() {
  const id = query("id");
  if (!id) return showProblem("incomplete");
  const api = methodApi(id);
  const view = await api.read();
  await useLanguage(preferredLanguage(view.language));
  if (!(await mayBeShown(view.frameOrigins))) return refusedFrame();
  return new Visit(api).show(view);
}

// One customer at the page. Whoever only comes to look at an end that was there already is sent nowhere.
class Visit {
  constructor(api) {
    this.api = api;
    this.looking = 0;
    this.wanted = null; // a country or method that is still to be asked for
    this.act = once((work) => this.attempt(work));
  }

  show(view, message = "") {
    this.looking += 1;
    if (view.status === "created") return this.offer(view, message);
    if (view.status !== "pending") return screen(() => endView(view));
    screen(() => slipView(view, this.actions(), message));
    this.look(this.looking); // beside whatever the customer does meanwhile
    return undefined;
  }

  // What was typed while the answer was awaited stays.
  offer(view, message) {
    this.wanted = null;
    const putBack = keepTyped();
    screen(() => chooserView(view, this.actions(), message));
    putBack();
  }

  actions() {
    return {
      choose: (wanted) => this.choose(wanted),
      go: (filled) => this.act(() => this.begin(filled)),
      leave: (view) => this.leave(view),
      provider: (action) => this.act(async () => this.ended(await this.api.act(action))),
    };
  }

  // Whoever chooses again before the first is answered means both: the country, say, and then the method.
  choose(wanted) {
    this.wanted = { ...this.wanted, ...wanted };
    return this.act(async () => {
      let view = null;
      while (this.wanted) {
        const next = this.wanted;
        this.wanted = null;
        view = await this.api.choose(next);
      }
      this.show(view);
    });
  }

  async begin(filled) {
    const view = await this.api.choose(filled);
    if (view.missing.length > 0) return showFieldErrors(Object.fromEntries(view.missing.map((name) => [name, MISSING])));
    const begun = await this.api.start();
    return begun.nextUrl ? goTo(begun.nextUrl) : this.show(begun);
  }

  leave(view) {
    this.looking += 1;
    const cancel = () => this.act(async () => this.ended(await this.api.cancel()));
    screen(() => leaveView(view, cancel, () => this.show(view)));
  }

  // The end came while somebody was here: on to the shop.
  ended(view) {
    reportEnd(view.status === "completed" ? "completed" : "failed", { transactionId: query("id"), status: view.status });
    return goTo(view.nextUrl);
  }

  async look(turn) {
    while (turn === this.looking) {
      await pause(LOOK);
      const view = await this.api.read().catch(() => null);
      if (turn !== this.looking || !view || view.status === "pending") continue;
      return view.nextUrl ? this.ended(view) : this.show(view);
    }
    return null;
  }

  async attempt(work) {
    try {
      await work();
    } catch (error) {
      if (error.reasons) return showFieldErrors(error.reasons);
      if (error.status === 404) return explain(error);
      const view = await this.api.read();
      return this.show(view, error.isUnanswered ? t("no_answer") : tFirst([`refused_${error.code}`, "refused_now"]));
    }
    return null;
  }
}

function showFieldErrors(reasons) {
  const names = Object.keys(reasons);
  for (const name of names) setErrorText(name, t(`wrong_${reasons[name].why}`, reasons[name]));
  lookAt(document.getElementById(names[0]));
}
