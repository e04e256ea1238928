"""PayPal's API: JSON under a token that is fetched with the client's secret, and amounts as decimal text."""

from __future__ import annotations

import json
import threading
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import field
from hashlib import sha256
from typing import Any, Final

from shared.adapters.card_gateways.calls import Call
from shared.adapters.psp_http import PspHttp, PspReply, PspRequest
from shared.adapters.reading import part, parts, read_message, word
from shared.domain.errors import CredentialsRefused, InvalidRequest, OutcomeUnknown, Unavailable, Unprocessable
from shared.domain.money import Money
from shared.domain.payment import Environment
from shared.domain.record import dataclass

_WHOLE: Final = frozenset({"HUF", "JPY", "TWD"})  # written without decimals, whatever ISO 4217 gives them
_EARLIER: Final = 60  # seconds before its end that a token is not used any more
_MOST_TOKENS: Final = 200
_BODILESS: Final = frozenset({"void"})  # of the calls that PayPal describes no body for
_NO_CONTENT: Final = 204
_GONE: Final = 404
_REFUSALS: Final = 400
_tokens: dict[str, tuple[str, float]] = {}
_lock: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Said:
    """What PayPal answered: an object, nothing where there is nothing to say, or why not."""

    status: int
    body: Mapping[str, Any] = field(repr=False)

    @property
    def done(self) -> bool:
        return self.status < _REFUSALS

    @property
    def unknown_there(self) -> bool:
        return self.status == _GONE

    @property
    def issue(self) -> str:
        """Why not: the first issue, or the error's name."""
        first = next(iter(parts(self.body, "details")), {})
        return word(first, "issue") or word(self.body, "name") or str(self.status)

    @property
    def message(self) -> str:
        first = next(iter(parts(self.body, "details")), {})
        return word(first, "description") or word(self.body, "message")


def asked(http: PspHttp, environment: Environment, known: Mapping[str, str], call: Call) -> Said:
    """The answer to one call of the client that ``known`` describes. A token that is not taken is fetched anew, once.

    Raises Unavailable, CredentialsRefused, and OutcomeUnknown also for what is not PayPal's JSON.
    """
    token = fetched_token(http, environment, known)
    try:
        return _asked(http, environment, known, call, token)
    except CredentialsRefused:
        token = fetched_token(http, environment, known, instead_of=token)
        return _asked(http, environment, known, call, token)


def fetched_token(
    http: PspHttp,
    environment: Environment,
    known: Mapping[str, str],
    *,
    instead_of: str | None = None,
    fresh: bool = False,
) -> str:
    """One that is kept, unless it is ``instead_of``; else, or where it has to be ``fresh``, a new one.

    Raises Unavailable (CredentialsRefused among them): it moves nothing.
    """
    base, secret = known["api_base"].rstrip("/"), known["client_secret"]
    name = sha256(json.dumps([base, known["client_id"], secret]).encode()).hexdigest()
    with _lock:
        kept, end = _tokens.get(name, ("", 0.0))
    if kept and not fresh and kept != instead_of and time.monotonic() < end:
        return kept
    basic = b64encode(f"{known['client_id']}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    asked_for = PspRequest(
        "paypal.token",
        "POST",
        f"{base}/v1/oauth2/token",
        environment,
        headers,
        b"grant_type=client_credentials",
        question=True,
    )
    try:
        said = _read("token", http.call(asked_for))
    except OutcomeUnknown as error:
        raise Unavailable("PayPal gives no token now") from error
    token, lasts = word(said.body, "access_token"), said.body.get("expires_in")
    if not said.done or not token or isinstance(lasts, bool) or not isinstance(lasts, int):
        raise Unavailable("PayPal gives no token now")
    with _lock:
        while len(_tokens) >= _MOST_TOKENS:
            del _tokens[next(iter(_tokens))]
        _tokens[name] = token, time.monotonic() + lasts - _EARLIER
    return token


def _asked(http: PspHttp, environment: Environment, known: Mapping[str, str], call: Call, token: str) -> Said:
    headers = {"Authorization": f"Bearer {token}", "Prefer": "return=representation"}
    body = json.dumps(call.fields).encode() if call.method == "POST" and call.name not in _BODILESS else b""
    if call.method == "POST":
        headers["Content-Type"] = call.form.content_type if call.form else "application/json"
    if call.key:
        headers["PayPal-Request-Id"] = call.key
    request = PspRequest(
        f"paypal.{call.name}",
        call.method,
        f"{known['api_base'].rstrip('/')}/{call.path}",
        environment,
        headers,
        call.form.body if call.form else body,
        question=call.question or call.method == "GET",
    )
    return _read(call.name, http.call(request))


def _read(name: str, reply: PspReply) -> Said:
    if reply.status == _NO_CONTENT:
        return Said(reply.status, {})
    try:
        body = read_message(reply.body)
    except InvalidRequest as error:
        raise OutcomeUnknown(f"PayPal's answer to {name} is not JSON") from error
    said = Said(reply.status, body)
    if not said.done and not (word(body, "name") or word(body, "error")):
        raise OutcomeUnknown(f"PayPal's answer to {name} says nothing (status {reply.status})")
    return said


def to_paypal(amount: Money) -> dict[str, str]:
    """Raises Unprocessable for an amount that PayPal has no number for."""
    value = amount.major
    if amount.currency in _WHOLE:
        if value != value.to_integral_value():
            raise Unprocessable(f"the card gateway cannot charge {amount}", code="amount_not_representable")
        value = value.to_integral_value()
    return {"currency_code": amount.currency, "value": str(value)}


def from_paypal(message: Mapping[str, Any], name: str = "amount") -> Money:
    """Raises OutcomeUnknown for what is no amount."""
    found = part(message, name)
    try:
        return Money.parse(word(found, "value"), word(found, "currency_code"))
    except InvalidRequest as error:
        raise OutcomeUnknown("PayPal does not say how much it is") from error
