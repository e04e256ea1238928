// The guide's Node.js example of a refund on your own server, with a port, an address and a key of our own.
const express = require('express');
const app = express();
app.use(express.json());

// Store secret key in environment variable
const PAYGLOBE_SECRET_KEY = process.env.PAYGLOBE_SECRET_KEY; // sk_test_...
const PAYGLOBE_URL = process.env.PAYGLOBE_URL; // https://.../paymentgw

async function logRefund(transactionId, refund) {
  console.log('Refunded:', transactionId, refund.refundId, refund.refundAmount, refund.status);
}

// Refund endpoint on your server
app.post('/admin/refund/:transactionId', async (req, res) => {
  try {
    const { transactionId } = req.params;
    const { amount, reason } = req.body;

    // Call PayGlobe API with SECRET KEY
    const response = await fetch(
      `${PAYGLOBE_URL}/api/payment/refund/${transactionId}`,
      {
        method: 'POST',
        headers: {
          'Authorization': `Bearer ${PAYGLOBE_SECRET_KEY}`, // SECRET!
          'Content-Type': 'application/json'
        },
        body: JSON.stringify({ amount, reason })
      }
    );

    const refund = await response.json();

    if (refund.success) {
      // Log the refund in your database
      await logRefund(transactionId, refund);
      res.json({ success: true, refund });
    } else {
      res.status(400).json({ error: refund.message });
    }
  } catch (error) {
    res.status(500).json({ error: error.message });
  }
});

app.listen(process.env.PORT, '127.0.0.1');
