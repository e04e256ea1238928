"""A stand-in for the script that Shift4 gives to shops' pages: fields in frames of its own, and tokens of them.

The names are those of Shift4's own: ``Shift4(key)``, a group of components that mounts itself where the page says
``data-shift4``, ``createToken`` and ``verifyThreeDSecure``. The page never sees what was typed.
"""

from __future__ import annotations

from typing import Final

SCRIPT: Final = """\
const origin = new URL(document.currentScript.src).origin;
window.Shift4 = (key) => {
  const ask = (frame, question) => new Promise((resolve, reject) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => (data.error ? reject(data.error) : resolve(data));
    frame.contentWindow.postMessage({ key, ...question }, origin, [channel.port2]);
  });
  const framed = (place, address) => {
    const frame = document.createElement("iframe");
    frame.title = place.dataset.shift4 || "3-D Secure";
    frame.src = origin + address;
    frame.width = "100%";
    frame.height = "100%";
    place.append(frame);
    return frame;
  };
  return {
    createComponentGroup: () => ({
      automount(selector) {
        const places = [...document.querySelectorAll(`${selector} [data-shift4]`)];
        this.frames = places.map((place) => framed(place, `/components/${place.dataset.shift4}`));
        return this;
      },
    }),
    createToken: (group) => ask(group.frames[0], { wants: "token" }),
    async verifyThreeDSecure({ amount, currency, card }) {
      const place = document.createElement("div");
      document.body.append(place);
      const frame = framed(place, `/3ds?token=${card}&amount=${amount}&currency=${currency}`);
      frame.height = "300";
      await new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
      try {
        return await ask(frame, { wants: "answer", card });
      } finally {
        place.remove();
      }
    },
  };
};
"""
# One field. The first of a group is asked for a token of what stands in all of them.
FIELD: Final = """\
<style>html,body,input{margin:0;width:100%;height:100%;box-sizing:border-box;border:0;font:16px sans-serif}</style>
<input name="NAME" aria-label="NAME" autocomplete="off"><script>
const value = (name) => {
  for (let n = 0; n < parent.frames.length; n += 1) {
    try {
      const input = parent.frames[n].document.querySelector(`input[name=${name}]`);
      if (input) return input.value;
    } catch { /* a frame of somebody else's */ }
  }
  return "";
};
addEventListener("message", async ({ data, ports: [port] }) => {
  const [expMonth, expYear] = value("expiry").split("/").map((part) => part.trim());
  const body = JSON.stringify({ number: value("number"), expMonth, expYear: `20${expYear}`, cvc: value("cvc") });
  const headers = { Authorization: `Basic ${btoa(`${data.key}:`)}`, "Content-Type": "application/json" };
  const reply = await (await fetch("/tokens", { method: "POST", headers, body })).json();
  port.postMessage(reply);
});
</script>
"""
CHALLENGE: Final = """\
<form><label>Code <input name="code"></label><button>Confirm</button></form><script>
const answered = new Promise((resolve) => addEventListener("submit", (event) => {
  event.preventDefault();
  resolve(event.target.elements.code.value);
}));
addEventListener("message", async ({ data, ports: [port] }) => {
  const code = CHALLENGED ? await answered : "frictionless";
  const body = new URLSearchParams({ token: data.card, code });
  port.postMessage(await (await fetch("/3ds", { method: "POST", body })).json());
});
</script>
"""
