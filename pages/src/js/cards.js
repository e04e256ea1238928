// What can be known of a card number without asking anyone.

const BRANDS = [
  ["amex", /^3[47]/, 15, 4],
  ["visa", /^4/, 16, 3],
  ["maestro", /^(50(18|20|38)|5893|6304|67)/, 19, 3],
  ["mastercard", /^(5[1-5]|2[2-7])/, 16, 3],
];

// The sandbox's own cards that no check digit vouches for; what one of them is, its far side says.
const UNCHECKED = new Set([
  "3466241111111111",
  "3469122222222222",
  "3490881111111112",
  "3790802222222223",
  "4916531111111111",
  "4376702222222222",
  "4532271111111112",
  "4556822222222223",
  "4532491111111111",
  "4532442222222222",
  "4556891111111112",
  "4597262222222223",
  "4000000000003055",
]);

export function digits(text) {
  return text.replace(/\D/g, "");
}

export function brandOf(number) {
  const found = BRANDS.find(([, start]) => start.test(number));
  return found ? { name: found[0], length: found[2], cvv: found[3] } : { name: "", length: 19, cvv: 3 };
}

export function grouped(number) {
  const shape = brandOf(number).name === "amex" ? /^(\d{1,4})(\d{1,6})?(\d{1,5})?.*$/ : null;
  if (shape) return number.replace(shape, (_, a, b, c) => [a, b, c].filter(Boolean).join(" "));
  return number.replace(/(\d{4})(?=\d)/g, "$1 ").slice(0, 23);
}

export function passesLuhn(number) {
  let sum = 0;
  for (let i = 0; i < number.length; i += 1) {
    let digit = Number(number[number.length - 1 - i]);
    if (i % 2 === 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return number.length >= 12 && sum % 10 === 0;
}

// The expiry date while it is typed: 330, 3/30 and 12-30 become 03/30, 03/30 and 12/30. What is taken back stays as it is.
export function shapeExpiry(text, isTakenBack) {
  if (isTakenBack) return text;
  const dated = /^\s*(\d{4})-(\d{2})\s*$/.exec(text); // as some browsers fill it in
  if (dated) return `${dated[2]}/${dated[1]}`;
  const [, month, mark, rest] = /^\D*(\d{0,2})(\D*)(.*)$/.exec(text);
  const year = digits(rest).slice(0, 4);
  if (mark && month.length === 1) return `${month.padStart(2, "0")}/${year}`;
  if ((month > 12 && !mark) || (month > 1 && month < 10 && month.length === 1)) return `0${month[0]}/${(month.slice(1) + year).slice(0, 4)}`;
  return month.length === 2 ? `${month}/${year}` : month;
}

// "1228", "12/28", "12 / 2028" and "1/28" as { month, year }; null when it is none of these.
export function readExpiry(text) {
  const parts = /^\s*(\d{1,2})\s*[/.-]\s*(\d{2}|\d{4})\s*$/.exec(text) || /^(\d{2})(\d{2}|\d{4})$/.exec(digits(text));
  if (!parts) return null;
  const month = Number(parts[1]);
  const year = Number(parts[2]) + (parts[2].length === 2 ? 2000 : 0);
  return month >= 1 && month <= 12 ? { month, year } : null;
}

export function hasPassed({ month, year }, now = new Date()) {
  return year < now.getFullYear() || (year === now.getFullYear() && month < now.getMonth() + 1);
}

// Says the length that the card's network has; both, while the number does not tell whose card it is.
function checkCode(number, code) {
  const brand = brandOf(number);
  if (code.length === brand.cvv || (UNCHECKED.has(number) && code.length > 2)) return "";
  if (!brand.name) return "error_cvv";
  return brand.cvv === 4 ? "error_cvv_front" : "error_cvv_back";
}

// One field's error key, or "" when it is fine.
export function checkCard({ number, expiry, cvv, holderName }) {
  const plain = digits(number);
  const date = readExpiry(expiry);
  const code = digits(cvv);
  return {
    number: plain === "" ? "error_number_missing" : passesLuhn(plain) || UNCHECKED.has(plain) ? "" : "error_number",
    expiry: expiry.trim() === "" ? "error_expiry_missing" : !date ? "error_expiry" : hasPassed(date) ? "error_expired" : "",
    cvv: checkCode(plain, code),
    holderName: holderName.trim() === "" ? "error_name" : "",
  };
}
