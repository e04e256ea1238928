"""What a family promises beside its endpoints: kinds of callers, statuses and bodies of errors, what a caller shows.

A family adds a row of its own to ``DIALECTS``, by the name of its folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from shared.edge.endpoint import Endpoint
from shared.families.payglobe import auth as payglobe
from tools.ops.onboarding import DEMO_SECRET

Statuses = frozenset[int]
_TEXT: Final = {"type": "string"}


@dataclass(frozen=True, slots=True)
class Problem:
    """The body of an error, as a schema of its own name."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dialect:
    """``refusals`` are statuses that a kind of caller may be told beside 401; ``others`` are bodies by status.

    ``on_path`` may be told where the path names something, ``on_query`` where there is one, ``on_write`` by whatever
    is no GET. ``shown`` are the headers of the demo merchant's server.
    """

    keyless: frozenset[StrEnum]
    problem: Problem
    refusals: Mapping[StrEnum, Statuses] = field(default_factory=dict)
    others: Mapping[int, Problem] = field(default_factory=dict)
    on_path: Statuses = frozenset({404})
    on_query: Statuses = frozenset({400})
    on_write: Statuses = frozenset({400, 409, 413, 422, 429})
    shown: Mapping[str, str] = field(default_factory=dict)

    def statuses(self, endpoint: Endpoint) -> list[int]:
        """Every status but those of success, in order."""
        told = {503, *endpoint.problems, *self.refusals.get(endpoint.caller, ())}
        if endpoint.caller not in self.keyless:
            told.add(401)
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


_FORBIDDEN, _MISSING = frozenset({403}), frozenset({404})
_REFUSAL: Final = Problem("GlomopayRefusal", _object(message=_TEXT))

DIALECTS: Final[Mapping[str, Dialect]] = {
    "payglobe": Dialect(
        keyless=payglobe.KEYLESS,
        problem=Problem(
            "Problem",
            _object(success={"const": False}, error=_TEXT, message=_TEXT, code=_TEXT, requestId=_TEXT),
        ),
        refusals={
            payglobe.Caller.SECRET_KEY: _FORBIDDEN,
            payglobe.Caller.KEY_OR_CLIENT_SECRET: _MISSING,
            payglobe.Caller.SECRET_KEY_OR_CLIENT_SECRET: _FORBIDDEN | _MISSING,
        },
        shown={"Authorization": f"Bearer {DEMO_SECRET}"},
    ),
    "glomopay": Dialect(
        keyless=frozenset(),
        problem=Problem("GlomopayProblem", _object(error=_TEXT, message=_TEXT, code=_TEXT)),
        others={401: _REFUSAL, 429: _REFUSAL},
        on_path=frozenset({400, 404}),
        on_write=frozenset({400, 409, 413}),
        shown={"Authorization": f"Bearer {DEMO_SECRET}"},
    ),
}


def family_of(endpoint: Endpoint) -> str:
    """The folder below ``shared/families/`` that an endpoint's family lies in."""
    return type(endpoint.family).__module__.removeprefix("shared.families.").partition(".")[0]


def dialect_of(endpoint: Endpoint) -> Dialect:
    return DIALECTS[family_of(endpoint)]


def is_keyless(endpoint: Endpoint) -> bool:
    """Whether anybody may call, who shows nothing."""
    return endpoint.caller in dialect_of(endpoint).keyless


def shown_by_the_demo_shop(endpoint: Endpoint) -> dict[str, str]:
    """What proves the demo merchant's server. A family that proves it otherwise says so in its samples."""
    return {} if is_keyless(endpoint) else dict(dialect_of(endpoint).shown)
