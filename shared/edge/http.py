"""An endpoint behind API Gateway: the order in which a request is judged, whatever its family says in words."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shared.adapters.touched import forget
from shared.bootstrap import runtime
from shared.domain.errors import BodyTooLarge, GatewayError, MethodNotAllowed, NotFound
from shared.edge import idempotency, problems, request_line
from shared.edge.call import Call, with_remarks
from shared.edge.endpoint import Endpoint
from shared.edge.observe import logger
from shared.edge.request import MAX_BODY_BYTES, Event, Reply, as_sent, body_of, request_of, response_of

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from shared.domain.merchant import Credential


class Served(Endpoint):
    """An endpoint as Lambda calls it: the ``handler`` of its module."""

    __slots__ = ()

    def __call__(self, event: Event, context: LambdaContext) -> dict[str, Any]:
        forget()
        call = Call(request_of(event), self.family)
        if call.request.method == "OPTIONS" and self.cors:
            return response_of(_finished(self.family.preflight(), call, self))
        started = time.perf_counter()
        meant, reply = _sendable(*_answered(call, self), call, self)
        elapsed = round((time.perf_counter() - started) * 1000)
        request_line.tell(call, path=self.path, status=reply.status, meant=meant, milliseconds=elapsed)
        return response_of(reply)


def _answered(call: Call, endpoint: Endpoint) -> tuple[int, Reply]:
    """What the call comes to, as a status of ours and as its family tells it."""
    try:
        call.request.body = body_of(call.request.event)
        reply = _judged(call, endpoint)
    except GatewayError as error:
        told = call.family.problem(error, call.request)
        if isinstance(error, MethodNotAllowed):
            told = told.with_headers({"Allow": ", ".join(error.allowed)})
        return problems.status_of(error), told
    except Exception:
        logger().exception("request crashed", requestId=call.request.id, path=endpoint.path)
        ours = GatewayError("internal error; quote the request id to support")
        return problems.status_of(ours), call.family.problem(ours, call.request)
    if isinstance(reply.body, Mapping):
        reply = replace(reply, body=with_remarks(reply.body, call.request.remarks))
    return reply.status, reply


def _judged(call: Call, endpoint: Endpoint) -> Reply:
    """Address, method, caller, ids, size, then the handler, which asks for the body when it knows what it is for."""
    if endpoint.not_offered and any(word in endpoint.not_offered for word in call.request.ids.values()):
        raise NotFound("there is no such address")
    method = call.request.method
    if method not in endpoint.methods and not (method == "HEAD" and endpoint.file):
        raise MethodNotAllowed(endpoint.allowed)
    identity = call.identity
    identity.credential = call.family.authenticate(call.request, endpoint.caller, identity)
    call.request.check_ids()
    if len(call.request.body) > MAX_BODY_BYTES:
        raise BodyTooLarge(f"a request body has at most {MAX_BODY_BYTES} bytes")
    if identity.credential and _is_written_down(call, endpoint, identity.credential):
        from shared.edge import doings  # what keys do otherwise pays nothing for it

        doings.note(call.request, identity.credential)
    if endpoint.idempotent:
        return idempotency.answered_once(call, endpoint)
    call.once.seed = runtime.entropy(64)
    return endpoint.handle(call)


def _is_written_down(call: Call, endpoint: Endpoint, caller: Credential) -> bool:
    if not endpoint.noted or call.request.method == "GET":
        return False
    return endpoint.noted_of_keys or caller.person is not None


def _sendable(meant: int, reply: Reply, call: Call, endpoint: Endpoint) -> tuple[int, Reply]:
    """The reply finished. One that cannot be written or signed is our failure, told in nobody's words."""
    try:
        return meant, _finished(reply, call, endpoint)
    except Exception:
        logger().exception("reply crashed", requestId=call.request.id, path=endpoint.path)
        ours = Reply({"message": "internal error"}, 500)
        return ours.status, as_sent(ours, call.request, cors=endpoint.cors)


def _finished(reply: Reply, call: Call, endpoint: Endpoint) -> Reply:
    return call.family.finish(as_sent(reply, call.request, cors=endpoint.cors), call.request, call.identity)
