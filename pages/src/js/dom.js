// Builds elements without markup strings: nothing here can turn data into code.

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "path", "circle", "rect"]);

// h("button", { class: "main", onclick: pay }, "Pay"): null, false and undefined children are left out.
export function h(tag, props, ...children) {
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(path, name) {
  return h(
    "svg",
    { viewBox: "0 0 24 24", "aria-hidden": "true", class: `icon ${name || ""}`, focusable: "false" },
    h("path", { d: path }),
  );
}

// Puts a view on the screen, at its beginning or at what went wrong. Its heading takes the focus, so that a screen
// reader starts at the new content. It stands alone, or ``instead`` of one part of what is there.
export function show(view, { focus = true, instead = null } = {}) {
  const app = document.getElementById("app");
  if (instead) instead.replaceWith(view);
  else app.replaceChildren(view);
  announce("");
  if (focus) (view.querySelector("[role=alert]") || app).scrollIntoView({ block: "start" });
  const target = focus && (view.querySelector("[data-focus]") || view.querySelector("h1"));
  if (!target) return;
  if (target.tagName === "H1") target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

export function announce(text) {
  document.getElementById("live").textContent = text;
}

// Runs one action at a time: a second click while the first is under way does nothing.
export function once(action) {
  let running = false;
  const run = async (...args) => {
    if (running) return;
    running = true;
    try {
      await action(...args);
    } finally {
      running = false;
    }
  };
  run.isRunning = () => running;
  return run;
}

// What would be typed into its form meanwhile would be gone with the answer, so nothing is.
export function busy(button, text) {
  const children = [...button.childNodes];
  const isSending = button.matches("[type=submit], .main");
  const typed = [...((isSending && button.form?.elements) || [])].filter((input) => "readOnly" in input && !input.readOnly);
  for (const input of typed) input.readOnly = true;
  button.setAttribute("aria-disabled", "true");
  button.classList.add("busy");
  button.replaceChildren(h("span", { class: "spinner small", "aria-hidden": "true" }), text);
  announce(text);
  return () => {
    button.removeAttribute("aria-disabled");
    button.classList.remove("busy");
    button.replaceChildren(...children);
    for (const input of typed) input.readOnly = false;
  };
}
