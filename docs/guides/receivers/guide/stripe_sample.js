// The guide's Node.js example for Stripe's library, with a port and a secret of our own.
const express = require('express');
const stripe = require('stripe');
const app = express();

app.post('/webhook', express.raw({type: 'application/json'}), (req, res) => {
  const sig = req.headers['stripe-signature'] || req.headers['x-payglobe-signature'];

  let event;
  try {
    // Works with Stripe's constructEvent method!
    event = stripe.webhooks.constructEvent(
      req.body,
      sig,
      process.env.WEBHOOK_SECRET // whsec_test_...
    );
  } catch (err) {
    return res.status(400).send(`Webhook Error: ${err.message}`);
  }

  // Handle event types
  switch (event.type) {
    case 'payment_intent.succeeded':
      const payment = event.data.object;
      console.log('Payment succeeded:', payment.transactionId);
      console.log('Card amount:', payment.cardAmount);
      console.log('Voucher amount:', payment.voucherAmount);
      break;
    case 'payment_intent.payment_failed':
      console.log('Payment failed:', event.data.object);
      break;
    case 'charge.refunded':
      const refund = event.data.object;
      console.log('Refund processed:', refund.transactionId);
      console.log('Refund amount:', refund.refundAmount);
      break;
    case 'checkout.session.completed':
      console.log('Checkout completed:', event.data.object);
      break;
    default:
      console.log(`Unhandled event type: ${event.type}`);
  }
  res.status(200).send('OK');
});

app.listen(Number(process.env.PORT), '127.0.0.1');
