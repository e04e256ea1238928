// A webhook receiver in plain Node.js: WEBHOOK_SECRET=whsec_... PORT=4242 node receiver.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const secret = process.env.WEBHOOK_SECRET;
const seen = new Set(); // in a real shop: a table, since the same event may come more than once

// Whether Stripe-Signature (t=<unix>,v1=<hex>[,v1=<hex>]) was made with our secret within five minutes.
function verified(rawBody, header) {
  const parts = header.split(",").map((part) => part.split("="));
  const timestamp = parts.find(([name]) => name === "t")?.[1] ?? "";
  if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const expected = createHmac("sha256", secret).update(`${timestamp}.`).update(rawBody).digest();
  return parts.some(([name, value]) => {
    const given = Buffer.from(value ?? "", "hex");
    return name === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const rawBody = Buffer.concat(chunks);
  if (!verified(rawBody, request.headers["stripe-signature"] ?? "")) {
    response.writeHead(401).end();
    return;
  }
  const event = JSON.parse(rawBody);
  if (!seen.has(event.id)) {
    seen.add(event.id);
    console.log(event.type, event.data.object.transactionId);
  }
  response.writeHead(200).end();
}).listen(Number(process.env.PORT ?? 4242), "127.0.0.1");
