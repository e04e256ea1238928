"""A shop's server and its customer, as a test speaks for them: plain HTTP against a base URL."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any

import requests

SECRET_KEY = os.environ.get("GATEWAY_SECRET_KEY", "sk_test_PayGlobe123456789TestSecret")
PUBLISHABLE_KEY = os.environ.get("GATEWAY_PUBLISHABLE_KEY", "pk_test_PayGlobe123456789TestPublishable")
VISA = "4242424242424242"
DECLINED = "4000000000000002"
FINAL = frozenset({"SUCCESS", "CARD_CAPTURE_FAILED", "FAILED", "VOIDED", "REFUNDED", "PARTIALLY_REFUNDED"})
SETTLED = FINAL | {"VOUCHER_FAILED"}
PATIENCE = 90.0  # seconds for what takes one; a machine that is busy with other things says nothing about ours


@dataclass(frozen=True, slots=True)
class Client:
    """``key`` None sends no Authorization header."""

    base_url: str
    key: str | None = SECRET_KEY
    session: requests.Session = field(default_factory=requests.Session, repr=False)

    def using(self, key: str | None) -> Client:
        return replace(self, key=key)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> requests.Response:
        """One request; headers by keyword, with ``_`` for ``-``."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key is not None:
            sent["Authorization"] = f"Bearer {self.key}"
        return self.session.request(method, self.base_url + path, json=body, headers=sent, timeout=120)

    def get(self, path: str) -> dict[str, Any]:
        reply = self.call("GET", path)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def init(self, amount: float | str = 150.00, **more: object) -> dict[str, Any]:
        reply = self.call("POST", "/api/payment/init", {"amount": amount, **more})
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def submit(self, payment: dict[str, Any], number: str = VISA) -> requests.Response:
        """The customer submits a card on the hosted page, whatever comes of it."""
        body = {"number": number, "holderName": "Ada Rossi", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}
        return self.using(None).call("POST", f"/sandbox/card-page/{payment['igfs']['paymentId']}", body)

    def card(self, payment: dict[str, Any], number: str = VISA) -> dict[str, Any]:
        """The same, with a card that is judged."""
        reply = self.submit(payment, number)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def choose(self, payment: dict[str, Any], *otps: str) -> requests.Response:
        """The customer chooses vouchers, or the card alone when there is none."""
        body: dict[str, object] = {"choice": "CARD_ONLY"}
        if otps:
            body = {"choice": "VOUCHERS", "vouchers": [{"otp": otp} for otp in otps]}
        return self.call("POST", f"/api/payment/voucher-choice/{payment['transactionId']}", body)

    def transaction(self, payment: dict[str, Any]) -> dict[str, Any]:
        return self.get(f"/api/payment/transaction/{payment['transactionId']}")

    def settled(
        self, payment: dict[str, Any], statuses: Collection[str] = SETTLED, seconds: float = PATIENCE
    ) -> dict[str, Any]:
        """The payment once its status is one of ``statuses``."""
        seen: dict[str, Any] = until(
            lambda: self.transaction(payment), lambda seen: seen["status"] in statuses, seconds
        )
        return seen

    def book(self, payment: dict[str, Any]) -> dict[str, Any]:
        """The sandbox gateway's own book of the payment."""
        return self.get(f"/api/sandbox/payments/{payment['igfs']['paymentId']}")

    def voucher_book(self, otp: str) -> dict[str, Any]:
        return self.get(f"/api/sandbox/vouchers/{otp}")

    def paid(self, *otps: str, amount: float = 150.00, card: str = VISA, **more: object) -> dict[str, Any]:
        """A payment that went all the way: init, card, choice."""
        payment = self.init(amount, **more)
        self.card(payment, card)
        assert self.choose(payment, *otps).status_code == 202
        assert self.settled(payment, FINAL)["status"] == "SUCCESS"
        return payment


def voucher(cents: int, behaviour: str = "OK") -> str:
    """A fresh voucher code worth ``cents``."""
    return f"V{cents}-{behaviour}{secrets.token_hex(6)}"


def until(read: Callable[[], Any], done: Callable[[Any], bool], seconds: float = PATIENCE) -> Any:
    """Poll ``read`` until ``done``; fails with the last thing seen at the deadline."""
    deadline = time.monotonic() + seconds
    pause = 0.05
    while True:
        seen = read()
        if done(seen):
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not reached within {seconds} s; last seen: {seen}")
        time.sleep(pause)
        pause = min(pause * 1.3, 0.5)
