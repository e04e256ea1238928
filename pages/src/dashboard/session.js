// Who is signed in. The key lives in this tab's memory only: a reload asks for it again.
import { read, request } from "../js/http.js";

const session = { key: "" };

export function isSignedIn() {
  return session.key !== "";
}

export function isLive() {
  return session.key.startsWith("sk_live_");
}

// Raises ApiError when the gateway does not know the key, or when it is not a secret one.
export async function signIn(key) {
  await read("/api/merchant/transactions?limit=1", key);
  session.key = key;
}

export function signOut() {
  session.key = "";
}

export function fetched(path) {
  return read(path, session.key);
}

// ``once`` makes a POST that is sent again the same one: a random value that lives as long as its form.
export function sent(method, path, body, once) {
  return request(method, path, body, session.key, once ? { "Idempotency-Key": once } : {});
}
