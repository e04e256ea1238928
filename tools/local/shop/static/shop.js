// The sample shop's page. Paying is the guide's code; everything else is a shop.
import { $, euro, h } from "/shop/dom.js";

const MENU = [
  { id: "trofie", name: "Trofie al pesto", price: 9.5, about: "Basil, pine nuts, pecorino" },
  { id: "salad", name: "Insalata della casa", price: 7.8, about: "Leaves, tomato, shaved cheese" },
  { id: "focaccia", name: "Focaccia genovese", price: 4.2, about: "Olive oil, salt, rosemary" },
  { id: "coffee", name: "Caffè", price: 1.4, about: "Short, as it should be" },
  { id: "mug", name: "Tazza della bottega", price: 9, about: "To keep: no meal voucher pays for it" },
];
const CARDS = [
  ["4242 4242 4242 4242", "accepted"],
  ["4000 0025 0000 3155", "the bank asks for a code: 123456"],
  ["4000 0000 0000 0002", "declined"],
  ["4000 0000 0000 0341", "accepted, then the charge fails"],
];
const basket = new Map([["trofie", 2], ["salad", 1]]);

function change(id, by) {
  const count = Math.max(0, Math.min(20, (basket.get(id) || 0) + by));
  if (count) basket.set(id, count);
  else basket.delete(id);
  drawBasket();
}

function drawProducts() {
  $("products").replaceChildren(
    ...MENU.map(({ id, name, price, about }) =>
      h("li", {},
        h("img", { src: `/shop/${id}.svg`, alt: "", width: "200", height: "130" }),
        h("div", { class: "about" }, h("h2", {}, name), h("p", {}, about)),
        h("div", { class: "price" }, h("span", {}, euro.format(price)),
          h("button", { type: "button", class: "add", "aria-label": `Add ${name}`, onclick: () => change(id, 1) }, "Add")),
      ),
    ),
  );
}

function drawBasket() {
  const lines = MENU.filter(({ id }) => basket.has(id));
  const cents = lines.reduce((sum, { id, price }) => sum + Math.round(price * 100) * basket.get(id), 0);
  $("basket").replaceChildren(
    lines.length === 0
      ? h("p", { class: "hint" }, "Empty. Add something from the menu.")
      : h("ul", { class: "lines" }, lines.map(({ id, name, price }) =>
          h("li", {},
            h("span", { class: "name" }, name),
            h("span", { class: "count" },
              h("button", { type: "button", "aria-label": `One ${name} less`, onclick: () => change(id, -1) }, "−"),
              h("span", { "aria-label": `${basket.get(id)} in the basket`, role: "img" }, String(basket.get(id))),
              h("button", { type: "button", "aria-label": `One ${name} more`, onclick: () => change(id, 1) }, "+")),
            h("span", { class: "sum" }, euro.format((Math.round(price * 100) * basket.get(id)) / 100)),
          ))),
    h("p", { class: "total" }, h("span", {}, "Total"), h("strong", {}, euro.format(cents / 100))),
  );
  for (const id of ["pay-frame", "pay-redirect", "pay-form"]) $(id).disabled = cents === 0;
}

function copied(text) {
  return async (event) => {
    const button = event.currentTarget;
    await navigator.clipboard.writeText(text.replaceAll(" ", "")).catch(() => {});
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1200);
  };
}

function code(text, meaning) {
  return h("li", {}, h("button", { type: "button", title: "Copy", onclick: copied(text) }, text), h("span", {}, meaning));
}

function drawCodes() {
  const fresh = () => crypto.getRandomValues(new Uint32Array(1))[0].toString(36).toUpperCase().padStart(6, "0").slice(0, 6);
  $("cards").replaceChildren(...CARDS.map(([number, meaning]) => code(number, meaning)));
  $("vouchers").replaceChildren(
    code(`V800-${fresh()}`, "worth €8.00"),
    code(`V5000-${fresh()}`, "worth €50.00: more than lunch"),
    code(`V800-EXPIRED${fresh()}`, "refused: expired"),
  );
}

