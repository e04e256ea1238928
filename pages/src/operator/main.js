// Starts the operators' page, and the one on which a merchant opens the link to its keys.
import { speakBoot } from "../js/boot.js";
import { preferredLanguage, useLanguage } from "../js/i18n.js";
import { onRefresh } from "../dashboard/refresh.js";
import { complain } from "../dashboard/trouble.js";
import { startDesk } from "./desk.js";
import { startWelcome } from "./welcome.js";

window.addEventListener("unhandledrejection", (event) => complain(event.reason, null));
// Another link in the same tab.
window.addEventListener("hashchange", () => location.reload());
await useLanguage(preferredLanguage(""));
speakBoot(document.querySelector(".boot"), () => location.reload());
const start = location.pathname.includes("/welcome/") ? startWelcome : startDesk;
onRefresh(start);
start();
