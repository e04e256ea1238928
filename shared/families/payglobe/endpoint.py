"""The decorator of PayGlobe's endpoints, and how the edge is told their dialect."""

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
from shared.edge.unknown_fields import unknown_fields
from shared.families.payglobe import auth, problems
from shared.families.payglobe.auth import Caller

if TYPE_CHECKING:
    from typing import Unpack

    from pydantic import BaseModel

    from shared.domain.errors import GatewayError
    from shared.domain.merchant import Credential
    from shared.edge.endpoint import Terms
    from shared.edge.request import Identity, Request

Body = TypeVar("Body", bound="BaseModel")


class PayGlobe:
    """Bearer keys and JSON bodies in; JSON, HTTP statuses and one error body out. Satisfies ``Family``."""

    def authenticate(self, request: Request, caller: StrEnum, identity: Identity) -> Credential | None:
        """None for endpoints open to anyone, and for a client secret: its payment is what it is judged by."""
        if caller in auth.KEYLESS:
            return None
        if caller is Caller.OPERATOR:
            identity.token = bearer(request.headers)
            identity.operator = callers.operators().named_by(identity.token).name
            return None
        if shows_session(request.headers):
            from shared.families import rights  # a key's calls pay nothing for it

            return rights.person(request, identity)
        identity.token = bearer(request.headers)
        if caller in auth.CLIENT_SECRETS and "_secret_" in identity.token:
            return None
        return auth.credential(identity.token, caller, callers.merchants())

    def read(self, request: Request, model: type[Body]) -> Body:
        given = wire.read_object(request.body or b"{}")
        request.remarks += [problems.unknown_field(*unknown) for unknown in unknown_fields(given, model)]
        return wire.judged(given, model)

    def problem(self, error: GatewayError, request: Request) -> Reply:
        return problems.reply(error, request.id, request.remarks)

    def finish(self, reply: Reply, request: Request, identity: Identity) -> Reply:
        return reply

    def preflight(self) -> Reply:
        return Reply("", 204, _PREFLIGHT)

    def form_of(self, token: str) -> tuple[str | None, str | None]:
        return auth.form_of(token)


_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET,POST,OPTIONS",
    "Access-Control-Allow-Headers": "Authorization,Content-Type,Idempotency-Key",
    "Access-Control-Max-Age": "7200",
}
PAYGLOBE: Final = PayGlobe()


def endpoint(
    method: str, path: str, *, caller: Caller, summary: str, **terms: Unpack[Terms]
) -> Callable[[Handle], Served]:
    """Make a function the handler of a PayGlobe route; ``Endpoint`` says what the terms mean."""
    return lambda handle: Served(
        handle=handle, family=PAYGLOBE, method=method, path=path, caller=caller, summary=summary, **terms
    )
