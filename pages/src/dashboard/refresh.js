// Lets a view ask to be read and drawn again, or say that the visit is over, without knowing who draws.
import { go } from "./place.js";

const redraw = { now: () => {}, anew: () => {}, over: () => {} };
// How often somebody went elsewhere: what was asked for before that has nothing to draw any more.
const presence = { turns: 0 };

// ``now`` leaves what is on the screen there until the new view comes, and what was typed meanwhile; ``anew`` begins with nothing.
export function onRefresh(now, anew = now) {
  Object.assign(redraw, { now, anew });
}

// What of the form ``sent`` was typed is not put back: the gateway has it.
export function refresh(sent = null) {
  return redraw.now(sent);
}

export function beginAnew() {
  return redraw.anew();
}

export function onOver(leave) {
  redraw.over = leave;
}

// Nobody is signed in any more: what was asked for last was not done.
export function visitOver() {
  return redraw.over();
}

export function moveOn() {
  presence.turns += 1;
}

export function turns() {
  return presence.turns;
}

// Whoever pressed a button of ``form`` and is still there sees what came of it; who went elsewhere is not called back.
export function whoeverStays(form) {
  const begun = presence.turns;
  const isHere = () => begun === presence.turns;
  return { refresh: async () => isHere() && refresh(form), go: (address) => isHere() && go(address) };
}
