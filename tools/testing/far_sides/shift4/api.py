"""What the acquirer answers to each call of a shop: judged as its reference says, then done in its books."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qs

from tools.testing.far_sides.door import Request
from tools.testing.far_sides.shift4.books import Account, Card, Charge, Refund, Refused, Token, invalid, missing

Body = Mapping[str, Any]
_TYPES: Final = frozenset({"first_recurring", "subsequent_recurring", "merchant_initiated", "customer_initiated"})
_MOST: Final = 100


class Api:
    """The calls of one account."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def answer(self, request: Request) -> tuple[int, Any]:
        key = request.headers.get("idempotency-key", "")
        if len(key) > 255:
            raise invalid("Idempotency-Key is too long")
        with self.account.lock:
            known = self.account.answered.get((request.path, key)) if key else None
            if known is not None:
                if known[0] != request.body:
                    raise invalid("Idempotency-Key was used for another request")
                return known[1:]
            try:
                said = self._done(request)
            except Refused as refusal:
                said = refusal.status, refusal.body
            if key:
                self.account.answered[request.path, key] = (request.body, *said)
            return said

    def _done(self, request: Request) -> tuple[int, Any]:
        given: dict[str, Any] = {name: values[0] for name, values in parse_qs(request.query).items()}
        if request.method == "POST":
            try:
                given = json.loads(request.body or b"{}")
            except ValueError:
                raise invalid("Request is not valid JSON") from None
        for method, pattern, call in _CALLS:
            found = re.fullmatch(pattern, request.path)
            if found and method == request.method:
                return 200, call(self, given, *found.groups())
        raise missing("Resource")

    def make_token(self, body: Body) -> Any:
        number = str(body.get("number", "")).replace(" ", "")
        made = self.account.tokenized(number, body.get("expMonth", "12"), body.get("expYear", "2030"))
        return _token(made)

    def show_token(self, _: Body, name: str) -> Any:
        if name not in self.account.tokens:
            raise missing("Token")
        return _token(self.account.tokens[name])

    def make_charge(self, body: Body) -> Any:
        account, amount, currency = self.account, body.get("amount"), body.get("currency", "")
        if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0:
            raise invalid("amount: must be a positive number")
        if not re.fullmatch("[A-Z]{3}", currency):
            raise invalid("currency: must be a three letter code")
        kind, customer = body.get("type", ""), body.get("customerId", "")
        if kind and kind not in _TYPES:
            raise invalid("type: is not valid")
        card, liability = self._paying(body.get("card", ""), customer)
        wanted = body.get("threeDSecure") or {}
        if wanted.get("requireSuccessfulLiabilityShiftForEnrolledCard") and liability == "failed":
            raise Refused(402, "card_error", "authentication_required", "The card's holder was not authenticated")
        return _charge(
            account.charged(
                Charge(
                    account.name("char"),
                    amount,
                    currency,
                    account.seconds,
                    card,
                    body.get("captured", True) is not False,
                    dict(body.get("metadata") or {}),
                    customer,
                    kind,
                    liability=liability,
                )
            )
        )

    def _paying(self, named: str, customer: str) -> tuple[Card, str]:
        """The card of a token or of a customer, and what its holder's authentication came to."""
        if customer:
            cards = self.account.customers.get(customer)
            if cards is None:
                raise missing("Customer")
            found = cards.get(named) if named else next(iter(cards.values()), None)
            if found is None:
                raise missing("Card")
            return found, self._liabilities().get(found.id, "")
        token = self.account.spent(named)
        return token.card, token.liability

    def _liabilities(self) -> dict[str, str]:
        return {token.card.id: token.liability for token in self.account.tokens.values()}

    def list_charges(self, given: Body) -> Any:
        since, until = int(given.get("created[gte]", 0)), int(given.get("created[lte]", 1 << 40))
        fits = [
            _charge(one)
            for one in self.account.charges.values()
            if since <= one.created <= until and given.get("customerId", one.customer) == one.customer
        ]
        return _listed(fits, given)

    def show_charge(self, _: Body, name: str) -> Any:
        return _charge(self.account.charge(name))

    def capture(self, _: Body, name: str) -> Any:
        return _charge(self.account.capture(name))

    def refund_charge(self, body: Body, name: str) -> Any:
        self.account.refund(name, body.get("amount"), {})
        return _charge(self.account.charge(name))

    def make_refund(self, body: Body) -> Any:
        name = body.get("chargeId", "")
        return _refund(
            self.account.refund(name, body.get("amount"), dict(body.get("metadata") or {})), self.account.charge(name)
        )

    def list_refunds(self, given: Body) -> Any:
        charge = self.account.charge(given.get("chargeId", ""))
        return _listed([_refund(one, charge) for one in charge.refunds], given)

    def make_customer(self, body: Body) -> Any:
        if not body.get("email"):
            raise invalid("email: is required")
        name = self.account.name("cust")
        self.account.customers[name] = {}
        if body.get("card"):
            self.account.saved(name, body["card"])
        return self._customer(name, body["email"])

    def make_card(self, body: Body, customer: str) -> Any:
        self._cards(customer)
        return _card(self.account.saved(customer, body.get("id", "")))

    def show_card(self, _: Body, customer: str, name: str) -> Any:
        return _card(self._cards(customer)[name]) if name in self._cards(customer) else _absent("Card")

    def forget_card(self, _: Body, customer: str, name: str) -> Any:
        if self._cards(customer).pop(name, None) is None:
            raise missing("Card")
        return {"id": name}

    def show_event(self, _: Body, name: str) -> Any:
        return self.account.events[name] if name in self.account.events else _absent("Event")

    def _cards(self, customer: str) -> dict[str, Card]:
        if customer not in self.account.customers:
            raise missing("Customer")
        return self.account.customers[customer]

    def _customer(self, name: str, email: str) -> Any:
        cards = [_card(one) for one in self.account.customers[name].values()]
        first = {"defaultCardId": cards[0]["id"]} if cards else {}
        return {"id": name, "objectType": "customer", "email": email, "cards": cards, **first}


