// The gateway's API, as the pages of the same origin call it.

const BASE = "/paymentgw";
const PATIENCE = 35000;

export class ApiError extends Error {
  constructor(status, reply) {
    super(reply.message || "no answer");
    this.status = status;
    this.code = reply.code || "";
    this.requestId = reply.requestId || "";
  }

  // Nobody knows whether the request arrived.
  get isUnanswered() {
    return this.status === 0 || this.status >= 500;
  }
}

async function request(method, path, body, token) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let reply;
  try {
    reply = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new ApiError(0, {});
  }
  const content = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new ApiError(reply.status, content);
  return content;
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// Reading is harmless, so a read that got no answer is tried again.
async function read(path, token) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request("GET", path, undefined, token);
    } catch (error) {
      if (!error.isUnanswered || attempt === 3) throw error;
      await pause(500 * attempt);
    }
  }
}

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
