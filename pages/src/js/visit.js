// What this tab remembers, so that the customer who paid here is led on after a reload and nobody else ever is.

const memory = new Map(); // where a browser lets a frame keep nothing: until the page is left

function remembered(name) {
  try {
    return sessionStorage.getItem(name) || memory.get(name) || "";
  } catch {
    return memory.get(name) || "";
  }
}

function remember(name, value) {
  memory.set(name, value);
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // Then only this page knows.
  }
}

// The random text that this tab shows the gateway at a card page, the same each time. It is never in an address.
export function visitorToken(pageId) {
  const name = `payglobe.visit.${pageId}`;
  if (!remembered(name)) {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    remember(name, `visit_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`);
  }
  return remembered(name);
}

// Where this tab went from a payment link; "" when it did not open it.
export function openedFrom(linkId) {
  return remembered(`payglobe.link.${linkId}`);
}

export function rememberOpened(linkId, address) {
  remember(`payglobe.link.${linkId}`, address);
}

// What opened the payment whose holder went to their bank from this tab: back from there, the address opens nothing.
export function openedBefore(paymentId) {
  return remembered(`payglobe.holder.${paymentId}`);
}

export function rememberOpening(paymentId, token) {
  remember(`payglobe.holder.${paymentId}`, token);
}
