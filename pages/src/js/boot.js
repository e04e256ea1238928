// What stands on a page until there is something to show. The style sheet lets the words appear after five seconds and
// the other try after fifteen, so that they come even when no script does.
import { h } from "./dom.js";
import { t } from "./i18n.js";

// Until now it spoke every language at once. In their places, because what is late counts from when the page began.
export function speakBoot(waiting, again) {
  waiting.querySelector(".late").replaceChildren(h("p", {}, t("boot_slow")));
  waiting.querySelector(".later").replaceChildren(h("button", { type: "button", class: "main", onclick: again }, t("try_again")));
}
