// Life inside a merchant's iframe: may we be shown there, how tall are we, how did it end.

const SOURCE = "payglobe";
const embedded = window.parent !== window;
let parentOrigin = "*";
let told = false;

export function isEmbedded() {
  return embedded;
}

// Resolves to false when the merchant lists the sites that may frame its checkout and this is another one.
export async function mayBeShown(origins) {
  if (!embedded) return true;
  const ancestors = location.ancestorOrigins ? [...location.ancestorOrigins] : null;
  if (ancestors) parentOrigin = ancestors[0];
  if (!origins || origins.length === 0) return true;
  if (ancestors) return ancestors.every((ancestor) => origins.includes(ancestor));
  // Only our parent can tell us who it is: above it there must be nobody.
  if (window.parent !== window.top) return false;
  const asked = await originOfParent();
  if (!origins.includes(asked)) return false;
  parentOrigin = asked;
  return true;
}

// For browsers without ancestorOrigins: payglobe.js answers, and the browser vouches for where it answers from.
function originOfParent() {
  return new Promise((resolve) => {
    const listener = (event) => {
      if (event.source !== window.parent || event.data?.source !== SOURCE || event.data.type !== "here") return;
      window.removeEventListener("message", listener);
      resolve(event.origin);
    };
    window.addEventListener("message", listener);
    window.parent.postMessage({ source: SOURCE, type: "who" }, "*");
    setTimeout(() => resolve(""), 3000);
  });
}

function post(message) {
  if (embedded) window.parent.postMessage({ source: SOURCE, ...message }, parentOrigin);
}

export function reportHeight() {
  if (!embedded) return;
  document.documentElement.classList.add("embedded");
  const app = document.getElementById("app");
  const report = () => post({ type: "height", height: Math.ceil(app.getBoundingClientRect().height) });
  new ResizeObserver(report).observe(app);
  report();
}

// type: "completed", "failed" or "cancelled"; said once, whatever is shown afterwards.
export function reportEnd(type, payment) {
  if (told) return;
  told = true;
  const { transactionId = "", status = "", code = "", message = "" } = payment;
  post({ type, transactionId, status, code, message });
}
