"""The decorator of Glomopay's endpoints, and how the edge is told their dialect."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from shared.bootstrap import callers
from shared.edge import wire
from shared.edge.bearer import bearer, shows_session
from shared.edge.endpoint import Handle
from shared.edge.http import Served
from shared.edge.request import Reply
from shared.families.glomopay import auth, problems
from shared.families.glomopay.auth import Caller

if TYPE_CHECKING:
    from typing import Unpack

    from pydantic import BaseModel

    from shared.domain.errors import GatewayError
    from shared.domain.merchant import Credential
    from shared.edge.endpoint import Terms
    from shared.edge.request import Identity, Request

Body = TypeVar("Body", bound="BaseModel")


class Glomopay:
    """Bearer keys and JSON bodies in; JSON and HTTP statuses out. Satisfies ``Family``."""

    def authenticate(self, request: Request, caller: StrEnum, identity: Identity) -> Credential | None:
        if caller is not Caller.CARD_HOLDER and shows_session(request.headers):
            from shared.families import rights  # a key's calls pay nothing for it

            return rights.person(request, identity)
        identity.token = bearer(request.headers)
        if caller is Caller.CARD_HOLDER:
            return None  # its payment is what it is judged by
        return auth.credential(identity.token, caller, callers.merchants())

    def read(self, request: Request, model: type[Body]) -> Body:
        return wire.judged(wire.read_object(request.body or b"{}"), model)

    def problem(self, error: GatewayError, request: Request) -> Reply:
        return problems.reply(error)

    def finish(self, reply: Reply, request: Request, identity: Identity) -> Reply:
        return reply

    def preflight(self) -> Reply:
        return Reply("", 204, _PREFLIGHT)

    def form_of(self, token: str) -> tuple[str | None, str | None]:
        return auth.form_of(token)


_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET,OPTIONS",
    "Access-Control-Allow-Headers": "Authorization,Content-Type",
    "Access-Control-Max-Age": "7200",
}
GLOMOPAY: Final = Glomopay()


def endpoint(
    method: str, path: str, *, caller: Caller, summary: str, **terms: Unpack[Terms]
) -> Callable[[Handle], Served]:
    """Make a function the handler of a Glomopay route; ``Endpoint`` says what the terms mean."""
    return lambda handle: Served(
        handle=handle, family=GLOMOPAY, method=method, path=path, caller=caller, summary=summary, **terms
    )