async function ordered(path = "/shop/orders") {
  const reply = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(Object.fromEntries(basket)),
  });
  const order = await reply.json();
  if (!reply.ok) throw new Error(order.message);
  return order;
}

async function pay(button, element) {
  $("trouble").textContent = "";
  for (const id of ["pay-frame", "pay-redirect"]) $(id).disabled = true;
  button.classList.add("busy");
  try {
    const payglobe = PayGlobe((await (await fetch("/shop/config")).json()).publishableKey);
    const order = await ordered();
    const payment = await payglobe.payments.create({
      amount: Number(order.amount),
      maxVoucherAmount: Number(order.maxVoucherAmount),
      email: "customer@example.com",
      description: order.description,
      notifyUrl: order.notifyUrl,
      returnUrl: order.returnUrl,
    });
    watch(order.number);
    button.classList.remove("busy");
    if (element) requestAnimationFrame(() => document.querySelector(element).scrollIntoView({ behavior: "smooth", block: "nearest" }));
    await payglobe.redirectToCheckout({ paymentId: payment.id, element });
    drawCodes();
  } catch (error) {
    $("trouble").textContent = error.code === "cancelled" ? "The payment was cancelled. Your basket is still here." : `Payment failed: ${error.message}`;
  } finally {
    button.classList.remove("busy");
    drawBasket();
  }
}

// What shop plugins do: the server writes a form, the browser posts it.
async function payByForm() {
  $("trouble").textContent = "";
  try {
    const { action, fields } = await ordered("/shop/form");
    const inputs = Object.entries(fields).map(([name, value]) => h("input", { type: "hidden", name, value }));
    const form = h("form", { action, method: "post" }, inputs);
    document.body.append(form);
    form.submit();
  } catch (error) {
    $("trouble").textContent = `Payment failed: ${error.message}`;
  }
}

const seen = { after: 0, order: new URLSearchParams(location.search).get("order") };
const WORDS = {
  waiting: "waiting for the gateway's word",
  paid: "paid. It will be ready at half past twelve.",
  failed: "not paid",
  refunded: "refunded",
};

function watch(order) {
  seen.order = String(order);
}

function drawBanner(orders) {
  const order = orders[seen.order];
  if (!order) return;
  const text = `Order ${seen.order} (${euro.format(Number(order.total))}): ${WORDS[order.status]}`;
  const banner = $("banner");
  if (banner.textContent === text) return;
  banner.className = `banner ${order.status}`;
  banner.textContent = text;
}

function drawReceived(one) {
  const time = new Date(one.at).toLocaleTimeString("en-GB");
  const checks = Object.entries(one.checks);
  return h("li", { class: one.genuine ? "genuine" : "forged" },
    h("p", { class: "line" }, h("strong", {}, one.type), h("time", { datetime: one.at }, time)),
    h("p", { class: "facts" }, `Order ${one.order}`, one.status && h("span", { class: "status" }, one.status)),
    h("ul", { class: "checks" },
      checks.length === 0 ? h("li", { class: "no" }, "no signature") : checks.map(([name, holds]) => h("li", { class: holds ? "yes" : "no" }, `${holds ? "✓" : "✗"} ${name}`))),
    h("p", { class: "note" }, `→ ${one.note}`),
    one.genuine ? h("details", {}, h("summary", {}, "The whole message"), h("pre", { tabindex: "0" }, JSON.stringify(one.body, null, 2))) : null,
  );
}

async function follow() {
  try {
    const { orders, received } = await (await fetch(`/shop/state?after=${seen.after}`)).json();
    for (const one of received) {
      $("received").prepend(drawReceived(one));
      seen.after = one.n;
    }
    $("nothing").hidden = seen.after > 0;
    drawBanner(orders);
  } catch {
    // The local server is restarting; the next round finds it.
  }
  setTimeout(follow, 1000);
}

$("pay-frame").addEventListener("click", (event) => pay(event.currentTarget, "#payment-container"));
$("pay-redirect").addEventListener("click", (event) => pay(event.currentTarget, undefined));
$("pay-form").addEventListener("click", payByForm);
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
drawProducts();
drawBasket();
drawCodes();
follow();
