"""Payments held in every state that can wait, and how each is finished by whichever release is there then."""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import requests

from tools.ops.onboarding import DEMO_SECRET

VISA: Final = "4242424242424242"
FINAL: Final = frozenset({"SUCCESS", "FAILED", "VOIDED", "CARD_CAPTURE_FAILED", "REFUNDED", "PARTIALLY_REFUNDED"})
_PATIENCE_SECONDS: Final = 240.0


@dataclass(frozen=True, slots=True)
class Kind:
    """``card`` is submitted before the switch unless it is empty, and ``vouchers`` are chosen unless that is None."""

    name: str
    card: str = VISA
    vouchers: str | None = None
    ends: str = "SUCCESS"


# A voucher's code says what it is worth and how its issuer behaves; a card's number the same of its bank.
KINDS: Final = (
    Kind("no card yet", card=""),
    Kind("asked for a code", card="4000002500003155"),
    Kind("bank undecided", card="4000000000000101"),
    Kind("held, nothing chosen"),
    Kind("voucher's answer lost", vouchers="V5000-SPENDLOST"),
    Kind("issuer not told", vouchers="V5000-NOTIFYFAIL"),
    Kind("card's answers lost", card="4000000000000119", vouchers=""),
    Kind("capture only accepted", card="4000000000000150", vouchers=""),
    Kind("rest still held", card="4000000000000077", vouchers="V5000-OK"),
    Kind("capture refused", card="4000000000000341", vouchers="V5000-OK", ends="CARD_CAPTURE_FAILED"),
)


@dataclass(slots=True)
class Payment:
    """One payment as its shop knows it."""

    kind: Kind
    id: str
    page: str
    codes: list[str] = field(default_factory=list)
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant's server and its customers, by HTTP alone."""

    base_url: str
    session: requests.Session = field(default_factory=requests.Session, repr=False)

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The answer's body. Raises RuntimeError for one that is no success."""
        headers = {"Authorization": f"Bearer {DEMO_SECRET}"}
        answer = self.session.request(method, self.base_url + path, json=body, headers=headers, timeout=60)
        if not answer.ok:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer.json()

    def begin(self, count: int, notify_url: str) -> list[Payment]:
        """``count`` payments, of each kind as many, each as far as its kind goes."""
        kinds = itertools.islice(itertools.cycle(KINDS), count)
        return [self._begun(kind, f"{notify_url}/{number}") for number, kind in enumerate(kinds)]

    def _begun(self, kind: Kind, notify_url: str) -> Payment:
        made = self.call("POST", "/api/payment/init", {"amount": 150.00, "notifyUrl": notify_url})
        payment = Payment(kind, made["transactionId"], made["igfs"]["paymentId"])
        if kind.card:
            self._card(payment)
        if kind.vouchers is not None:
            self._until(payment, _is_held)
            self._choose(payment)
        return payment

    def _card(self, payment: Payment) -> None:
        body = {"number": payment.kind.card or VISA, "holderName": "Ada Rossi", "expiryMonth": 12, "expiryYear": 2030}
        self.call("POST", f"/sandbox/card-page/{payment.page}", body | {"cvv": "123"})

    def _choose(self, payment: Payment) -> None:
        """What its customer pays with, once; a kind that had not come so far pays a part with a voucher."""
        vouchers = "V5000-OK" if payment.kind.vouchers is None else payment.kind.vouchers
        if vouchers:
            payment.codes = [f"{vouchers}{secrets.token_hex(6).upper()}"]
        choice: dict[str, Any] = {"choice": "CARD_ONLY"}
        if payment.codes:
            choice = {"choice": "VOUCHERS", "vouchers": [{"otp": code} for code in payment.codes]}
        self.call("POST", f"/api/payment/voucher-choice/{payment.id}", choice)
        payment.chosen = True

    def finish(self, payments: list[Payment]) -> list[str]:
        """Bring each to its end; what is wrong with those that do not come there, or to another."""
        wrong: list[str] = []
        for act in (self._go_on, self._end):
            for payment in payments:
                try:
                    act(payment)
                except RuntimeError as error:
                    wrong.append(str(error))
        return wrong

    def _end(self, payment: Payment) -> None:
        seen = self._until(payment, lambda seen: seen["status"] in FINAL)
        if seen["status"] != payment.kind.ends:
            raise RuntimeError(f"{payment.kind.name}: {seen['status']} instead of {payment.kind.ends}: {seen}")

    def _go_on(self, payment: Payment) -> None:
        if not payment.kind.card:
            self._card(payment)
        if payment.kind.name == "asked for a code":
            self.call("POST", f"/sandbox/card-page/{payment.page}/challenge", {"otp": "123456"})
        if not payment.chosen:
            self._until(payment, _is_held, self._asked if payment.kind.name == "bank undecided" else None)
            self._choose(payment)

    def transaction(self, payment: Payment) -> dict[str, Any]:
        return dict(self.call("GET", f"/api/payment/transaction/{payment.id}"))

    def _asked(self, payment: Payment) -> None:
        """As the card page does while its bank does not know yet."""
        self.call("POST", f"/sandbox/card-page/{payment.page}/ask", {})

    def _until(
        self,
        payment: Payment,
        done: Callable[[dict[str, Any]], bool],
        meanwhile: Callable[[Payment], None] | None = None,
    ) -> dict[str, Any]:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not done(seen := self.transaction(payment)):
            if meanwhile is not None:
                meanwhile(payment)
            if time.monotonic() > deadline:
                raise RuntimeError(f"{payment.kind.name}: not reached in time; last seen: {seen}")
            time.sleep(0.2)
        return seen


def _is_held(seen: dict[str, Any]) -> bool:
    return bool(seen["status"] == "CARD_PREAUTH_SUCCESS")
