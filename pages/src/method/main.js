// Starts the page on which a payment method is chosen, begun and waited for.
import { speakBoot } from "../js/boot.js";
import { h } from "../js/dom.js";
import { reportHeight } from "../js/frame.js";
import { preferredLanguage, useLanguage } from "../js/i18n.js";
import { explain } from "../js/problems.js";
import { startMethod } from "./method.js";

async function start() {
  document.head.append(h("link", { rel: "canonical", href: location.origin + location.pathname }));
  reportHeight();
  await useLanguage(preferredLanguage(""));
  speakBoot(document.querySelector(".boot"), () => location.reload());
  try {
    await startMethod();
  } catch (error) {
    explain(error);
  }
}

window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
window.addEventListener("unhandledrejection", (event) => explain(event.reason));
start();
