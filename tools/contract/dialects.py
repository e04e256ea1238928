"""What a family promises beside its endpoints: kinds of callers, statuses and bodies of errors, what a caller shows.

A family adds a row of its own to ``DIALECTS``, by the name of its folder; doors of it that speak otherwise have
one by their module's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from shared.edge.endpoint import Endpoint
from shared.families.glomopay import auth as glomopay
from shared.families.payglobe import auth as payglobe
from shared.families.paygol import auth as paygol
from shared.families.paygol import signing
from tools.ops.onboarding import DEMO_SECRET, DEMO_SERVICE, DEMO_SERVICE_SECRET, now

Statuses = frozenset[int]
_TEXT: Final = {"type": "string"}
_TOLD: Final = ("error", "message", "code", "requestId")


@dataclass(frozen=True, slots=True)
class Problem:
    """The body of an error, as a schema of its own name."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dialect:
    """``refusals`` are statuses that a kind of caller may be told beside 401; ``others`` are bodies by status.

    ``on_path`` may be told where the path names something, ``on_query`` where there is one, ``on_write`` by whatever
    is no GET. ``shown`` are the headers of the demo merchant's server; where it signs, ``signs`` makes of a request's
    own parts what it would send.
    """

    keyless: frozenset[StrEnum]
    problem: Problem
    refusals: Mapping[StrEnum, Statuses] = field(default_factory=dict)
    others: Mapping[int, Problem] = field(default_factory=dict)
    always: Statuses = frozenset({503})
    on_path: Statuses = frozenset({404})
    on_query: Statuses = frozenset({400})
    on_write: Statuses = frozenset({400, 409, 413, 422, 429})
    shown: Mapping[str, str] = field(default_factory=dict)
    unproved: Statuses = frozenset({401})
    secret: frozenset[StrEnum] = (
        frozenset()
    )  # who shows what no sample can: what opens one payment, an operator's key
    warns: bool = False  # fields that an endpoint does not know are told in ``warnings`` of its answer
    with_success: Problem | None = None  # what an error is that is told with the status of a success
    signs: Callable[[Endpoint, Mapping[str, Any]], Mapping[str, Any]] | None = None

    def statuses(self, endpoint: Endpoint) -> list[int]:
        """Every status but those of success, in order."""
        told = {*self.always, *endpoint.problems, *self.refusals.get(endpoint.caller, ())}
        if endpoint.caller not in self.keyless:
            told |= self.unproved
        if "{" in endpoint.path:
            told |= self.on_path
        if endpoint.query:
            told |= self.on_query
        if endpoint.method != "GET":
            told |= self.on_write
        return sorted(told)

    def body(self, status: int) -> Problem:
        return self.others.get(status, self.problem)


def _object(**fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields)}


def _signed_by_the_demo_service(endpoint: Endpoint, own: Mapping[str, Any]) -> Mapping[str, Any]:
    secret = DEMO_SERVICE_SECRET.encode()
    given = {"pg_serviceid": DEMO_SERVICE, **own.get("body", {})}
    if endpoint.caller is paygol.Caller.TOKEN:
        given = {"pg_token": paygol.new_token(DEMO_SERVICE, secret, now()), **given}
    body = json.dumps(given)
    signed = {signing.HEADER: signing.signature(secret, body.encode())}
    return {**own, "body": body, "headers": {**own.get("headers", {}), **signed}}


_FAULT: Final = _object(
    param={"type": ["string", "null"], "description": "The field, such as vouchers.0.otp; null: no field's"},
    code=_TEXT,
    message=_TEXT,
)
WARNINGS: Final = {
    "type": "array",
    "items": _object(param=_TEXT, code={"const": "unknown_field"}, message=_TEXT),
    "description": "Fields of the request that are not known and were ignored; each with the known one it resembles",
}
_FORBIDDEN, _MISSING = frozenset({403}), frozenset({404})
_REFUSAL: Final = Problem("GlomopayRefusal", _object(message=_TEXT))

_PAYGOL_ERROR: Final = {
    "type": "object",
    "properties": {"code": _TEXT, "message": _TEXT, "parameters": {"type": "array", "items": _TEXT}},
    "required": ["code", "message"],
}
_PAYGOL_PROBLEM: Final = Problem(
    "PaygolProblem",
    {
        **_object(result={"type": "integer"}, error=_PAYGOL_ERROR),
    },
)

