// Who is signed in. The keys live in this tab's memory only: a reload asks for them again.
import { ApiError, read, request } from "../js/http.js";

const NONE = { test: "", live: "" };
const session = { keys: { ...NONE }, environment: "test", changes: 0 };

export function isSignedIn() {
  return session.keys[session.environment] !== "";
}

export function isLive() {
  return session.environment === "live";
}

// The environment whose key is being asked for while another's is known; "" else.
export function asksForOther() {
  const other = isLive() ? "test" : "live";
  return !isSignedIn() && session.keys[other] ? session.environment : "";
}

export function changeEnvironment() {
  session.environment = isLive() ? "test" : "live";
}

// Raises ApiError when the gateway does not know the key, or when it is not a secret one.
export async function signIn(key) {
  await read("/api/merchant/settings", key);
  useKey(key);
}

export function useKey(key) {
  session.environment = key.startsWith("sk_live_") ? "live" : "test";
  session.keys[session.environment] = key;
}

// Only of the environment whose key ended; the other's is good.
export function signOut(all = true) {
  session.keys = all ? { ...NONE } : { ...session.keys, [session.environment]: "" };
}

export function fetched(path) {
  return read(path, session.keys[session.environment]);
}

// A part of a sheet: its text, and the cursor of the next; "" after the last.
export async function sheetPart(path) {
  const headers = { Authorization: `Bearer ${session.keys[session.environment]}` };
  const reply = await fetch(`/paymentgw${path}`, { headers, cache: "no-store", credentials: "omit" }).catch(() => null);
  if (!reply) throw new ApiError(0, {});
  if (!reply.ok) throw new ApiError(reply.status, await reply.json().catch(() => ({})));
  return { text: await reply.text(), cursor: reply.headers.get("X-Next-Cursor") || "" };
}

// How often something was changed from here: what was read before that may be old.
export function changes() {
  return session.changes;
}

// ``once`` makes a POST that is sent again the same one: a random value that lives as long as its form.
export function sent(method, path, body, once) {
  session.changes += 1;
  return request(method, path, body, session.keys[session.environment], once ? { "Idempotency-Key": once } : {});
}
