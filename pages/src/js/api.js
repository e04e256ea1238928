// The gateway's API, as the customer's pages call it.
import { read, request } from "./http.js";

function part(id) {
  return encodeURIComponent(id);
}

export function cardPage(id) {
  const path = `/sandbox/card-page/${part(id)}`;
  return {
    read: () => read(path),
    submit: (card) => request("POST", path, card),
    challenge: (otp) => request("POST", `${path}/challenge`, { otp }),
    cancel: () => request("POST", `${path}/cancel`, {}),
  };
}

export function transaction(id, secret) {
  return {
    read: () => read(`/api/payment/transaction/${part(id)}`, secret),
    choose: (choice) => request("POST", `/api/payment/voucher-choice/${part(id)}`, choice, secret),
    cancel: () => request("POST", `/api/payment/cancel/${part(id)}`, {}, secret),
  };
}

export function paymentLink(id) {
  const path = `/api/payment-links/${part(id)}`;
  return { read: () => read(`${path}/public`), open: () => request("POST", `${path}/open`, {}) };
}
