// The gateway's API, as the customer's pages call it.
import { read, request } from "./http.js";

function part(id) {
  return encodeURIComponent(id);
}

// ``visitor`` is what this browser is known by there; see visit.js.
export function cardPage(id, visitor) {
  const path = `/sandbox/card-page/${part(id)}`;
  return {
    read: () => read(path, visitor),
    submit: (card) => request("POST", path, card, visitor),
    challenge: (otp) => request("POST", `${path}/challenge`, { otp }, visitor),
    cancel: () => request("POST", `${path}/cancel`, {}, visitor),
    ask: () => request("POST", `${path}/ask`, {}, visitor),
  };
}

// A payment at whatever gateway, without its secret.
export function resumption(id) {
  return { read: () => read(`/checkout/resume/${part(id)}`) };
}

export function transaction(id, secret) {
  return {
    ask: () => request("POST", `/checkout/ask/${part(id)}`, {}, secret),
    read: () => read(`/api/payment/transaction/${part(id)}`, secret),
    choose: (choice) => request("POST", `/api/payment/voucher-choice/${part(id)}`, choice, secret),
    check: (otp) => request("POST", `/api/payment/voucher-check/${part(id)}`, { otp }, secret),
    cancel: () => request("POST", `/api/payment/cancel/${part(id)}`, {}, secret),
  };
}

// ``token`` opens this one payment to the holder of its card.
export function authentication(id, token) {
  const path = `/api/v1/authentication/${part(id)}`;
  return {
    read: () => read(path, token),
    submit: (otp) => request("POST", path, otp === undefined ? {} : { otp }, token),
    cancel: () => request("POST", `${path}/cancel`, {}, token),
  };
}

export function paymentLink(id) {
  const path = `/api/payment-links/${part(id)}`;
  return { read: () => read(`${path}/public`), open: () => request("POST", `${path}/open`, {}) };
}