def _absent(what: str) -> Any:
    raise missing(what)


def _listed(found: list[Any], given: Body) -> Any:
    """The newest first, a page at a time."""
    newest, last = found[::-1], given.get("startingAfterId")
    begin = next((n for n, one in enumerate(newest, 1) if one["id"] == last), 0)
    end = begin + min(int(given.get("limit", 10)), _MOST)
    return {"list": newest[begin:end], "hasMore": end < len(newest)}


def _card(one: Card) -> dict[str, Any]:
    shown = {"id": one.id, "objectType": "card", "first6": one.number[:6], "last4": one.number[-4:]}
    shown |= {"expMonth": one.month, "expYear": one.year, "brand": one.brand, "cardholderName": one.holder}
    return shown | {"fingerprint": sha256(one.number.encode()).hexdigest()[:16], "customerId": one.customer}


def _token(one: Token) -> dict[str, Any]:
    card = {name: value for name, value in _card(one.card).items() if name not in ("id", "objectType", "customerId")}
    shown: dict[str, Any] = {"id": one.id, "objectType": "token", "used": one.used, **card}
    if one.liability:
        shown["threeDSecureInfo"] = _three_ds(one.liability)
    return shown


def _three_ds(liability: str) -> dict[str, Any]:
    return {"enrolled": True, "liabilityShift": liability, "version": "2.2.0"}


def _charge(one: Charge) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": one.id,
        "objectType": "charge",
        "created": one.created,
        "amount": one.amount,
        "amountRefunded": one.amount if one.released else one.refunded,
        "currency": one.currency,
        "status": "failed" if one.failure else "successful",
        "captured": one.captured,
        "refunded": one.released or (one.refunded == one.amount and one.captured),
        "card": _card(one.card),
        "metadata": one.metadata,
    }
    if one.customer:
        shown["customerId"] = one.customer
    if one.failure:
        shown |= {"failureCode": one.failure, "failureMessage": one.failure.replace("_", " ").capitalize()}
    if one.liability:
        shown["threeDSecureInfo"] = _three_ds(one.liability)
    return shown | {"external": {"schemeTransactionId": f"NET{one.id[-10:]}"}}


def _refund(one: Refund, charge: Charge) -> dict[str, Any]:
    shown = {"id": one.id, "objectType": "refund", "charge": one.charge, "amount": one.amount, "status": one.status}
    return {**shown, "currency": charge.currency, "created": one.created, "metadata": one.metadata}


def _calls() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    one, card = r"/charges/(\w+)", r"/customers/(\w+)/cards"
    yield "POST", "/tokens", Api.make_token
    yield "GET", r"/tokens/(\w+)", Api.show_token
    yield "POST", "/charges", Api.make_charge
    yield "GET", "/charges", Api.list_charges
    yield "GET", one, Api.show_charge
    yield "POST", f"{one}/capture", Api.capture
    yield "POST", f"{one}/refund", Api.refund_charge
    yield "POST", "/refunds", Api.make_refund
    yield "GET", "/refunds", Api.list_refunds
    yield "POST", "/customers", Api.make_customer
    yield "POST", card, Api.make_card
    yield "GET", rf"{card}/(\w+)", Api.show_card
    yield "DELETE", rf"{card}/(\w+)", Api.forget_card
    yield "GET", r"/events/(\w+)", Api.show_event


_CALLS: Final = tuple(_calls())
