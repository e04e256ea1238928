// Starts the page that the address names.
import { startAuthenticate } from "./authenticate.js";
import { speakBoot } from "./boot.js";
import { startCard } from "./card.js";
import { startChoice } from "./choice.js";
import { h } from "./dom.js";
import { reportHeight } from "./frame.js";
import { preferredLanguage, useLanguage } from "./i18n.js";
import { startLink } from "./link.js";
import { explain, showPlain } from "./problems.js";
import { startResume } from "./resume.js";
import { startResult } from "./result.js";

const pages = { card: startCard, checkout: startResume, choice: startChoice, result: startResult, link: startLink, authenticate: startAuthenticate, nowhere: showPlain, home: showPlain };

// A search engine that comes across a payment's address keeps the bare page instead.
function hideFromSearch() {
  document.head.append(h("link", { rel: "canonical", href: location.origin + location.pathname }));
}

async function start() {
  hideFromSearch();
  reportHeight();
  await useLanguage(preferredLanguage(""));
  speakBoot(document.querySelector(".boot"), () => location.reload());
  try {
    const name = document.documentElement.dataset.page;
    await pages[name](name);
  } catch (error) {
    explain(error);
  }
}

// A page that the back button brought out of the browser's memory shows a step that may be over.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
// Whatever a click could not finish is said, never swallowed.
window.addEventListener("unhandledrejection", (event) => explain(event.reason));
// Another payment or secret in the same tab.
window.addEventListener("hashchange", () => location.reload());
start();
