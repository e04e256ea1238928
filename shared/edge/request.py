"""One HTTP request, who makes it, and one reply; and how API Gateway writes them down."""

from __future__ import annotations

import base64
import dataclasses
import uuid
from collections.abc import Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, Final

from shared.domain import ids
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.record import dataclass
from shared.edge import wire

if TYPE_CHECKING:
    from shared.domain.merchant import Credential

Event = Mapping[str, Any]
JSON_TYPE: Final = "application/json"
MAX_BODY_BYTES: Final = 1_000_000


@dataclasses.dataclass(slots=True, eq=False, repr=False)
class Request:
    """What was asked. ``headers`` have lower-case names; ``body`` is the exact bytes, whatever the method.

    ``resource`` is the route as the template writes it, so that one handler of several knows which was meant.
    ``remarks`` is what a family noticed while it read, to be told as ``warnings`` of the answer; most notice nothing.
    """

    event: Event
    headers: Mapping[str, str]
    id: str
    body: bytes = field(default=b"", repr=False)
    remarks: list[Mapping[str, object]] = field(default_factory=list)

    @property
    def method(self) -> str:
        return str(self.event.get("httpMethod") or "")

    @property
    def resource(self) -> str:
        return str(self.event.get("resource") or "")

    @property
    def ids(self) -> dict[str, str]:
        """What the path names."""
        return {name: str(value) for name, value in (self.event.get("pathParameters") or {}).items()}

    def check_ids(self) -> None:
        """Raises NotFound when the path names what cannot exist: it is never looked for."""
        if not all(ids.is_id(value) for value in self.ids.values()):
            raise NotFound("there is no such object")

    @property
    def queries(self) -> dict[str, str]:
        given = (self.event.get("queryStringParameters") or {}).items()
        return {name: str(value) for name, value in given if value is not None}

    @property
    def pages_origin(self) -> str:
        """Where the hosted pages live: a stage variable, because a function's environment cannot know it."""
        return str((self.event.get("stageVariables") or {}).get("pagesOrigin", "")).rstrip("/")


@dataclasses.dataclass(slots=True, eq=False, repr=False)
class Identity:
    """Who asks, as far as that is known. The family fills it in as it finds out, so that a refusal knows it too.

    ``token`` is what the caller showed; ``signing_key`` what an answer to it is signed with, in a family that signs.
    ``operator`` is the name of the gateway's own operator who asks.
    """

    token: str = field(default="", repr=False)
    signing_key: bytes = field(default=b"", repr=False)
    credential: Credential | None = None
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """``body`` is a mapping (sent as JSON), text, or bytes (sent as base64 and decoded by API Gateway).

    An answer that is not ``final`` is not replayed: the same Idempotency-Key asks how things stand by now.
    """

    body: Mapping[str, object] | str | bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    final: bool = True

    @property
    def sent(self) -> bytes:
        """The exact bytes that the caller reads."""
        text = wire.write(self.body) if isinstance(self.body, Mapping) else self.body
        return text if isinstance(text, bytes) else text.encode()

    def with_headers(self, headers: Mapping[str, str]) -> Reply:
        return replace(self, headers={**self.headers, **headers})


def request_of(event: Event) -> Request:
    """The request without its body, which may be unreadable: whoever is told so has to be known first."""
    headers = {str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    return Request(event, headers, str((event.get("requestContext") or {}).get("requestId") or uuid.uuid4()))


def body_of(event: Event) -> bytes:
    """The bytes of the body. Raises InvalidRequest when they cannot be decoded."""
    raw = event.get("body") or ""
    try:
        return base64.b64decode(raw, validate=True) if event.get("isBase64Encoded") else raw.encode()
    except ValueError as error:
        raise InvalidRequest("the body cannot be decoded") from error


def as_sent(reply: Reply, request: Request, *, cors: bool) -> Reply:
    """The reply with every header and its body as text or bytes: what is sent, but for what a family adds to it."""
    headers = {"X-Request-Id": request.id, "Cache-Control": "no-store", **reply.headers}
    if cors:
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = "X-Request-Id,Idempotent-Replayed,Retry-After"
    if not isinstance(reply.body, Mapping):
        return replace(reply, headers=headers)
    return replace(reply, body=wire.write(reply.body), headers={**headers, "Content-Type": JSON_TYPE})


def response_of(reply: Reply) -> dict[str, Any]:
    """A reply as API Gateway takes it."""
    encoded = isinstance(reply.body, bytes)
    body = base64.b64encode(reply.sent).decode() if encoded else reply.sent.decode()
    return {"statusCode": reply.status, "headers": dict(reply.headers), "body": body, "isBase64Encoded": encoded}
