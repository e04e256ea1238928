// Verifies a callback: node callback.mjs '<its query>' prints success or failed, or ends with 1 when it is forged.
import { createHmac, timingSafeEqual } from "node:crypto";

const said = new URLSearchParams(process.argv[2]);
const signed = `${said.get("order_id")}|${said.get("payment_id")}|${said.get("status")}`;
const expected = createHmac("sha256", process.env.GLOMOPAY_SECRET_KEY).update(signed).digest();
const given = Buffer.from(said.get("signature") ?? "", "hex");
if (given.length !== expected.length || !timingSafeEqual(given, expected)) process.exit(1);
console.log(said.get("status"));
