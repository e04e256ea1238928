"""The acquirer's books: one business's orders, what was authorised, captured and refunded. Amounts in hundredths."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Final

_NOT_CAPTURED: Final = {
    "VOIDED": "AUTHORIZATION_VOIDED",
    "DENIED": "AUTHORIZATION_DENIED",
    "CAPTURED": "AUTHORIZATION_ALREADY_CAPTURED",
}
_NOT_VOIDED: Final = {"VOIDED": "PREVIOUSLY_VOIDED", "CAPTURED": "PREVIOUSLY_CAPTURED"}


class Refused(Exception):
    """The acquirer says no: the status, the name and the issue of its reply."""

    def __init__(self, status: int, name: str, issue: str = "") -> None:
        super().__init__(issue or name)
        self.status = status
        self.body: dict[str, Any] = {"name": name, "message": "The requested action could not be performed."}
        self.body["debug_id"] = "far"
        if issue:
            self.body["details"] = [{"issue": issue, "description": issue.replace("_", " ").capitalize()}]


def unprocessable(issue: str) -> Refused:
    return Refused(422, "UNPROCESSABLE_ENTITY", issue)


def missing() -> Refused:
    return Refused(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")


@dataclass(slots=True)
class Refund:
    id: str
    amount: int
    custom_id: str
    status: str


@dataclass(slots=True)
class Capture:
    id: str
    amount: int
    invoice_id: str
    status: str
    refunds: list[Refund] = field(default_factory=list)

    @property
    def refunded(self) -> int:
        return sum(refund.amount for refund in self.refunds if refund.status in ("COMPLETED", "PENDING"))


@dataclass(slots=True)
class Authorization:
    id: str
    amount: int
    status: str
    expired: bool = False


@dataclass(slots=True)
class Saved:
    """A payer's account in the vault. ``declines``: the issue by which it refuses to be charged."""

    id: str
    payer: str
    declines: str = ""


@dataclass(slots=True)
class Order:
    id: str
    intent: str
    amount: int
    currency: str
    custom_id: str
    return_url: str
    cancel_url: str
    status: str = "PAYER_ACTION_REQUIRED"
    saves: bool = False  # the payer's account, when the order is paid
    payer: str = "BUYER1"
    saved: Saved | None = None
    declines: str = ""  # the issue by which the buyer's way of paying is declined
    authorization: Authorization | None = None
    captures: list[Capture] = field(default_factory=list)

    @property
    def held(self) -> int:
        found = self.authorization
        return found.amount if found is not None and found.status == "CREATED" else 0

    @property
    def taken(self) -> int:
        return sum(capture.amount for capture in self.captures if capture.status not in ("DECLINED", "FAILED"))

    @property
    def refunded(self) -> int:
        return sum(capture.refunded for capture in self.captures)


@dataclass(slots=True)
class Dispute:
    """``evidences`` are what the shop said: type, notes, and the names of its files."""

    id: str
    capture: Capture
    order: Order
    status: str = "WAITING_FOR_SELLER_RESPONSE"
    outcome: str = ""
    evidences: list[tuple[str, str, list[str]]] = field(default_factory=list)
    accepted: int = 0


