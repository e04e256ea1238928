"""``Idempotency-Key``: the same key and body get the first answer again, and have their effect once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from shared import bootstrap
from shared.domain.errors import GatewayError, IdempotencyMismatch, InProgress, InvalidRequest
from shared.edge import wire
from shared.edge.call import Call, Reply
from shared.ports import ClaimState

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.edge.http import Endpoint

MOST_KEY: Final = 255


def answered_once(call: Call, endpoint: Endpoint, handle: Callable[[Call], Reply]) -> Reply:
    """Run ``handle`` at most once per key. Without a key it runs each time.

    Raises InvalidRequest for a malformed key, IdempotencyMismatch for another body, InProgress while the
    first call runs. An answer that says "try again" (429 and 5xx) and a plain refusal are not kept.
    """
    call.seed = bootstrap.entropy(64)
    key = call.headers.get("idempotency-key")
    if key is None:
        return handle(call)
    if not 1 <= len(key) <= MOST_KEY or not key.isprintable():
        raise InvalidRequest(f"Idempotency-Key has 1 to {MOST_KEY} printable characters")
    store, now = bootstrap.idempotency(), bootstrap.now
    claim = store.claim(_scope(call, endpoint, key), _body_hash(call), call.seed, now())
    if claim.state is ClaimState.MISMATCH:
        raise IdempotencyMismatch("this Idempotency-Key was used with another request")
    if claim.state is ClaimState.RUNNING:
        raise InProgress("a request with this Idempotency-Key is still running")
    if claim.state is ClaimState.REPLAY:
        headers = {"Idempotent-Replayed": "true", "Content-Type": endpoint.reply_type}
        return Reply(claim.body, claim.status, headers)
    call.seed, call.repeated = claim.seed, claim.repeated
    try:
        reply = handle(call)
    except GatewayError:
        store.release(claim)  # nothing was made under this key, or its own journal knows better
        raise
    if not isinstance(reply.body, str | bytes):
        store.finish(claim, reply.status, wire.write(reply.body), now())
    return reply


def _scope(call: Call, endpoint: Endpoint, key: str) -> str:
    """Keys are per merchant, environment and request path; hashed, since a caller may put anything into one."""
    owner = call.credential_
    who = f"{owner.merchant.id}#{owner.environment}" if owner else hashlib.sha256(call.token.encode()).hexdigest()
    path = sorted((call.event.get("pathParameters") or {}).items())
    return hashlib.sha256(f"{who}|{endpoint.method}|{endpoint.path}|{path}|{key}".encode()).hexdigest()


def _body_hash(call: Call) -> str:
    query = sorted((call.event.get("queryStringParameters") or {}).items())
    return hashlib.sha256(repr(query).encode() + b"\n" + call.raw_body).hexdigest()
