// Starts the dashboard: signs in, then shows what the address names.
import { h } from "../js/dom.js";
import { preferredLanguage, t, useLanguage } from "../js/i18n.js";
import { keepTyped } from "../js/typed.js";
import { customersView, customerView } from "./customers.js";
import { disputeView, disputesView } from "./disputes.js";
import { fill, frame, put, waitingView } from "./frame.js";
import { forgetSecrets } from "./fresh.js";
import { forget, keepList, keptAt } from "./kept.js";
import { keysView } from "./keys.js";
import { linkView, linksView } from "./links.js";
import { orderView, ordersView } from "./orders.js";
import { overviewView } from "./overview.js";
import { askNoMore } from "./parts.js";
import { paymentView } from "./payment.js";
import { paymentsView } from "./payments.js";
import { peopleView } from "./people.js";
import { addressOf, arrive, go, left, place, wasStep } from "./place.js";
import { beginAnew, moveOn, onOver, onRefresh, visitOver } from "./refresh.js";
import { settingsView } from "./settings.js";
import { endSession, isSignedIn, person, resume, signOut } from "./session.js";
import { enterView, signInView } from "./signin.js";
import { statementView } from "./statement.js";
import { complain, troubleNotice } from "./trouble.js";
import { webhookView, webhooksView } from "./webhooks.js";

const VIEWS = {
  overview: { list: overviewView },
  payments: { list: paymentsView, one: paymentView },
  orders: { list: ordersView, one: orderView },
  customers: { list: customersView, one: customerView },
  links: { list: linksView, one: linkView },
  disputes: { list: disputesView, one: disputeView },
  webhooks: { list: webhooksView, one: webhookView },
  keys: { list: keysView },
  people: { list: peopleView },
  settings: { list: settingsView },
  statement: { list: statementView },
};
let visits = 0;
// What is on the screen. What is shown once, a secret say, is in no list.
const shown = { view: null, isList: false };

async function route({ isBack = false } = {}) {
  visits += 1;
  const visit = visits;
  if (shown.isList) keepList(left(), shown.view);
  shown.isList = false;
  if (place().tab === "enter") return put(enterView(place().id, came));
  if (!isSignedIn()) return put(signInView(entered));
  const { tab } = named();
  const before = isBack ? keptAt(location.hash) : null;
  put(frame(tab, waitingView(tab), doors), { focus: false });
  if (before?.isFresh) return draw(tab, before.view, before.height);
  const view = await viewFor(visit, before?.rows);
  if (view) draw(tab, view, before?.height);
}

// Null for whoever has gone elsewhere meanwhile: nobody is called back, nor shown the door.
async function viewFor(visit, rows) {
  const { tab, id, asked } = named();
  let view;
  try {
    view = await (id ? VIEWS[tab].one(id) : VIEWS[tab].list(asked, rows));
  } catch (error) {
    if (error.status === 401) return visit === visits && visitOver();
    view = [h("h1", {}, t(`tab_${tab}`)), troubleNotice(error, beginAnew)];
  }
  return visit === visits ? view : null;
}

// Reads what is on the screen once more; until that comes it stays, and whoever types there goes on.
async function lookAgain(sent) {
  if (!isSignedIn()) return route();
  visits += 1;
  shown.isList = false;
  forget();
  const view = await viewFor(visits);
  if (!view) return;
  const [height, putBack] = [window.scrollY, keepTyped(sent)];
  draw(named().tab, view);
  putBack();
  window.scrollTo(0, height);
}

function named() {
  const found = place();
  if (!VIEWS[found.tab]) return { tab: "overview", id: "", asked: new URLSearchParams() };
  return VIEWS[found.tab].one ? found : { ...found, id: "" };
}

function draw(tab, view, height) {
  const opened = left();
  arrive();
  shown.view = view;
  shown.isList = Boolean(VIEWS[tab].one) && !named().id;
  fill(tab, view);
  if (height === undefined) return;
  // Back where it was left, with the cursor on what had been opened.
  document.querySelector(`main a[href="${CSS.escape(opened)}"]`)?.focus({ preventScroll: true });
  window.scrollTo(0, height);
}

function entered() {
  depart();
  return route();
}

// A link that was used up is in no step back.
function came() {
  history.replaceState(null, "", addressOf("overview"));
  return entered();
}

// From here on nothing that was asked for before draws anything, and what was asked of the merchant is withdrawn.
function depart() {
  moveOn();
  askNoMore();
}

// With a ``reason`` the session is over already.
async function leave(reason = "", everywhere = false) {
  if (!reason) await endSession(everywhere);
  signOut(!reason);
  depart();
  forget();
  forgetSecrets();
  visits += 1;
  shown.isList = false;
  put(signInView(entered, reason));
}

// The other environment's key is asked for where it was not given yet.
function change() {
  forget();
  forgetSecrets();
  shown.isList = false;
  go(addressOf(named().tab));
}

const doors = { leave, change };
onRefresh(lookAgain, () => {
  const height = window.scrollY;
  shown.isList = false;
  forget();
  return route().then(() => window.scrollTo(0, height));
});
onOver(() => leave(t(person() ? "session_over" : "signed_out")));
history.scrollRestoration = "manual";
window.addEventListener("hashchange", () => {
  depart();
  route({ isBack: !wasStep() });
});
// Whatever no button answers for, such as another language whose texts do not load.
window.addEventListener("unhandledrejection", (event) => complain(event.reason, null));
await Promise.all([useLanguage(preferredLanguage("")), resume()]);
route();
