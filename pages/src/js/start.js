// How every page of the checkout begins, and what it does with what nobody expected.
import { speakBoot } from "./boot.js";
import { h } from "./dom.js";
import { reportHeight } from "./frame.js";
import { preferredLanguage, useLanguage } from "./i18n.js";
import { explain } from "./problems.js";

export async function startPage(show) {
  // A page that the back button brought out of the browser's memory shows a step that may be over.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  // Whatever a click could not finish is said, never swallowed.
  window.addEventListener("unhandledrejection", (event) => explain(event.reason));
  // Another payment or secret in the same tab.
  window.addEventListener("hashchange", () => location.reload());
  // A search engine that comes across a payment's address keeps the bare page instead.
  document.head.append(h("link", { rel: "canonical", href: location.origin + location.pathname }));
  reportHeight();
  await useLanguage(preferredLanguage(""));
  speakBoot(document.querySelector(".boot"), () => location.reload());
  try {
    await show();
  } catch (error) {
    explain(error);
  }
}
