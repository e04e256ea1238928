// Who is signed in. A key lives in this tab's memory only, a reload asks for it again; a person's session is a cookie
// that no script reads, and what is kept here of it is who they are and what proves that this page could ask.
import { ApiError, read, request } from "../js/http.js";
import { useZone } from "./clocks.js";
import { useSuspension } from "./suspended.js";

const NONE = { test: "", live: "" };
const RENEWED_EVERY = 10 * 60 * 1000;
export const ROLES = ["read", "refunds", "owner"];
const SESSION = "/api/merchant/session";
const session = { keys: { ...NONE }, environment: "test", changes: 0, person: null, csrf: "", renewedAt: 0 };

export function isSignedIn() {
  return session.person !== null || session.keys[session.environment] !== "";
}

export function isLive() {
  return session.environment === "live";
}

// Whoever signed in by e-mail; null with a key.
export function person() {
  return session.person;
}

// Where who is signed in can go; a key's other environment is asked for.
export function reaches(environment) {
  return !session.person || session.person.environments.includes(environment);
}

// The environment whose key is being asked for while another's is known; "" else.
export function asksForOther() {
  const other = isLive() ? "test" : "live";
  return !isSignedIn() && session.keys[other] ? session.environment : "";
}

export function changeEnvironment() {
  session.environment = isLive() ? "test" : "live";
  if (session.person) renew();
}

// Raises ApiError when the gateway does not know the key, or when it is not a secret one.
export async function signIn(key) {
  const { settings, suspendedAt } = await read("/api/merchant/settings", key);
  useKey(key);
  useZone(settings["time-zone"]);
  useSuspension(suspendedAt);
}

export function useKey(key) {
  if (session.person) return;
  session.environment = key.startsWith("sk_live_") ? "live" : "test";
  session.keys[session.environment] = key;
}

// Only of the environment whose key ended; the other's is good.
export function signOut(all = true) {
  session.keys = all ? { ...NONE } : { ...session.keys, [session.environment]: "" };
  Object.assign(session, { person: null, csrf: "" });
}

// ---- people ----

export function askForLink(email) {
  return request("POST", `${SESSION}/link`, { email }, "");
}

// Uses the link up. Raises ApiError when it was used already, or is over.
export async function enter(token) {
  hold(await request("POST", SESSION, { token }, "", {}, "same-origin"));
}

// Finds who is signed in in this browser. A gateway that does not answer leaves the key to sign in with.
export async function resume() {
  try {
    hold(await read(SESSION, "", {}, "same-origin"));
    if (session.person) await renew();
  } catch {
    signOut(false);
  }
}

// Ends the session here, or wherever it is; a key has none.
export async function endSession(everywhere = false) {
  if (!session.person) return;
  try {
    await sent("DELETE", SESSION + (everywhere ? "?everywhere=true" : ""));
  } catch (error) {
    if (error.status !== 401) throw error; // it was over already
  }
}

function hold(found) {
  if (!found.signedIn) return;
  session.keys = { ...NONE };
  useZone(found.merchant.timeZone);
  useSuspension(found.merchant.suspendedAt);
  Object.assign(session, { person: found.person, csrf: found.csrfToken, environment: found.environment, renewedAt: Date.now() });
}

// The hour begins anew; it also says where to go on after a reload. What goes wrong is told by the next request.
function renew() {
  session.renewedAt = Date.now();
  return request("PATCH", SESSION, { environment: session.environment }, "", beside("PATCH"), "same-origin").catch(() => null);
}

// What is shown beside the cookie.
function beside(method) {
  return { "X-Environment": session.environment, ...(method === "GET" ? {} : { "X-CSRF-Token": session.csrf }) };
}

// The last parts of a request: what proves who asks.
function proof(method, more = {}) {
  if (!session.person) return [session.keys[session.environment], more];
  if (Date.now() - session.renewedAt > RENEWED_EVERY) renew();
  return ["", { ...more, ...beside(method) }, "same-origin"];
}

// ---- requests ----

export function fetched(path) {
  return read(path, ...proof("GET"));
}

// A part of a sheet: its text, and the cursor of the next; "" after the last.
export async function sheetPart(path) {
  const [key, more, credentials = "omit"] = proof("GET");
  const headers = key ? { Authorization: `Bearer ${key}` } : more;
  const reply = await fetch(`/paymentgw${path}`, { headers, cache: "no-store", credentials }).catch(() => null);
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
  return request(method, path, body, ...proof(method, once ? { "Idempotency-Key": once } : {}));
}
