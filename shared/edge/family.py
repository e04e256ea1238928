"""What a family tells the edge: how its callers prove who they are, and how it is read and answered."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from pydantic import BaseModel

    from shared.domain.errors import GatewayError
    from shared.domain.merchant import Credential
    from shared.edge.request import Identity, Reply, Request

    Body = TypeVar("Body", bound=BaseModel)


class Family(Protocol):
    """One dialect. It keeps nothing between calls: what it learns of a caller it writes into the ``Identity``.

    A family whose doors speak differently (JSON here, forms there) has one of these for each kind of door.
    """

    def authenticate(self, request: Request, caller: StrEnum, identity: Identity) -> Credential | None:
        """The merchant that calls; None where the kind of ``caller`` needs none, or proves itself otherwise.

        Called first, for every request, also for one without a key. Writes what was shown into ``identity`` before
        it judges it. Raises Unauthenticated or Forbidden.
        """

    def read(self, request: Request, model: type[Body]) -> Body:
        """The body as ``model``. Raises InvalidRequest naming the field and the rule, never the value."""

    def problem(self, error: GatewayError, request: Request) -> Reply:
        """What the caller is told of ``error``, also of our own; ``problems.status_of`` says what it means."""

    def finish(self, reply: Reply, request: Request, identity: Identity) -> Reply:
        """The reply as it leaves. ``reply.sent`` are the exact bytes that the caller reads, to be signed or left.

        Called for every reply, also for a replay, a refusal, our own failure and a preflight. The body stays.
        """

    def preflight(self) -> Reply:
        """What a browser is told that asks before it calls; for endpoints with ``cors``."""

    def form_of(self, token: str) -> tuple[str | None, str | None]:
        """(what kind of proof a token has the form of, the environment it names): for the log, which never has it."""
