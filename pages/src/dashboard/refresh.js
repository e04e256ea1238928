// Lets a view ask to be read and drawn again, or say that the visit is over, without knowing who draws.
const redraw = { now: () => {}, over: () => {} };

export function onRefresh(draw) {
  redraw.now = draw;
}

export function refresh() {
  return redraw.now();
}

export function onOver(leave) {
  redraw.over = leave;
}

// Nobody is signed in any more: what was asked for last was not done.
export function visitOver() {
  return redraw.over();
}
