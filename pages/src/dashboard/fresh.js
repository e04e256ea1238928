// A secret that was just made: nothing shows it again, so it stays until whoever saw it goes elsewhere.
import { turns } from "./refresh.js";

const all = [];

export function shownOnce() {
  const held = { value: null, seenIn: null };
  const forget = () => Object.assign(held, { value: null, seenIn: null });
  all.push(forget);
  return {
    keep: (value) => Object.assign(held, { value, seenIn: null }),
    // What a view that is complete shows, of ``id`` where it is one of many; null when there is nothing, or it was seen before.
    seen: (id) => {
      if (held.seenIn !== null && held.seenIn !== turns()) forget();
      if (!held.value || (id && held.value.id !== id)) return null;
      held.seenIn = turns();
      return held.value;
    },
  };
}

// Another may sign in at the same screen.
export function forgetSecrets() {
  for (const forget of all) forget();
}
