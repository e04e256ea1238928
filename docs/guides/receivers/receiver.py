"""A webhook receiver in plain Python: WEBHOOK_SECRET=whsec_... PORT=4242 python receiver.py"""
# ruff: noqa - a sample for any Python 3 and any shop, not a part of this project

import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["WEBHOOK_SECRET"]
SEEN = set()  # in a real shop: a table, since the same event may come more than once


def verified(raw_body, header):
    """Whether Stripe-Signature (t=<unix>,v1=<hex>[,v1=<hex>]) was made with our secret within five minutes."""
    parts = [part.partition("=") for part in header.split(",")]
    timestamp = next((value for name, _, value in parts if name == "t"), "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        return False
    expected = hmac.new(SECRET.encode(), timestamp.encode() + b"." + raw_body, hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(expected, value) for name, _, value in parts if name == "v1")


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        raw_body = self.rfile.read(int(self.headers["Content-Length"]))
        if not verified(raw_body, self.headers.get("Stripe-Signature", "")):
            self.answer(401)
            return
        event = json.loads(raw_body)
        if event["id"] not in SEEN:
            SEEN.add(event["id"])
            print(event["type"], event["data"]["object"].get("transactionId"), flush=True)
        self.answer(200)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "4242"))), Receiver).serve_forever()
