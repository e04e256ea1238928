"""A simulated AssioPay. Signing in and how amounts are written is as public traces show; all else we invented.

Signing in gives a token that every call bears. Amounts are decimals with a comma. A code that nobody issued is a 404.
Spending and giving back take a reference of ours, by which they happen once and can be asked about.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tools.testing.far_sides.door import Door, Reply, Request
from tools.testing.far_sides.issuer_books import Done, IssuerBooks, Refusal, Ticket

_KINDS: Final = {"cumulative": "MF", "daily": "MFG", "canteen": "MFM", "single": "MF1"}
CODES: Final = {
    "": ("000", "Transazione eseguita"),
    "invalid": ("101", "Buono non valido"),
    "expired": ("102", "Buono scaduto"),
    "used": ("103", "Buono già utilizzato"),
    "not_here": ("104", "Buono non spendibile presso questo esercizio"),
    "too_high": ("105", "Importo superiore al valore"),
    "currency": ("106", "Valuta non ammessa"),
    "whole": ("107", "Storno parziale non ammesso"),
    "not_back": ("108", "Storno non ammesso"),
    "too_late": ("109", "Termine per lo storno scaduto"),
}
_API: Final = "/admin/"
_LOGIN: Final = "/web/user/login"


class AssioPayIssuer(Door):
    """Serves until ``close``. ``logins``: mail to password. ``revoke`` ends every token that was given."""

    def __init__(self, books: IssuerBooks, logins: dict[str, str]) -> None:
        self.books, self.logins = books, logins
        self.tokens: set[str] = set()
        self.asked: list[Request] = []
        super().__init__()

    def revoke(self) -> None:
        self.tokens.clear()

    def is_question(self, request: Request) -> bool | None:
        if request.path == _LOGIN:
            return None
        return request.method == "GET"

    def answer(self, request: Request) -> Reply:
        self.asked.append(request)
        if request.path == _LOGIN:
            return self._signed_in(request)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _json(401, {"message": "Unauthenticated"})
        action = request.path.removeprefix(_API)
        try:
            with self.books.lock:
                return self._done(action, request)
        except Refusal as refusal:
            if refusal.word == "unknown":
                return _json(404, {"message": "Not found"})
            return _json(200, _said(refusal.word))

    def _signed_in(self, request: Request) -> Reply:
        given = json.loads(request.body)
        if self.logins.get(given.get("mail"), "") != given.get("password"):
            return _json(401, {"message": "Invalid credentials"})
        token = self.books.number("tok_")
        self.tokens.add(token)
        return _json(200, {"accessToken": token})

    def _done(self, action: str, request: Request) -> Reply:
        if action.startswith("operazioni/"):
            return self._found(action.removeprefix("operazioni/"))
        given = json.loads(request.body or b"{}")
        if action == "esercente":
            return _json(200, {"esercente": "Negozio", "esito": "000"})
        if action == "verifica":
            return self._looked_at(given)
        if action == "spesa":
            return self._once(given["riferimento"], lambda: self._spent(given))
        if action == "storno":
            return self._once(given["riferimento"], lambda: self._given_back(given))
        if action == "notifica":
            self.books.of_operation(given["operazione"]).notices += 1
            return _json(200, _said(""))
        return _json(405, {"message": "Method not allowed"})

    def _looked_at(self, given: dict[str, Any]) -> Reply:
        ticket = self.books.ticket(given["codice"])
        try:
            self.books.judge(ticket, given["valuta"])
        except Refusal as refusal:
            return _json(200, {**_described(ticket), **_said(refusal.word)})
        return _json(200, {**_described(ticket), **_said("")})

    def _spent(self, given: dict[str, Any]) -> Done:
        ticket, number = self.books.of_serial(given["seriale"]), self.books.number("OP")
        cents = _cents(given["importo"])
        self.books.spend(ticket, cents, given["valuta"], given["riferimento"], number)
        return Done(number, cents)

    def _given_back(self, given: dict[str, Any]) -> Done:
        ticket, cents = self.books.of_operation(given["operazione"]), _cents(given["importo"])
        if ticket.kind == "canteen":
            raise Refusal("not_back")
        if given["valuta"] != self.books.currency:
            raise Refusal("currency")
        self.books.give_back(ticket, cents)
        return Done(self.books.number("ST"), cents)

    def _once(self, reference: str, act: Any) -> Reply:
        if reference not in self.books.done:
            try:
                self.books.done[reference] = act()
            except Refusal as refusal:
                if refusal.word == "unknown":
                    raise
                self.books.done[reference] = Done("", 0, refusal.word)
        return self._found(reference)

    def _found(self, reference: str) -> Reply:
        done = self.books.done.get(reference)
        if done is None:
            raise Refusal("unknown")
        return _json(200, {**_said(done.refused), "operazione": done.number, "importo": _comma(done.cents)})


def _described(ticket: Ticket) -> dict[str, Any]:
    worth = _comma(ticket.cents)
    return {
        "seriale": ticket.serial,
        "tipo": _KINDS[ticket.kind],
        "value": worth,
        "balance": _comma(ticket.cents - ticket.used),
        "maxSpendableAmount": worth,
        "frazionabile": ticket.divisible,
        "scadenza": ticket.until.strftime("%d/%m/%Y"),
        "soloAlimentari": True,
        "massimoBuoni": ticket.most,
    }


def _said(word: str) -> dict[str, str]:
    code, message = CODES.get(word, CODES["invalid"])
    return {"esito": code, "messaggio": message}


def _comma(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def _cents(text: str) -> int:
    try:
        return int(Decimal(text.replace(",", ".")) * 100)
    except InvalidOperation:
        raise Refusal("too_high") from None


def _json(status: int, body: dict[str, Any]) -> Reply:
    return Reply(status, json.dumps(body).encode())
