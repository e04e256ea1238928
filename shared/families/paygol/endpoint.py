"""The decorator of Paygol's signed endpoints, and how the edge is told their dialect."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from shared.bootstrap import callers, runtime
from shared.domain.errors import BodyTooLarge, GatewayError
from shared.edge import wire
from shared.edge.endpoint import Handle
from shared.edge.http import Served
from shared.edge.request import MAX_BODY_BYTES, Reply
from shared.families.paygol import auth, problems
from shared.families.paygol.auth import Caller
from shared.families.paygol.reading import check_texts, json_object
from shared.families.paygol.signing import HEADER, signature

if TYPE_CHECKING:
    from typing import Unpack

    from pydantic import BaseModel

    from shared.domain.merchant import Credential
    from shared.edge.endpoint import Terms
    from shared.edge.request import Identity, Request

Body = TypeVar("Body", bound="BaseModel")


class Paygol:
    """JSON under GET and POST, signed by a service; errors with HTTP 200, every answer signed: a ``Family``."""

    def authenticate(self, request: Request, caller: StrEnum, identity: Identity) -> Credential | None:
        """In this order: the body's form, the service, the signature, the token.

        Who is named is looked for first all the same: the answer is signed for them, whatever it says.
        """
        if len(request.body) > MAX_BODY_BYTES:  # judged here, because the body has to be read first
            raise BodyTooLarge(f"a request body has at most {MAX_BODY_BYTES} bytes")
        given, now = json_object(request.body), runtime.now()
        try:
            found = auth.service_of(given, callers.merchants())
        except GatewayError:
            check_texts(given)
            raise
        secrets = found.service.signing(now)
        identity.signing_key = secrets[0]
        check_texts(given)
        shown = request.headers.get(HEADER.lower(), "")
        identity.signing_key = auth.secret_that_signed(secrets, shown, request.body, given)
        if caller is Caller.TOKEN:
            auth.check_token(given.get("pg_token"), found.service.id, secrets, now)
        return found.credential

    def read(self, request: Request, model: type[Body]) -> Body:
        return wire.judged(json_object(request.body), model)

    def problem(self, error: GatewayError, request: Request) -> Reply:
        return problems.reply(error)

    def finish(self, reply: Reply, request: Request, identity: Identity) -> Reply:
        """Signed with what signed the request; with a key of the moment where nobody is known, so that nobody
        takes it for ours and the header is there all the same."""
        key = identity.signing_key or runtime.entropy(32)
        return reply.with_headers({HEADER: signature(key, reply.sent)})

    def preflight(self) -> Reply:
        return Reply("", 204)

    def form_of(self, token: str) -> tuple[str | None, str | None]:
        return None, None


PAYGOL: Final = Paygol()


def endpoint(path: str, *, caller: Caller, summary: str, **terms: Unpack[Terms]) -> Callable[[Handle], Served]:
    """Make a function the handler of a signed route, under GET and POST; ``Endpoint`` says what the terms mean."""
    terms["other_methods"] = ("GET",)
    return lambda handle: Served(
        handle=handle, family=PAYGOL, method="POST", path=path, caller=caller, summary=summary, **terms
    )