DIALECTS: Final[Mapping[str, Dialect]] = {
    "payglobe": Dialect(
        keyless=payglobe.KEYLESS,
        problem=Problem(
            "Problem",
            {
                "type": "object",
                "properties": {
                    "success": {"const": False},
                    **dict.fromkeys(_TOLD, _TEXT),
                    "param": {
                        "type": ["string", "null"],
                        "description": "With status 400: the field that is wrong, the first of them",
                    },
                    "errors": {
                        "type": "array",
                        "items": _FAULT,
                        "description": "With status 400: everything that is wrong",
                    },
                    "warnings": WARNINGS,
                },
                "required": ["success", *_TOLD],
            },
        ),
        always=frozenset({429, 503}),  # the stage's own bound, in this family's words
        warns=True,
        refusals={
            payglobe.Caller.SECRET_KEY: _FORBIDDEN,
            payglobe.Caller.PERSON: _FORBIDDEN,
            payglobe.Caller.KEY_OR_CLIENT_SECRET: _MISSING,
            payglobe.Caller.SECRET_KEY_OR_CLIENT_SECRET: _FORBIDDEN | _MISSING,
        },
        secret=frozenset({payglobe.Caller.OPERATOR}),
        shown={"Authorization": f"Bearer {DEMO_SECRET}"},
    ),
    "glomopay": Dialect(
        keyless=frozenset(),
        problem=Problem(
            "GlomopayProblem",
            {
                "type": "object",
                "properties": {
                    "error": _TEXT,
                    "message": _TEXT,
                    "code": _TEXT,
                    "payment_id": {"type": "string", "description": "The payment of this order that is under way"},
                    "attempts_left": {"type": "integer", "description": "How often a code may still be entered"},
                },
                "required": ["error", "message", "code"],
            },
        ),
        secret=frozenset({glomopay.Caller.CARD_HOLDER}),
        others={401: _REFUSAL, 429: _REFUSAL},
        on_path=frozenset({400, 404}),
        on_write=frozenset({400, 409, 413}),
        shown={"Authorization": f"Bearer {DEMO_SECRET}"},
    ),
    "paygol.doors": Dialect(
        keyless=frozenset({paygol.Caller.ANYONE}),
        problem=Problem(
            "PaygolPageProblem",
            {
                "type": "object",
                "properties": {
                    **dict.fromkeys(_TOLD, _TEXT),
                    "fields": {"type": "object", "additionalProperties": _TEXT},
                    "reasons": {
                        "type": "object",
                        "description": "For a page: a word for what is wrong with each field, and what that names",
                        "additionalProperties": {"type": "object", "additionalProperties": _TEXT},
                    },
                },
                "required": list(_TOLD),
            },
        ),
    ),
    "paygol": Dialect(
        keyless=frozenset({paygol.Caller.ANYONE}),
        problem=_PAYGOL_PROBLEM,
        with_success=_PAYGOL_PROBLEM,
        on_path=frozenset(),
        on_query=frozenset(),
        on_write=frozenset({413}),
        unproved=frozenset(),
        signs=_signed_by_the_demo_service,
    ),
}


def family_of(endpoint: Endpoint) -> str:
    """The folder below ``shared/families/`` that an endpoint's family lies in."""
    return type(endpoint.family).__module__.removeprefix("shared.families.").partition(".")[0]


def dialect_of(endpoint: Endpoint) -> Dialect:
    door = type(endpoint.family).__module__.removeprefix("shared.families.")
    return DIALECTS.get(door) or DIALECTS[family_of(endpoint)]


def is_keyless(endpoint: Endpoint) -> bool:
    """Whether anybody may call, who shows nothing."""
    return endpoint.caller in dialect_of(endpoint).keyless


def shown_by_the_demo_shop(endpoint: Endpoint) -> dict[str, str]:
    """What proves the demo merchant's server. A family that proves it otherwise says so in its samples."""
    return {} if is_keyless(endpoint) else dict(dialect_of(endpoint).shown)


def as_the_demo_shop_sends(endpoint: Endpoint, own: Mapping[str, Any]) -> Mapping[str, Any]:
    """A request's own parts with what proves the demo merchant's server, where that stands in its body."""
    signs = dialect_of(endpoint).signs
    return own if signs is None or is_keyless(endpoint) else signs(endpoint, own)
