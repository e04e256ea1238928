"""A simulated Monni: all of it is our own invention, because Monni publishes nothing.

A code is good for one reservation, which is spent or let go within five minutes; nobody can ask about one without
reserving it. No key makes a call happen once: a reservation is spent once and a transaction given back once, whole,
until the end of the day of the sale (``reversible_until``) and with a note of ours. Both say so when they are asked
for. Amounts are cents.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from tools.testing.far_sides.door import Door, Reply, Request
from tools.testing.far_sides.issuer_books import IssuerBooks, Refusal, Ticket

_RESERVATIONS: Final = "/v1/reservations"
_TRANSACTIONS: Final = "/v1/transactions"


@dataclass
class Reservation:
    id: str
    reference: str
    ticket: Ticket
    state: str = "reserved"
    transaction: str = ""
    cents: int = 0
    reversal: str = ""
    note: str = ""


class MonniIssuer(Door):
    """Serves until ``close``. ``keys`` are those of its shops."""

    def __init__(self, books: IssuerBooks, keys: set[str]) -> None:
        self.books, self.keys = books, keys
        self.reservations: dict[str, Reservation] = {}
        self.asked: list[Request] = []
        super().__init__()

    def is_question(self, request: Request) -> bool | None:
        return request.method == "GET"

    def answer(self, request: Request) -> Reply:
        self.asked.append(request)
        if request.headers.get("x-api-key") not in self.keys:
            return _error(401, "key_refused")
        try:
            with self.books.lock:
                return self._done(request)
        except Refusal as refusal:
            return _error(404 if refusal.word == "unknown" else 422, refusal.word)

    def _done(self, request: Request) -> Reply:
        given = json.loads(request.body or b"{}")
        name, _, action = request.path.removeprefix(_RESERVATIONS).strip("/").partition("/")
        if request.path == "/v1/shop":
            return _json({"shop": "shop_monni"})
        if request.path == _RESERVATIONS and request.method == "POST":
            return _json(_shown(self._reserved(given)))
        if request.path.startswith(_TRANSACTIONS):
            return self._of_transaction(request)
        reservation = self._known(name)
        if request.method == "DELETE":
            return _json(_shown(self._let_go(reservation)))
        if action == "spend" and request.method == "POST":
            return _json(_shown(self._spent(reservation, given)))
        return _json(_shown(reservation))

    def _known(self, name: str) -> Reservation:
        found = self.reservations.get(name)
        if found is None:
            raise Refusal("unknown")
        return found

    def _reserved(self, given: dict[str, Any]) -> Reservation:
        known = [one for one in self.reservations.values() if one.reference == given["reference"]]
        before = next((one for one in known if one.ticket.code == given["code"] and one.state == "reserved"), None)
        if before is not None:
            self.books.judge(before.ticket, given["currency"], before.id)
            self.books.hold(before.ticket, before.id)
            return before
        ticket = self.books.ticket(given["code"])
        self.books.judge(ticket, given["currency"])
        made = Reservation(self.books.number("rsv_"), given["reference"], ticket)
        self.books.hold(ticket, made.id)
        self.reservations[made.id] = made
        return made

    def _let_go(self, reservation: Reservation) -> Reservation:
        if reservation.state == "reserved":
            reservation.state, reservation.ticket.holder = "released", ""
        return reservation

    def _spent(self, reservation: Reservation, given: dict[str, Any]) -> Reservation:
        if reservation.transaction and reservation.cents == given["amount"]:
            return reservation
        ticket, now = reservation.ticket, self.books.now()
        if reservation.state != "reserved" or ticket.held_until is None or now >= ticket.held_until:
            raise Refusal("not_reserved")
        number = self.books.number("mtx_")
        self.books.spend(ticket, given["amount"], given["currency"], reservation.id, number, same_day=True)
        reservation.state, reservation.transaction, reservation.cents = "spent", number, given["amount"]
        return reservation

    def _of_transaction(self, request: Request) -> Reply:
        number, _, action = request.path.removeprefix(_TRANSACTIONS).strip("/").partition("/")
        found = next((one for one in self.reservations.values() if number and one.transaction == number), None)
        if found is None:
            raise Refusal("unknown")
        if action == "reversal" and request.method == "POST":
            if found.reversal:
                raise Refusal("already_reversed")
            self.books.give_back(found.ticket, found.cents)
            found.state, found.reversal = "reversed", self.books.number("mrv_")
            found.note = str(json.loads(request.body or b"{}").get("note", ""))
        return _json(_shown(found))


def _shown(reservation: Reservation) -> dict[str, Any]:
    ticket = reservation.ticket
    held = ticket.held_until.isoformat() if ticket.held_until else None
    return {
        "id": reservation.id,
        "state": reservation.state,
        "serial": ticket.serial,
        "amount": ticket.cents,
        "kind": ticket.kind,
        "divisible": ticket.divisible,
        "expires_on": ticket.until.isoformat(),
        "reserved_until": held,
        "transaction": reservation.transaction or None,
        "spent": reservation.cents,
        "reversible_until": ticket.returns_until.isoformat() if ticket.returns_until else None,
        "reversal": reservation.reversal or None,
        "note": reservation.note,
    }


def _error(status: int, code: str) -> Reply:
    return Reply(status, json.dumps({"error": {"code": code}}).encode())


def _json(body: dict[str, Any]) -> Reply:
    return Reply(200, json.dumps(body).encode())
