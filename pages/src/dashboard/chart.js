// A small chart of bars, drawn from data: no library, and nothing that calls home.
import { h } from "../js/dom.js";

const WIDTH = 600;
const HEIGHT = 120;
const GAP = 4;

// bars([{value, tip}], label): the tallest fills the height; what is nothing keeps a trace of a bar.
export function bars(values, label) {
  const most = Math.max(...values.map(({ value }) => value), 1);
  const step = WIDTH / values.length;
  const bar = ({ value }, n) => {
    const height = value > 0 ? Math.max((value / most) * HEIGHT, 3) : 1;
    return h("rect", { x: n * step + GAP / 2, y: HEIGHT - height, width: step - GAP, height, rx: 2, class: value > 0 ? "bar" : "bar none" });
  };
  return h("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": label, class: "chart" }, values.map(bar));
}
