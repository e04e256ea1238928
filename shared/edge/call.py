"""One call of an endpoint: what is asked, who asks it, and what of it happens once."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from shared.domain.errors import GatewayError
from shared.domain.mistakes import Mistakes
from shared.edge import wire
from shared.edge.request import Identity, Reply, Request
from shared.ports.idempotency import Claim, ClaimState

if TYPE_CHECKING:
    from pydantic import BaseModel

    from shared.domain.merchant import Credential
    from shared.edge.family import Family
    from shared.edge.ownership import Owned

Body = TypeVar("Body", bound="BaseModel")


@dataclass(slots=True, eq=False, repr=False)
class Once:
    """What a call makes it makes from ``seed``; the same Idempotency-Key brings the same seed, and says ``repeated``.

    ``claim`` is None without such a key. ``kept``: the answer was written with what made it true. ``remarks`` are the
    request's: a replay tells them again.
    """

    seed: bytes = field(default=b"", repr=False)
    repeated: bool = False
    claim: Claim | None = None
    kept: bool = False
    shown_once: frozenset[str] = frozenset()
    remarks: Sequence[Mapping[str, object]] = ()

    def keep(self, reply: Reply) -> Claim | None:
        """The call's Idempotency-Key with its answer, for the write that makes the answer true.

        None without a key, and for one that was taken over: what it made may be there already.
        """
        if self.claim is None or self.claim.repeated or not isinstance(reply.body, Mapping):
            return None
        self.kept = True
        text = self.text_to_keep(reply.body)
        return replace(self.claim, state=ClaimState.REPLAY, status=reply.status, body=text)

    def text_to_keep(self, body: Mapping[str, object]) -> str:
        """An answer as it is stored for replays: without what is shown once."""
        kept = {name: value for name, value in body.items() if name not in self.shown_once}
        return wire.write(with_remarks(kept, self.remarks))


@dataclass(slots=True, eq=False, repr=False)
class Call:
    """What a handler is given. ``body()`` is judged when it is asked for: after key, permission and ownership.

    ``about`` is what a call without a credential turned out to be about; whoever finds it sets it.
    """

    request: Request
    family: Family
    identity: Identity = field(default_factory=Identity)
    once: Once = field(default_factory=Once)
    about: Owned | None = field(default=None, repr=False)

    @property
    def credential(self) -> Credential:
        """Who calls; only for endpoints that require it."""
        if self.identity.credential is None:
            raise GatewayError("this endpoint asked for a credential that it does not require")
        return self.identity.credential

    @property
    def owner(self) -> tuple[str, str] | None:
        """(merchant, environment): the caller's, or of what a call without a credential turned out to be about."""
        if credential := self.identity.credential:
            return credential.merchant.id, credential.environment.value
        return (self.about.merchant_id, self.about.environment.value) if self.about else None

    @property
    def private_seed(self) -> bytes:
        """The seed for what secrets are made from: the second half of it also needs what the caller showed.

        The plain seed is stored beside an Idempotency-Key; this one cannot be had from there.
        """
        seed = self.once.seed
        return seed[:32] + hmac.digest(self.identity.token.encode(), seed, "sha256")

    def path(self, name: str) -> str:
        return self.request.ids.get(name, "")

    def query(self, name: str) -> str | None:
        return self.request.queries.get(name)

    def body(self, model: type[Body]) -> Body:
        """The validated body, as the family reads it. Raises InvalidRequest naming the field, never the value."""
        read = self.family.read(self.request, model)
        self.once.remarks = self.request.remarks
        return read

    def body_so_far(self, model: type[Body]) -> tuple[Body, Mistakes]:
        """The body for rules of money and addresses that are judged beside its own, and what is wrong until now.

        What is wrong is no attribute of the body then: see ``wire.sound``. The handler judges on, and lets the
        mistakes ``tell``. Raises InvalidRequest for what is no body at all.
        """
        mistakes = Mistakes()
        with mistakes:
            return self.body(model), mistakes
        return wire.sound(wire.read_object(self.request.body or b"{}"), model), mistakes


def with_remarks(body: Mapping[str, object], remarks: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    """An answer with what was noticed about its request."""
    return {**body, "warnings": list(remarks)} if remarks else body
