"""The acquirer's books: a shop's hosted checkouts, the payment that became of each, its captures and refunds."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Final

APPROVED: Final = "4330264936344675"
# Cards of its page, by number, and the error that the bank's answer is told by; any other is approved.
DECLINES: Final = {
    "4330264936344683": "30511001",
    "4330264936344691": "30051001",
    "4330264936344709": "30331001",
    "4330264936344717": "40001134",
}
CODES: Final = {
    "REJECTED": 2,
    "PENDING_CAPTURE": 5,
    "CANCELLED": 6,
    "CAPTURED": 9,
    "AUTHORIZATION_REQUESTED": 51,
    "CAPTURE_REQUESTED": 91,
    "REJECTED_CAPTURE": 93,
    "REFUNDED": 8,
    "REFUND_REQUESTED": 81,
}


class Refused(Exception):
    """The acquirer says no: the status, and the error of its reply; ``result`` is what became of it all the same."""

    def __init__(self, status: int, code: str, text: str, result: dict[str, Any] | None = None) -> None:
        super().__init__(text)
        error = {"errorCode": code, "code": code[:4], "id": text.upper().replace(" ", "_"), "message": text}
        self.status = status
        self.body: dict[str, Any] = {"errorId": "far-0001", "errors": [{**error, "httpStatusCode": status}]}
        self.body |= result or {}


def malformed(text: str) -> Refused:
    return Refused(400, "50001111", f"{text} is not right")


def missing() -> Refused:
    return Refused(404, "50001130", "Unknown order")


@dataclass(slots=True)
class Part:
    """A capture or a refund."""

    id: str
    amount: int
    reference: str
    status: str


@dataclass(slots=True)
class Payment:
    id: str
    amount: int
    currency: str
    reference: str
    status: str
    card: str
    error: str = ""
    token: str = ""
    captures: list[Part] = field(default_factory=list)
    refunds: list[Part] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return sum(one.amount for one in self.captures if one.status in ("CAPTURED", "CAPTURE_REQUESTED"))

    @property
    def refunded(self) -> int:
        return sum(one.amount for one in self.refunds if one.status in ("REFUNDED", "REFUND_REQUESTED"))

    @property
    def held(self) -> int:
        return self.amount - self.taken if self.status == "PENDING_CAPTURE" else 0


@dataclass(slots=True)
class Checkout:
    id: str
    amount: int
    currency: str
    reference: str
    sale: bool
    tokenize: bool
    attempts: int
    return_url: str
    status: str = "IN_PROGRESS"
    payment: Payment | None = None


@dataclass(slots=True)
class Shop:
    """One merchant id with its key. ``captures_wait`` and ``refunds_wait``: these are only accepted at first."""

    merchant_id: str = "ShopAtWorldline"
    key_id: str = "5b5b1a7e4d0e4c7a"
    secret: str = field(default="own/secret+of=the-shop", repr=False)
    captures_wait: bool = False
    refunds_wait: bool = False
    checkouts: dict[str, Checkout] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict, repr=False)
    answered: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)  # by path and idempotence key
    numbers: int = 3_254_564_000
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def number(self) -> str:
        self.numbers += 1
        return str(self.numbers)

    def checkout(self, name: str) -> Checkout:
        if name not in self.checkouts:
            raise missing()
        return self.checkouts[name]

    def payment(self, name: str) -> Payment:
        if name not in self.payments:
            raise missing()
        return self.payments[name]

    # ---- what customers and banks do ----

    def entered(self, name: str, card: str = APPROVED, amount: int | None = None) -> bool:
        """A card is entered on the page; False where that takes none any more."""
        checkout = self.checkout(name)
        if checkout.status != "IN_PROGRESS":
            return False
        payment = self._paid(checkout, card, checkout.amount if amount is None else amount)
        checkout.attempts -= 1
        if payment.status != "REJECTED" or not checkout.attempts:
            checkout.status, checkout.payment = "PAYMENT_CREATED", payment
        return True

    def left(self, name: str) -> bool:
        checkout = self.checkout(name)
        if checkout.status != "IN_PROGRESS":
            return False
        checkout.status = "CANCELLED_BY_CONSUMER"
        return True

    def hesitates(self, name: str) -> bool:
        checkout = self.checkout(name)
        made = self._made(checkout.amount, checkout.currency, checkout.reference, APPROVED)
        made.status, checkout.status, checkout.payment = "AUTHORIZATION_REQUESTED", "PAYMENT_CREATED", made
        return True

    def decided(self, name: str, *, approves: bool) -> None:
        checkout = self.checkout(name)
        assert checkout.payment is not None
        checkout.payment.status = "REJECTED"
        if approves:
            self._decided(checkout.payment, sale=checkout.sale)
        else:
            checkout.payment.error = "30051001"

    def settled(self, *, stands: bool) -> None:
        """What was only accepted is booked, or comes back."""
        for payment in self.payments.values():
            for capture in payment.captures:
                if capture.status == "CAPTURE_REQUESTED":
                    capture.status = "CAPTURED" if stands else "REJECTED_CAPTURE"
            for refund in payment.refunds:
                if refund.status == "REFUND_REQUESTED":
                    refund.status = "REFUNDED" if stands else "REJECTED"

    def let_go(self, payment: Payment) -> None:
        """The hold ends at the bank; that the payment is called CANCELLED then is our assumption."""
        if payment.status == "PENDING_CAPTURE":
            payment.status = "CANCELLED"

    # ---- what the shop asks for ----

    def capture(self, name: str, amount: int, reference: str, *, final: bool) -> Part:
        payment = self.payment(name)
        if payment.status != "PENDING_CAPTURE":
            raise Refused(402, "50001127", "This order is not authorized")
        if not 0 < amount <= payment.held:
            raise Refused(402, "50001111", "The amount is above the authorized one")
        status = "CAPTURE_REQUESTED" if self.captures_wait else "CAPTURED"
        payment.captures.append(Part(f"{name.partition('_')[0]}_{self.number()}", amount, reference, status))
        if final or not payment.held:
            payment.status = "CAPTURED"
        return payment.captures[-1]

    def cancel(self, name: str) -> Payment:
        payment = self.payment(name)
        if payment.status != "PENDING_CAPTURE":
            raise Refused(402, "50001127", "This order cannot be cancelled")
        payment.status = "CAPTURED" if payment.taken else "CANCELLED"
        return payment

    def refund(self, name: str, amount: int, reference: str) -> Part:
        payment = self.payment(name)
        if not 0 < amount <= payment.taken - payment.refunded:
            raise Refused(402, "50001046", "Overflow in refunds requests")
        status = "REFUND_REQUESTED" if self.refunds_wait else "REFUNDED"
        payment.refunds.append(Part(f"{name.partition('_')[0]}_{self.number()}", amount, reference, status))
        return payment.refunds[-1]

    def charge(self, amount: int, currency: str, reference: str, token: str) -> Payment:
        if token not in self.tokens:
            raise Refused(404, "50001140", "Unknown token")
        made = self._made(amount, currency, reference, self.tokens[token])
        self._decided(made, sale=True)
        return made

    def _paid(self, checkout: Checkout, card: str, amount: int) -> Payment:
        made = self._made(amount, checkout.currency, checkout.reference, card)
        self._decided(made, sale=checkout.sale)
        if checkout.tokenize and not made.error:
            made.token = f"tok{self.number()}"
            self.tokens[made.token] = card
        return made

    def _made(self, amount: int, currency: str, reference: str, card: str) -> Payment:
        made = Payment(f"{self.number()}_0", amount, currency, reference, "REJECTED", card)
        self.payments[made.id] = made
        return made

    def _decided(self, made: Payment, *, sale: bool) -> None:
        made.error = DECLINES.get(made.card, "")
        if made.error:
            return
        made.status = "CAPTURED" if sale else "PENDING_CAPTURE"
        if sale:
            made.captures.append(Part(made.id, made.amount, "", "CAPTURED"))
