// Requests to the gateway's API, which lives on the pages' own origin.

const BASE = "/paymentgw";
const PATIENCE = 35000;

export class ApiError extends Error {
  constructor(status, reply) {
    super(reply.message || "no answer");
    this.status = status;
    this.code = reply.code || "";
    this.requestId = reply.requestId || "";
    this.faults = reply.errors; // each with its param, code and message
    this.reasons = reply.reasons; // of a form: what is wrong with each field
    this.attemptsLeft = reply.attempts_left ?? 0;
  }

  // Nobody knows whether the request arrived.
  get isUnanswered() {
    return this.status === 0 || this.status >= 500;
  }
}

export async function request(method, path, body, token, more = {}, credentials = "omit") {
  const headers = { Accept: "application/json", ...more };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let reply;
  try {
    reply = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials,
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
export async function read(path, token, ...more) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request("GET", path, undefined, token, ...more);
    } catch (error) {
      if (!error.isUnanswered || attempt === 3) throw error;
      await pause(500 * attempt);
    }
  }
}
