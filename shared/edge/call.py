"""One request and its reply, apart from how they travel."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from shared.domain import ids
from shared.domain.errors import GatewayError, InvalidRequest, NotFound
from shared.domain.merchant import Credential
from shared.edge import wire
from shared.ports.idempotency import Claim, ClaimState

if TYPE_CHECKING:
    from pydantic import BaseModel

    from shared.domain.ids import MerchantId
    from shared.domain.payment import Environment

Body = TypeVar("Body", bound="BaseModel")
Event = Mapping[str, Any]


class Owned(Protocol):
    """A payment, link or dispute: something of one merchant's."""

    @property
    def merchant_id(self) -> MerchantId: ...
    @property
    def environment(self) -> Environment: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """``body`` is a mapping (sent as JSON), text, or bytes (sent as base64 and decoded by API Gateway).

    An answer that is not ``final`` is not replayed: the same Idempotency-Key asks how things stand by now.
    """

    body: Mapping[str, object] | str | bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    final: bool = True


@dataclass(slots=True)
class Call:
    """One request. ``body()`` is judged when it is asked for: after key, permission and ownership."""

    event: Event
    headers: Mapping[str, str]
    request_id: str
    raw_body: bytes = field(default=b"", repr=False)
    token: str = field(default="", repr=False)
    credential_: Credential | None = None
    about: Owned | None = field(default=None, repr=False)
    seed: bytes = field(default=b"", repr=False)
    repeated: bool = False
    claim: Claim | None = None
    kept: bool = False
    shown_once: frozenset[str] = frozenset()

    @property
    def credential(self) -> Credential:
        """Whose key came with the request; only for endpoints that require one."""
        if self.credential_ is None:
            raise GatewayError("this endpoint asked for a credential that it does not require")
        return self.credential_

    @property
    def owner(self) -> tuple[str, str] | None:
        """(merchant, environment): the key's, or of what a call without one turned out to be about."""
        if self.credential_ is not None:
            return self.credential_.merchant.id, self.credential_.environment.value
        return (self.about.merchant_id, self.about.environment.value) if self.about else None

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
        return wire.write({name: value for name, value in body.items() if name not in self.shown_once})

    @property
    def private_seed(self) -> bytes:
        """The seed for what secrets are made from: the second half of it also needs the caller's key.

        The plain seed is stored beside an Idempotency-Key; this one cannot be had from there.
        """
        return self.seed[:32] + hmac.digest(self.token.encode(), self.seed, "sha256")

    @property
    def ids(self) -> dict[str, str]:
        """What the path names."""
        return {name: str(value) for name, value in (self.event.get("pathParameters") or {}).items()}

    def check_ids(self) -> None:
        """Raises NotFound when the path names what cannot exist: it is never looked for."""
        if not all(ids.is_id(value) for value in self.ids.values()):
            raise NotFound("there is no such object")

    def path(self, name: str) -> str:
        return self.ids.get(name, "")

    def query(self, name: str) -> str | None:
        value = (self.event.get("queryStringParameters") or {}).get(name)
        return None if value is None else str(value)

    @property
    def pages_origin(self) -> str:
        """Where the hosted pages live: a stage variable, because a function's environment cannot know it."""
        return str((self.event.get("stageVariables") or {}).get("pagesOrigin", "")).rstrip("/")

    def body(self, model: type[Body]) -> Body:
        """The validated body. Raises InvalidRequest naming the field and the rule, never the value."""
        from pydantic import ValidationError  # a third of a cold start, and most endpoints take no body

        try:
            return model.model_validate(wire.read_object(self.raw_body or b"{}"))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "body"
            raise InvalidRequest(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None
