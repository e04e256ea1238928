// The documentation: search, buttons that copy samples, and a menu that is open where there is room. Without it all can be read.
import { searching } from "./search.js";

const wide = matchMedia("(min-width: 60rem)");
const menu = document.querySelector(".menu details");
function room() { menu.open = wide.matches; }
wide.addEventListener("change", room);
room();

const live = document.getElementById("live");
function copying(sample) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(sample.textContent);
    button.textContent = live.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; live.textContent = ""; }, 2000);
  });
  const around = document.createElement("div");
  around.className = "sample";
  sample.replaceWith(around);
  around.append(sample, button);
}
document.querySelectorAll("pre").forEach(copying);

searching(document.querySelector("search"), live);
