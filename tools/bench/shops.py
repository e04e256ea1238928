"""How a shop pays, at the gateway and at localstripe: plain HTTP, and webhooks that are waited for."""

from __future__ import annotations

import http.client
import json
import threading
import time
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import urlencode, urlsplit

from tools.local.demo.stage import CARD
from tools.ops.onboarding import DEMO_SECRET
from tools.testing.receiver import Arrived

SUCCEEDED: Final = "payment_intent.succeeded"
PATIENCE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that was captured, and when its shop knew (or had done its last request)."""

    id: str
    captured: float


class Shop(Protocol):
    """One side of the comparison. Safe for threads."""

    def pay(self) -> Paid: ...

    def heard(self, payment: Paid) -> float:
        """When the webhook of its success came. Waits for it; raises RuntimeError when it does not come."""
        ...


class Hooks(list[Arrived]):
    """What a receiver collects, so that the success of one payment can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._succeeded: dict[str, float] = {}

    def append(self, hook: Arrived) -> None:
        body = json.loads(hook.body)
        with self._changed:
            super().append(hook)
            if body["type"] == SUCCEEDED:
                told = body["data"]["object"]
                self._succeeded.setdefault(told.get("transactionId") or told["id"], time.perf_counter())
            self._changed.notify_all()

    def success_of(self, payment_id: str) -> float:
        """The moment it came. Raises RuntimeError when it does not come in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: payment_id in self._succeeded, PATIENCE_SECONDS):
                raise RuntimeError(f"no webhook told of {payment_id} within {PATIENCE_SECONDS:.0f} s")
            return self._succeeded[payment_id]


@dataclass(frozen=True, slots=True)
class Caller:
    """JSON answers over one kept connection per thread. ``authorization`` is the header's value."""

    url: str
    authorization: str = field(repr=False)
    content_type: str
    _kept: threading.local = field(default_factory=threading.local, repr=False)

    def post(self, path: str, body: str) -> dict[str, Any]:
        """Raises RuntimeError for an answer that is no success."""
        parts = urlsplit(self.url)
        connection = getattr(self._kept, "connection", None)
        if connection is None:
            connection = self._kept.connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE_SECONDS)
        headers = {"Authorization": self.authorization, "Content-Type": self.content_type}
        connection.request("POST", parts.path + path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"POST {path} was answered {answer.status}: {text[:500]!r}")
        return dict(json.loads(text))


class GatewayShop:
    """Card held on the sandbox's page, card only chosen, captured by the flow: known by the webhook that says so."""

    def __init__(self, url: str, hook: str, hooks: Hooks) -> None:
        self._caller = Caller(url, f"Bearer {DEMO_SECRET}", "application/json")
        self._order = json.dumps({"amount": 150.0, "description": "Order 12345", "notifyUrl": hook})
        self._hooks = hooks

    def pay(self) -> Paid:
        payment = self._caller.post("/api/payment/init", self._order)
        self._caller.post(f"/sandbox/card-page/{payment['igfs']['paymentId']}", json.dumps(CARD))
        choice = json.dumps({"choice": "CARD_ONLY"})
        self._caller.post(f"/api/payment/voucher-choice/{payment['transactionId']}", choice)
        paid = Paid(payment["transactionId"], time.perf_counter())
        self.heard(paid)
        return paid

    def heard(self, payment: Paid) -> float:
        return self._hooks.success_of(payment.id)


class StripeShop:
    """Created for manual capture, confirmed, captured: each answer says that it is done; no webhook is waited for."""

    def __init__(self, url: str, hooks: Hooks) -> None:
        key = b64encode(b"sk_test_bench:").decode()
        self._caller = Caller(f"{url}/v1/payment_intents", f"Basic {key}", "application/x-www-form-urlencoded")
        order = {"amount": 15000, "currency": "eur", "capture_method": "manual", "payment_method": "pm_card_visa"}
        self._order = urlencode(order)
        self._hooks = hooks

    def pay(self) -> Paid:
        intent = self._caller.post("", self._order)["id"]
        self._caller.post(f"/{intent}/confirm", "")
        if self._caller.post(f"/{intent}/capture", "")["status"] != "succeeded":
            raise RuntimeError(f"{intent} was not captured")
        return Paid(intent, time.perf_counter())

    def heard(self, payment: Paid) -> float:
        return self._hooks.success_of(payment.id)
