"""Stripe's API: forms out, JSON in, one pinned version. What is no whole answer is no answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final
from urllib.parse import urlencode

from shared.adapters.card_gateways import stripe_codes as codes
from shared.adapters.card_gateways.calls import Call
from shared.adapters.psp_http import PspHttp, PspRequest
from shared.adapters.reading import part, read_message, word
from shared.domain.decline import Decline
from shared.domain.errors import InvalidRequest, OutcomeUnknown
from shared.domain.payment import Environment
from shared.domain.record import dataclass

VERSION: Final = "2026-10-28.endive"
FILES: Final = {"https://api.stripe.com": "https://files.stripe.com"}  # takes files, and nothing else
_OK: Final = 200
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Said:
    """What Stripe answered: an object, or why not."""

    status: int
    body: Mapping[str, Any] = field(repr=False)

    @property
    def done(self) -> bool:
        return self.status == _OK

    @property
    def error(self) -> Mapping[str, Any]:
        return part(self.body, "error")

    @property
    def code(self) -> str:
        """Why not, as operations keep it: the bank's code where there is one."""
        error = self.error
        return word(error, "decline_code") or word(error, "code") or word(error, "type") or str(self.status)

    @property
    def reason(self) -> Decline:
        return codes.reason(word(self.error, "decline_code"), word(self.error, "code"))


def asked(http: PspHttp, environment: Environment, known: Mapping[str, str], call: Call) -> Said:
    """The answer to one call of the account that ``known`` describes.

    Raises Unavailable, CredentialsRefused, and OutcomeUnknown also for what is not Stripe's JSON, and for a key that
    was used for something else: what it was used for may have acted.
    """
    posts = call.method == "POST"
    sent = urlencode(call.fields)
    body, kind, base = sent.encode(), _FORM, known["api_base"].rstrip("/")
    if call.form is not None:
        body, kind, base = call.form.body, call.form.content_type, FILES.get(base, base)
    headers = {"Authorization": f"Bearer {known['secret_key']}", "Stripe-Version": VERSION}
    if posts:
        headers["Content-Type"] = kind
    if call.key:
        headers["Idempotency-Key"] = call.key
    answered = http.call(
        PspRequest(
            f"stripe.{call.name}",
            call.method,
            f"{base}/v1/{call.path}" + (f"?{sent}" if sent and not posts else ""),
            environment,
            headers,
            body if posts else b"",
            question=call.question or not posts,
        )
    )
    said = Said(answered.status, _read(call, answered.body))
    whole = "object" in said.body if said.done else bool(said.error)
    if not whole or word(said.error, "type") == codes.KEY_REUSED:
        raise OutcomeUnknown(f"Stripe's answer to {call.name} says nothing (status {said.status})")
    return said


def _read(call: Call, body: bytes) -> Mapping[str, Any]:
    try:
        return read_message(body)
    except InvalidRequest as error:
        raise OutcomeUnknown(f"Stripe's answer to {call.name} is not JSON") from error
