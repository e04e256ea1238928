// The shop's page for payment links. It knows no key: the shop's server asks the gateway.
import { $, euro, h } from "/shop/dom.js";

const form = $("form");
let shown = null; // the id of the link whose code is on the page
let key = crypto.randomUUID(); // one per link: a form sent twice makes one

async function ask(path, body, headers = {}) {
  const asked = body === undefined ? {} : { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers } };
  const reply = await fetch(path, asked);
  const content = await reply.json();
  if (!reply.ok) throw new Error(content.message || "That did not work.");
  return content;
}

const state = (link) => h("span", { class: `state ${link.status.toLowerCase()}` }, link.status);

function show(link) {
  shown = link.transactionId;
  $("made").hidden = false;
  const open = link.status === "PENDING";
  const act = (name, text) => h("button", { type: "button", class: "small", onclick: () => doIt(link, name) }, text);
  $("shown").replaceChildren(
    h("img", { src: `${link.qrcodeAbsoluteUrl}?size=440`, alt: `QR code of the link for ${euro.format(link.amount)}`, width: "220", height: "220" }),
    h("div", {},
      h("p", {}, h("strong", {}, euro.format(link.amount)), ` ${link.description || ""} `, state(link)),
      h("p", { class: "address" }, h("a", { href: link.linkUrl, target: "_blank", rel: "noopener" }, link.linkUrl)),
      h("p", { class: "hint" }, `Valid until ${new Date(link.expiresAt + "Z").toLocaleString("en-IE")}${link.timesSent ? `, sent ${link.timesSent === 1 ? "once" : `${link.timesSent} times`}` : ""}`),
      open ? h("div", { class: "row" }, act("cancel", "Withdraw"), act("verify", "Ask the gateway"), link.linkType === "LINK" ? null : act("resend", "Send again")) : null,
    ),
  );
}

async function doIt(link, name) {
  await attempt(async () => {
    const answer = await ask(`/shop/links/${link.transactionId}/${name}`, {});
    tell(`POST /api/payment-links/${link.transactionId}/${name}`, {}, answer);
    await refresh();
  });
}

function tell(what, sent, answer) {
  $("asked").textContent = `${what}\n${JSON.stringify(sent, null, 2)}\n\n${JSON.stringify(answer, null, 2)}`;
}

async function attempt(act) {
  $("trouble").textContent = "";
  try {
    await act();
  } catch (error) {
    $("trouble").textContent = error.message;
  }
}

async function refresh() {
  const { links } = await ask("/shop/links/list");
  $("none").hidden = links.length > 0;
  $("links").replaceChildren(
    ...links.map((link) =>
      h("li", {},
        h("button", { type: "button", class: "small", onclick: () => show(link) }, link.description || link.transactionId),
        h("span", { class: "sum" }, euro.format(link.amount)), state(link))),
  );
  const current = links.find((link) => link.transactionId === shown);
  if (current && $("shown").querySelector(".state").textContent !== current.status) show(current);
}

function drawFields() {
  for (const label of form.querySelectorAll("[data-for]")) label.hidden = label.dataset.for !== form.linkType.value;
}

form.addEventListener("change", drawFields);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => !form[name].closest("[hidden]")));
    const amount = Number(fields.amount.replace(",", "."));
    if (!(amount > 0)) throw new Error("The amount must be a number such as 50.00.");
    const wanted = { ...fields, amount, expirationMinutes: Number(fields.expirationMinutes) };
    $("create").disabled = true;
    try {
      const link = await ask("/shop/links", wanted, { "Idempotency-Key": key });
      key = crypto.randomUUID();
      tell("POST /api/payment-links/create", wanted, link);
      show(link);
      await refresh();
    } finally {
      $("create").disabled = false;
    }
  });
});

// A page in the background asks nothing.
setInterval(() => document.hidden || refresh().catch(() => {}), 2000);
drawFields();
refresh().catch(() => {});
