"""The guide's Python example for Stripe's library, with a port and a secret of our own."""
# ruff: noqa - a sample for any Python 3 and any shop, not a part of this project

import os

import stripe
from flask import Flask, request

app = Flask(__name__)
webhook_secret = os.environ["WEBHOOK_SECRET"]


@app.route("/webhook", methods=["POST"])
def webhook():
    payload = request.get_data()
    sig_header = request.headers.get("Stripe-Signature") or request.headers.get("X-PayGlobe-Signature")
    try:
        # Works with Stripe's construct_event method!
        event = stripe.Webhook.construct_event(payload, sig_header, webhook_secret)
    except ValueError as e:
        return "Invalid payload", 400
    except stripe.error.SignatureVerificationError as e:
        return "Invalid signature", 400

    # Handle event
    if event["type"] == "payment_intent.succeeded":
        payment = event["data"]["object"]
        print(f"Payment succeeded: {payment['transactionId']}")
        print(f"Card: {payment['cardAmount']}, Voucher: {payment['voucherAmount']}")
    elif event["type"] == "payment_intent.payment_failed":
        print(f"Payment failed: {event['data']['object']}")
    elif event["type"] == "charge.refunded":
        refund = event["data"]["object"]
        print(f"Refund processed: {refund['transactionId']}")
        if os.environ.get("REFUND_LINE") == "current":  # stripe 15 and later: objects are no dicts any more
            print(f"Refund amount: {refund['refundAmount'] if 'refundAmount' in refund else 0}")
        else:
            print(f"Refund amount: {refund.get('refundAmount', 0)}")
    elif event["type"] == "checkout.session.completed":
        print(f"Checkout completed: {event['data']['object']}")

    return "", 200


app.run("127.0.0.1", int(os.environ["PORT"]))
