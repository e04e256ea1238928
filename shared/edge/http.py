"""An HTTP endpoint: one function, its route, who may call it, and the order in which a request is judged."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from shared.bootstrap import core, runtime
from shared.domain.errors import BodyTooLarge, GatewayError, InvalidRequest
from shared.edge import auth, idempotency, problems, request_line, wire
from shared.edge.auth import Caller
from shared.edge.call import Call, Event, Reply
from shared.edge.observe import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from pydantic import BaseModel

MAX_BODY_BYTES: Final = 1_000_000
JSON_TYPE: Final = "application/json"


Handle = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A Lambda handler that knows its own contract; ``tools/contract/openapi.py`` reads the same fields."""

    handle: Handle
    method: str
    path: str
    caller: Caller
    summary: str
    aliases: tuple[str, ...] = ()
    request: type[BaseModel] | None = None
    success: tuple[int, ...] = (200,)
    problems: tuple[int, ...] = ()  # statuses beside those that every endpoint of its kind may answer
    query: Mapping[str, str] = field(default_factory=dict)
    reply_type: str = JSON_TYPE
    idempotent: bool = False
    shown_once: frozenset[str] = frozenset()  # fields of the reply that are not kept for a replay
    recall: Callable[[Call, dict[str, Any]], None] | None = None  # puts into a replay what can be made again
    cors: bool = False
    visitor: bool = False  # a browser may say who it is: "Authorization: Bearer visit_..."

    def __call__(self, event: Event, context: LambdaContext) -> dict[str, Any]:
        started = time.perf_counter()
        request_id = _request_id(event)
        if event.get("httpMethod") == "OPTIONS":
            return _response(Reply("", 204, _preflight()), request_id, cors=self.cors)
        call = Call(event, _headers(event), request_id)
        try:
            call.raw_body = _body(event)
            reply = self._answer(call)
        except GatewayError as error:
            reply = problems.reply(error, request_id)
        except Exception:
            logger().exception("request crashed", requestId=request_id, path=self.path)
            reply = problems.reply(GatewayError("internal error; quote the request id to support"), request_id)
        elapsed = round((time.perf_counter() - started) * 1000)
        request_line.tell(call, method=self.method, path=self.path, status=reply.status, milliseconds=elapsed)
        return _response(reply, request_id, cors=self.cors)

    def _answer(self, call: Call) -> Reply:
        if self.caller is not Caller.ANYONE:
            call.token = auth.bearer(call.headers)
            if not (self.caller in auth.CLIENT_SECRETS and "_secret_" in call.token):
                call.credential_ = auth.credential(call.token, self.caller, core.merchants())
        call.check_ids()
        if len(call.raw_body) > MAX_BODY_BYTES:
            raise BodyTooLarge(f"a request body has at most {MAX_BODY_BYTES} bytes")
        if self.idempotent:
            return idempotency.answered_once(call, self, self.handle)
        call.seed = runtime.entropy(64)
        return self.handle(call)


def endpoint(method: str, path: str, *, caller: Caller, summary: str, **more: Any) -> Callable[[Handle], Endpoint]:
    """Make a function the handler of one route. Paths are those of the guide, without the stage name."""
    return lambda handle: Endpoint(handle=handle, method=method, path=path, caller=caller, summary=summary, **more)


def _headers(event: Event) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()}


def _body(event: Event) -> bytes:
    raw = event.get("body") or ""
    try:
        return base64.b64decode(raw, validate=True) if event.get("isBase64Encoded") else raw.encode()
    except ValueError as error:
        raise InvalidRequest("the body cannot be decoded") from error


def _request_id(event: Event) -> str:
    return str((event.get("requestContext") or {}).get("requestId") or uuid.uuid4())


def _preflight() -> dict[str, str]:
    return {
        "Access-Control-Allow-Methods": "GET,POST,OPTIONS",
        "Access-Control-Allow-Headers": "Authorization,Content-Type,Idempotency-Key",
        "Access-Control-Max-Age": "7200",
    }


def _response(reply: Reply, request_id: str, *, cors: bool) -> dict[str, Any]:
    headers = {"X-Request-Id": request_id, "Cache-Control": "no-store", **reply.headers}
    if cors:
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = "X-Request-Id,Idempotent-Replayed,Retry-After"
    if isinstance(reply.body, bytes):
        body = base64.b64encode(reply.body).decode()
        return {"statusCode": reply.status, "headers": headers, "body": body, "isBase64Encoded": True}
    if not isinstance(reply.body, str):
        headers["Content-Type"] = JSON_TYPE
    text = reply.body if isinstance(reply.body, str) else wire.write(reply.body)
    return {"statusCode": reply.status, "headers": headers, "body": text, "isBase64Encoded": False}
