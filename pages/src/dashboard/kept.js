// Lists as they were left, so that Back shows the same rows at the same place; after a change they are read again.
import { changes } from "./session.js";

const MOST = 20;
const kept = new Map();

export function keepList(address, view) {
  const rows = document.querySelectorAll("main tbody tr").length;
  kept.delete(address);
  kept.set(address, { view, rows, height: window.scrollY, changes: changes() });
  if (kept.size > MOST) kept.delete(kept.keys().next().value);
}

export function keptAt(address) {
  const found = kept.get(address);
  return found && { ...found, isFresh: found.changes === changes() };
}

export function forget() {
  kept.clear();
}
