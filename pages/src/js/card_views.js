// How the card form, the bank's challenge and the question before leaving look.
import { brandOf, checkCard, digits, grouped, shapeExpiry } from "./cards.js";
import { codeForm } from "./code_form.js";
import { h, icon } from "./dom.js";
import { field, keepShape, setError } from "./form.js";
import { money, t, time } from "./i18n.js";
import { page, problem } from "./layout.js";

// A card with the network's letter, drawn here; no network's own sign.
const CARD = "M4 5h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z";
const MARKS = { visa: `${CARD}M8 9l4 6 4-6`, mastercard: `${CARD}M7 15V9l5 4 5-4v6`, amex: `${CARD}M8 15l4-6 4 6M10 13h4`, maestro: `${CARD}M6 14v-3l3 2 3-2v3M15 12a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0` };
const TEST_CARDS = [
  ["4242 4242 4242 4242", "test_approved"],
  ["4000 0025 0000 3155", "test_challenge"],
  ["4000 0000 0000 0002", "test_declined"],
  ["4000 0000 0000 9995", "test_funds"],
];

function shapeNumber(text) {
  const plain = digits(text).slice(0, 19);
  showBrand(plain);
  return grouped(plain);
}

function showBrand(number) {
  const { name } = brandOf(number);
  document.getElementById("brand").replaceChildren(...(name ? [icon(MARKS[name]), name.toUpperCase()] : []));
}

// Says what is wrong with a field when it is left, and takes the error back as soon as it is right.
function checkField(event) {
  const form = event.target.form;
  const errors = checkCard(Object.fromEntries(new FormData(form)));
  const name = event.target.name;
  if (event.type === "change" && event.target.value) setError(name, errors[name]);
  else if (!errors[name]) setError(name, "");
}

export function cardView(payment, { message, submit, cancel }) {
  const common = { required: true, oninput: checkField, onchange: checkField };
  const [keepNumber, keepExpiry] = [keepShape(shapeNumber), keepShape(shapeExpiry)];
  const form = h(
    "form",
    {
      novalidate: true,
      autocomplete: "on",
      method: "post",
      onsubmit: (event) => {
        event.preventDefault();
        submit(event);
      },
    },
    h(
      "div",
      { class: "with-brand" },
      field("number", {
        label: t("card_number"),
        autocomplete: "cc-number",
        inputmode: "numeric",
        placeholder: "1234 1234 1234 1234",
        maxlength: 23,
        "data-focus": true,
        ...common,
        oninput: (event) => {
          keepNumber(event);
          document.getElementById("cvv").placeholder = "1234".slice(0, brandOf(digits(event.target.value)).cvv);
          checkField(event);
        },
      }),
      h("span", { id: "brand", "aria-hidden": "true" }),
    ),
    h(
      "div",
      { class: "pair" },
      field("expiry", {
        label: t("expiry"),
        autocomplete: "cc-exp",
        inputmode: "numeric",
        placeholder: t("expiry_format"),
        maxlength: 9,
        ...common,
        oninput: (event) => {
          keepExpiry(event);
          checkField(event);
        },
      }),
      field("cvv", { label: t("cvv"), autocomplete: "cc-csc", inputmode: "numeric", placeholder: "123", maxlength: 4, ...common }),
    ),
    field("holderName", { label: t("holder"), autocomplete: "cc-name", autocapitalize: "words", maxlength: 100, ...common }),
    payment.asksToSaveCard && consentField(payment.merchantName),
    h("button", { type: "submit", class: "main" }, t("pay", { amount: money(payment.amount, payment.currency) })),
    h("button", { type: "button", class: "quiet", onclick: cancel }, t("cancel")),
  );
  return page(
    t("card_title"),
    payment,
    h("p", { class: "badge" }, t("test_mode")),
    h("h1", {}, t("card_title")),
    problem(message),
    form,
    payment.expiresAt && h("p", { class: "hint centred" }, t("until", { time: time(payment.expiresAt) })),
    testCards(),
  );
}

// Never ticked beforehand, and no condition of paying. Words that change need a new version: see docs/consent/.
function consentField(merchant) {
  return h(
    "div",
    { class: "consent" },
    h("input", { type: "checkbox", id: "saveCard", name: "saveCard", value: "yes", "aria-describedby": "saveCard-hint" }),
    h("label", { for: "saveCard" }, t("consent_text", { merchant })),
    h("p", { id: "saveCard-hint", class: "hint" }, t("consent_hint")),
  );
}

// Puts values into the fields: as properties, so that they are in no attribute of the page.
export function fillCard(values) {
  for (const [name, value] of Object.entries(values)) {
    const input = document.getElementById(name);
    if (input.type === "checkbox") {
      input.checked = true; // only what is ticked is among a form's values
      continue;
    }
    input.value = value;
    setError(name, "");
  }
  showBrand(digits(values.number));
}

function testCards() {
  const fill = (number) => () => {
    const expiry = `12/${String(new Date().getFullYear() + 3).slice(2)}`;
    fillCard({ number, expiry, cvv: "123", holderName: "Ada Rossi" });
    document.querySelector("form button[type=submit]").focus();
  };
  return h(
    "details",
    { class: "tests" },
    h("summary", {}, t("test_cards")),
    h(
      "ul",
      {},
      TEST_CARDS.map(([number, key]) =>
        h("li", {}, h("button", { type: "button", class: "code", onclick: fill(number) }, number), h("span", {}, t(key))),
      ),
    ),
  );
}

export function challengeView(payment, { message, submit, cancel }) {
  return page(
    t("challenge_title"),
    payment,
    h("p", { class: "badge" }, t("test_mode")),
    h("h1", {}, t("challenge_title")),
    problem(message),
    h("p", {}, t("challenge_text", { amount: money(payment.amount, payment.currency), merchant: payment.merchantName })),
    codeForm({ label: t("confirm"), hint: t("challenge_hint"), submit, cancel }),
  );
}
