// Starts the dashboard: signs in, then shows what the address names.
import { preferredLanguage, t, useLanguage } from "../js/i18n.js";
import { disputeView, disputesView } from "./disputes.js";
import { frame, put, waitingView } from "./frame.js";
import { linkView, linksView } from "./links.js";
import { paymentView, paymentsView } from "./payments.js";
import { onRefresh } from "./refresh.js";
import { isSignedIn, signOut } from "./session.js";
import { signInView } from "./signin.js";
import { complain, troubleNotice } from "./trouble.js";
import { webhookView, webhooksView } from "./webhooks.js";

const VIEWS = {
  payments: { list: paymentsView, one: paymentView },
  links: { list: linksView, one: linkView },
  disputes: { list: disputesView, one: disputeView },
  webhooks: { list: webhooksView, one: webhookView },
};
let visits = 0;

// ``#/disputes/dp_1`` is the tab ``disputes`` and the id ``dp_1``.
function where() {
  const [, tab, id] = location.hash.split("/").map(decodeURIComponent);
  return VIEWS[tab] ? { tab, id } : { tab: "payments" };
}

async function route() {
  visits += 1;
  const visit = visits;
  if (!isSignedIn()) return put(signInView(route));
  const { tab, id } = where();
  put(frame(tab, waitingView(tab), leave), { focus: false });
  let view;
  try {
    view = await (id ? VIEWS[tab].one(id) : VIEWS[tab].list());
  } catch (error) {
    if (error.status === 401) return leave(t("signed_out"));
    view = [troubleNotice(error)];
  }
  // Whoever has gone elsewhere meanwhile is not called back.
  if (visit === visits) put(frame(tab, view, leave));
}

function leave(reason = "") {
  signOut();
  visits += 1;
  put(signInView(route, reason));
}

onRefresh(route);
window.addEventListener("hashchange", route);
// Whatever no button answers for, such as another language whose texts do not load.
window.addEventListener("unhandledrejection", (event) => complain(event.reason, null));
await useLanguage(preferredLanguage(""));
route();
