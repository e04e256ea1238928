// Lets a view ask to be read and drawn again, without knowing who draws.
const redraw = { now: () => {} };

export function onRefresh(draw) {
  redraw.now = draw;
}

export function refresh() {
  return redraw.now();
}
