// The guide's Node.js example for X-PayGlobe-Signature, with a port and a secret of our own.
const express = require('express');
const app = express();
const crypto = require('crypto');

app.post('/webhook', express.raw({type: 'application/json'}), (req, res) => {
  const signature = req.headers['x-payglobe-signature'];
  const rawBody = req.body.toString(); // RAW body string

  // Verify signature
  const hmac = crypto.createHmac('sha256', process.env.WEBHOOK_SECRET);
  hmac.update(rawBody);
  const expectedSignature = hmac.digest('base64');

  if (expectedSignature !== signature) {
    return res.status(401).send('Invalid signature');
  }

  // Webhook verified - process payment
  const payment = JSON.parse(rawBody);
  console.log('Payment received:', payment.transactionId);
  res.status(200).send('OK');
});

app.listen(Number(process.env.PORT), '127.0.0.1');
