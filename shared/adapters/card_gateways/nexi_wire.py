"""Nexi's XPay API, the one with an X-API-KEY: JSON both ways, amounts as text in the currency's smallest unit.

An order is asked for all that became of it. Its operations bear Nexi's numbers and none of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final
from uuid import uuid4

from shared.adapters.card_gateways.calls import Call
from shared.adapters.card_gateways.json_api import Said, understood
from shared.adapters.psp_http import PspHttp, PspRequest
from shared.adapters.reading import minor_amount, part, parts, word
from shared.domain.authentication import Proof, ThreeDs, proof_of
from shared.domain.card import Card
from shared.domain.decline import Decline
from shared.domain.errors import InvalidRequest, OutcomeUnknown
from shared.domain.money import Money
from shared.domain.payment import Environment
from shared.domain.record import dataclass

DONE: Final = "00"  # the word for a success, as operations print it
PENDING: Final = frozenset({"PENDING", "THREEDS_VALIDATED"})
CANCELLED: Final = "CANCELED"
# What an authorisation came to that was placed, whatever became of it since.
PLACED: Final = frozenset({"AUTHORIZED", "EXECUTED", "VOIDED", "REFUNDED"})
_WORDS: Final = {
    "DECLINED": Decline.CARD_DECLINED,
    "DENIED_BY_RISK": Decline.CARD_DECLINED,
    "THREEDS_FAILED": Decline.AUTHENTICATION_FAILED,
    "FAILED": Decline.TRY_AGAIN_LATER,
}
REFUSED: Final = frozenset(_WORDS)
_AMOUNT: Final = re.compile(r"[0-9]{1,12}")
_LONGEST_WORD: Final = 40
_EXPIRY: Final = re.compile(r"20([0-9]{2})([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Made:
    """One operation of an order: ``kind`` and ``result`` in Nexi's words."""

    id: str
    kind: str
    result: str
    said: Mapping[str, Any] = field(repr=False)

    @property
    def stands(self) -> bool:
        """Whether it moved money, or is about to."""
        return self.result == "EXECUTED" or self.result in PENDING

    @property
    def amount(self) -> Money:
        """Raises OutcomeUnknown for what is no amount."""
        found, currency = self.said.get("operationAmount"), word(self.said, "operationCurrency")
        text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
        try:
            if _AMOUNT.fullmatch(text):
                return minor_amount(int(text), currency)
        except InvalidRequest:
            pass
        raise OutcomeUnknown("Nexi does not say how much it is")

    @property
    def auth_code(self) -> str | None:
        return word(part(self.said, "additionalData"), "authorizationCode") or None

    @property
    def proof(self) -> Proof | None:
        """The scheme's number, and Nexi's word of 3-D Secure, whose meanings it does not publish."""
        more = part(self.said, "additionalData")
        status = word(more, "threeDS")[:_LONGEST_WORD]
        return proof_of(word(more, "schemaTID"), ThreeDs(status=status) if status else None)

    @property
    def card(self) -> Card:
        more = part(self.said, "additionalData")
        expiry = _EXPIRY.fullmatch(word(more, "cardExpiryDate"))
        return Card(
            brand=word(self.said, "paymentCircuit").upper(),
            last4=word(self.said, "paymentInstrumentInfo")[-4:],
            expiry=f"{expiry[2]}/{expiry[1]}" if expiry else "",
        )


def asked(http: PspHttp, environment: Environment, known: Mapping[str, str], call: Call) -> Said:
    """The answer to one call of the terminal that ``known`` describes.

    Raises Unavailable, CredentialsRefused, and OutcomeUnknown also for what is not Nexi's JSON.
    """
    headers = {"X-API-KEY": known["api_key"], "Correlation-Id": str(uuid4())}
    if call.method == "POST":
        headers["Content-Type"] = "application/json"
    if call.key:
        headers["Idempotency-Key"] = call.key
    request = PspRequest(
        f"nexi.{call.name}",
        call.method,
        f"{known['api_base'].rstrip('/')}/{call.path}",
        environment,
        headers,
        json.dumps(call.fields).encode() if call.method == "POST" else b"",
        question=call.question or call.method == "GET",
    )
    return understood("Nexi", http.call(request), _why)


def _why(body: Mapping[str, Any]) -> tuple[str, str]:
    first = next(iter(parts(body, "errors")), {})
    return word(first, "code"), word(first, "description")


def operations(order: Said) -> list[Made]:
    return [made(one) for one in parts(order.body, "operations")]


def made(said: Mapping[str, Any]) -> Made:
    return Made(word(said, "operationId"), word(said, "operationType"), word(said, "operationResult"), said)


def amount(money: Money) -> dict[str, str]:
    return {"amount": str(money.minor), "currency": money.currency}


def reason(result: str) -> Decline:
    """Which of our ten words a result is; what has no row was declined."""
    return _WORDS.get(result, Decline.CARD_DECLINED)