@dataclass(slots=True)
class Business:
    """One shop. ``waits``: what is captured or refunded is only accepted at first; so is an authorisation.

    ``vault_waits``: an account that was agreed to be saved has no number yet. ``refuses_orders``: the issue
    for which it makes no order.
    """

    client_id: str = "AOwnClient"
    secret: str = field(default="EOwnSecret", repr=False)
    captures_wait: bool = False
    refunds_wait: bool = False
    authorizations_wait: bool = False
    vault_waits: bool = False
    refuses_orders: str = ""
    orders: dict[str, Order] = field(default_factory=dict)
    vault: dict[str, Saved] = field(default_factory=dict)
    disputes: dict[str, Dispute] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set, repr=False)
    answered: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)  # by path and PayPal-Request-Id
    numbers: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def number(self) -> str:
        self.numbers += 1
        return f"{self.client_id[1:4].upper()}{self.numbers:014d}"

    def order(self, name: str) -> Order:
        if name not in self.orders:
            raise missing()
        return self.orders[name]

    # ---- what buyers do ----

    def agreed(self, name: str, declines: str = "") -> bool:
        """The buyer approves; False for an order that is paid or over."""
        order = self.order(name)
        if order.status not in ("PAYER_ACTION_REQUIRED", "CREATED"):
            return False
        order.status, order.declines = "APPROVED", declines
        return True

    def settled(self, order: Order, *, stands: bool) -> None:
        """What was only accepted is booked, or comes back."""
        for capture in order.captures:
            if capture.status == "PENDING":
                capture.status = "COMPLETED" if stands else "DECLINED"
            for refund in capture.refunds:
                if refund.status == "PENDING":
                    refund.status = "COMPLETED" if stands else "FAILED"
        if order.authorization is not None and order.authorization.status == "PENDING":
            order.authorization.status = "CREATED" if stands else "DENIED"

    def let_go(self, order: Order) -> None:
        """The hold expires; there is no status of its own for that."""
        if order.authorization is not None:
            order.authorization.status, order.authorization.expired = "VOIDED", True

    def disputed(self, order: Order) -> Dispute:
        """The buyer disputes what the order's first capture took."""
        dispute = Dispute(f"PP-D-{self.number()}", order.captures[0], order)
        self.disputes[dispute.id] = dispute
        return dispute

    # ---- what the shop asks for ----

    def dispute(self, name: str) -> Dispute:
        if name not in self.disputes:
            raise missing()
        return self.disputes[name]

    def proves(self, dispute: Dispute, evidences: list[tuple[str, str, list[str]]]) -> None:
        self._awaits_shop(dispute)
        dispute.evidences += evidences
        dispute.status = "UNDER_REVIEW"

    def accepts(self, dispute: Dispute) -> None:
        """The shop gives the claim up, and the buyer gets the money."""
        self._awaits_shop(dispute)
        dispute.accepted += 1
        dispute.status, dispute.outcome = "RESOLVED", "RESOLVED_BUYER_FAVOUR"

    def _awaits_shop(self, dispute: Dispute) -> None:
        if dispute.status != "WAITING_FOR_SELLER_RESPONSE":
            raise unprocessable("ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE")

    def authorise(self, order: Order) -> None:
        self._payable(order, "AUTHORIZE", "ORDER_ALREADY_AUTHORIZED")
        status = "PENDING" if self.authorizations_wait else "CREATED"
        order.authorization, order.status = Authorization(self.number(), order.amount, status), "COMPLETED"
        self._saved(order)

    def take(self, order: Order) -> None:
        self._payable(order, "CAPTURE", "ORDER_ALREADY_CAPTURED")
        self._take(order)

    def charge(self, order: Order, name: str) -> None:
        """Take the order's amount from an account in the vault."""
        if order.captures:
            raise unprocessable("ORDER_ALREADY_CAPTURED")
        if name not in self.vault:
            raise unprocessable("TOKEN_ID_NOT_FOUND")
        if self.vault[name].declines:
            raise unprocessable(self.vault[name].declines)
        self._take(order)

    def forget(self, name: str) -> None:
        if self.vault.pop(name, None) is None:
            raise missing()

    def order_of(self, capture: str) -> tuple[Order, Capture]:
        for order in self.orders.values():
            for one in order.captures:
                if one.id == capture:
                    return order, one
        raise missing()

    def _take(self, order: Order) -> None:
        order.captures.append(self._captured(order.amount, ""))
        order.status = "COMPLETED"
        self._saved(order)

    def _saved(self, order: Order) -> None:
        if order.saves:
            order.saved = Saved(self.number().lower(), order.payer)
            self.vault[order.saved.id] = order.saved

    def capture(self, name: str, amount: int, currency: str, invoice_id: str, *, final: bool) -> Capture:
        order, found = self._authorised(name)
        if found.status in _NOT_CAPTURED:
            raise unprocessable("AUTHORIZATION_EXPIRED" if found.expired else _NOT_CAPTURED[found.status])
        if currency != order.currency:
            raise unprocessable("AUTH_CAPTURE_CURRENCY_MISMATCH")
        if not 0 < amount <= found.amount * 115 // 100:
            raise unprocessable("MAX_CAPTURE_AMOUNT_EXCEEDED")
        found.status = "CAPTURED" if final else "PARTIALLY_CAPTURED"
        order.captures.append(self._captured(amount, invoice_id))
        return order.captures[-1]

    def void(self, name: str) -> tuple[Authorization, Order]:
        order, found = self._authorised(name)
        if found.status in _NOT_VOIDED:
            raise unprocessable(_NOT_VOIDED[found.status])
        found.status = "VOIDED"
        return found, order

    def refund(self, name: str, amount: int, currency: str, custom_id: str) -> Refund:
        order, capture = self.order_of(name)
        if currency != order.currency:
            raise unprocessable("REFUND_CAPTURE_CURRENCY_MISMATCH")
        if capture.refunded == capture.amount:
            raise unprocessable("CAPTURE_FULLY_REFUNDED")
        if not 0 < amount <= capture.amount - capture.refunded:
            raise unprocessable("REFUND_AMOUNT_EXCEEDED")
        status = "PENDING" if self.refunds_wait else "COMPLETED"
        capture.refunds.append(Refund(self.number(), amount, custom_id, status))
        return capture.refunds[-1]

    def _payable(self, order: Order, intent: str, done: str) -> None:
        if order.authorization is not None or order.captures:
            raise unprocessable(done)
        if order.intent != intent:
            raise unprocessable("ACTION_DOES_NOT_MATCH_INTENT")
        if order.status != "APPROVED":
            raise unprocessable("ORDER_NOT_APPROVED")
        if order.declines:
            raise unprocessable(order.declines)

    def _captured(self, amount: int, invoice_id: str) -> Capture:
        return Capture(self.number(), amount, invoice_id, "PENDING" if self.captures_wait else "COMPLETED")

    def _authorised(self, name: str) -> tuple[Order, Authorization]:
        for order in self.orders.values():
            if order.authorization is not None and order.authorization.id == name:
                return order, order.authorization
        raise missing()
