// Makes an order and pays it with the cards given, one after the other until one succeeds: node pay.mjs <own number> <card>...
// Prints where each customer is to be sent, then what became of the payment.
const base = `${process.env.GLOMOPAY_URL ?? "https://api.glomopay.com"}/api/v1`;
const [reference, ...cards] = process.argv.slice(2);

async function call(method, url, body) {
  const answer = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${process.env.GLOMOPAY_SECRET_KEY}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(`${answer.status} ${said.message}`);
  return said;
}

// The number is good for one order: whatever became of an earlier call, there is never a second one.
async function orderOf(requestId) {
  const [made] = (await call("GET", `${base}/orders?request_id=${encodeURIComponent(requestId)}`)).data;
  if (made) return made;
  return call("POST", `${base}/orders`, {
    customer_id: "cust_E602dMzgjpDC",
    currency: "USD",
    amount: 1000,
    purpose_code: "P1401",
    request_id: requestId,
    payment_methods: ["card"],
  });
}

async function outcome(step) {
  for (;;) {
    const payment = await call("GET", step.payload.url);
    if (payment.status !== "in_progress") return payment;
    await new Promise((wake) => setTimeout(wake, Math.min(step.payload.interval_in_ms, 1000)));
  }
}

const order = await orderOf(reference);
for (const number of cards) {
  const begun = await call("POST", `${base}/payments`, {
    order_id: order.id,
    method: "card",
    card: { holder_name: "John Doe", number, expiry_month: "09", expiry_year: "2030", cvv: "123" },
    callback_url: "https://server.yoursite.com/payment/callback",
  });
  const [redirect, poll] = begun.next_steps;
  console.log(redirect.payload.url);
  const payment = await outcome(poll);
  console.log(payment.status, payment.error_code ?? payment.amount);
  if (payment.status === "success") break;
}
console.log((await call("GET", `${base}/orders/${order.id}`)).status);
