"""The acquirer's books: a shop's orders, and the operations that became of each. Amounts are in the smallest unit."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Final

APPROVED: Final = "4349940199997007"
# Cards of its page, by number, and what an authorisation of them comes to; any other is approved.
DECLINES: Final = {
    "4349940199997015": "DECLINED",
    "4349940199997023": "DENIED_BY_RISK",
    "4349940199997031": "THREEDS_FAILED",
    "4349940199997049": "FAILED",
}
LIVE: Final = frozenset({"EXECUTED", "PENDING"})


class Refused(Exception):
    """The acquirer says no: the status, and the code and text of its reply."""

    def __init__(self, status: int, code: str, text: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.body: dict[str, Any] = {"errors": [{"code": code, "description": text or code}]}


def malformed(text: str) -> Refused:
    return Refused(400, "GW0001", text)


@dataclass(slots=True)
class Operation:
    id: str
    kind: str
    result: str
    amount: int
    card: str = ""


@dataclass(slots=True)
class Order:
    """``keeps_rest``: what a capture leaves of the hold stays held. ``contract``: what its card is to be kept as.

    ``three_ds``: Nexi's word of 3-D Secure; it publishes the field and none of its words. Empty: it says nothing.
    """

    id: str
    amount: int
    currency: str
    sale: bool
    custom_field: str
    token: str = ""
    result_url: str = ""
    cancel_url: str = ""
    contract: str = ""
    keeps_rest: bool = False
    three_ds: str = "FULL_SECURE"
    operations: list[Operation] = field(default_factory=list)

    def found(self, *kinds: str) -> list[Operation]:
        return [one for one in self.operations if one.kind in kinds]

    @property
    def authorisation(self) -> Operation | None:
        taken = [one for one in self.found("AUTHORIZATION") if one.result not in DECLINES.values()]
        return taken[-1] if taken else None

    @property
    def taken(self) -> int:
        return sum(one.amount for one in self.found("CAPTURE") if one.result in LIVE)

    @property
    def refunded(self) -> int:
        return sum(one.amount for one in self.found("REFUND") if one.result in LIVE)

    @property
    def held(self) -> int:
        found = self.authorisation
        if found is None or found.result != "AUTHORIZED" or (self.taken and not self.keeps_rest):
            return 0
        return found.amount - self.taken


@dataclass(slots=True)
class Terminal:
    """One shop's. ``captures_wait`` and ``refunds_wait``: what is asked for is only accepted at first."""

    key: str = field(default="a-key-of-the-terminal", repr=False)
    captures_wait: bool = False
    refunds_wait: bool = False
    orders: dict[str, Order] = field(default_factory=dict)
    contracts: dict[str, str] = field(default_factory=dict, repr=False)  # kept cards
    answered: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)  # by path and Idempotency-Key
    numbers: int = 310_000_000_000_000_000
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def number(self) -> str:
        self.numbers += 1
        return str(self.numbers)

    def order(self, name: str) -> Order:
        if name not in self.orders:
            raise Refused(404, "GW0404", "Order not found")
        return self.orders[name]

    def about(self, operation: str) -> tuple[Order, Operation]:
        for order in self.orders.values():
            for one in order.operations:
                if one.id == operation:
                    return order, one
        raise Refused(404, "GW0404", "Operation not found")

    # ---- what customers and banks do ----

    def entered(self, name: str, card: str = APPROVED, amount: int | None = None) -> bool:
        """A card is entered on the order's page; False where that takes none any more."""
        order = self.order(name)
        if order.operations:
            return False
        result = DECLINES.get(card, "AUTHORIZED")
        self._authorised(order, result, card, order.amount if amount is None else amount)
        return True

    def hesitates(self, name: str) -> bool:
        order = self.order(name)
        if order.operations:
            return False
        order.operations.append(Operation(self.number(), "AUTHORIZATION", "PENDING", order.amount, APPROVED))
        return True

    def decided(self, name: str, *, approves: bool) -> None:
        (pending,) = self.order(name).operations
        self.order(name).operations.clear()
        result = "AUTHORIZED" if approves else "DECLINED"
        self._authorised(self.order(name), result, pending.card, pending.amount, pending.id)

    def settled(self, *, stands: bool) -> None:
        """What was only accepted is booked, or comes back."""
        for order in self.orders.values():
            for one in order.operations:
                if one.result == "PENDING":
                    one.result = "EXECUTED" if stands else "FAILED"

    def let_go(self, order: Order) -> None:
        """The hold ends at the bank; that its authorisation is called VOIDED then is our assumption."""
        if order.authorisation is not None:
            order.authorisation.result = "VOIDED"

    # ---- what the shop asks for ----

    def charge(self, order: Order, contract: str) -> Operation:
        if contract not in self.contracts:
            raise Refused(400, "GW0021", "Contract not found")
        self.orders[order.id] = order
        card = self.contracts[contract]
        return self._authorised(order, DECLINES.get(card, "AUTHORIZED"), card, order.amount)

    def capture(self, name: str, amount: int) -> Operation:
        order, held = self.about(name)
        if held.kind != "AUTHORIZATION" or not 0 < amount <= order.held:
            raise Refused(400, "GW0032", "The operation cannot be captured")
        return self._added(order, "CAPTURE", "PENDING" if self.captures_wait else "EXECUTED", amount)

    def cancel(self, name: str) -> Operation:
        order, held = self.about(name)
        rest = order.held
        if held.kind != "AUTHORIZATION" or not rest:
            raise Refused(400, "GW0033", "The operation cannot be cancelled")
        held.result = "EXECUTED" if order.taken else "VOIDED"
        return self._added(order, "VOID", "EXECUTED", rest)

    def refund(self, name: str, amount: int) -> Operation:
        order, taken = self.about(name)
        if taken.kind != "CAPTURE" or not 0 < amount <= order.taken - order.refunded:
            raise Refused(400, "GW0034", "The operation cannot be refunded")
        return self._added(order, "REFUND", "PENDING" if self.refunds_wait else "EXECUTED", amount)

    def _authorised(self, order: Order, result: str, card: str, amount: int, name: str = "") -> Operation:
        made = Operation(name or self.number(), "AUTHORIZATION", result, amount, card)
        order.operations.append(made)
        if result == "AUTHORIZED" and order.contract:
            self.contracts[order.contract] = card
        if result == "AUTHORIZED" and order.sale:
            made.result = "EXECUTED"
            self._added(order, "CAPTURE", "EXECUTED", amount)
        return made

    def _added(self, order: Order, kind: str, result: str, amount: int) -> Operation:
        order.operations.append(Operation(self.number(), kind, result, amount))
        return order.operations[-1]
