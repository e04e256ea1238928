"""``Idempotency-Key``: the same key and body get the first answer again, and have their effect once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from shared.bootstrap import callers, runtime
from shared.domain.errors import (
    Conflict,
    Forbidden,
    GatewayError,
    IdempotencyMismatch,
    InProgress,
    InvalidRequest,
    NotFound,
    Refused,
    StaleWrite,
    TooManyTries,
    Unauthenticated,
    Unprocessable,
)
from shared.domain.merchant import KeyKind
from shared.edge import wire
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.ports.idempotency import Claim, ClaimState

if TYPE_CHECKING:
    from shared.edge.endpoint import Endpoint

MOST_KEY: Final = 255
NOTHING_HAPPENED: Final = (
    InvalidRequest,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    Unprocessable,
    TooManyTries,
)


def answered_once(call: Call, endpoint: Endpoint) -> Reply:
    """Run the endpoint's handler at most once per key. Without a key it runs each time.

    Raises InvalidRequest for a malformed key, IdempotencyMismatch for another body (with a publishable key that is
    another key instead), InProgress while the first call runs. Success and a refusal by gateway or issuer are final
    answers and kept. After an error that proves that nothing happened the key is free again; after any other, and
    after an answer that is not final, the next call goes on from the first one's seed, and so finds what that call
    had begun.
    """
    once = call.once
    once.seed = runtime.entropy(64)
    key = call.request.headers.get("idempotency-key")
    if key is None:
        return endpoint.handle(call)
    if not 1 <= len(key) <= MOST_KEY or not key.isprintable():
        raise InvalidRequest(f"Idempotency-Key has 1 to {MOST_KEY} printable characters", param="Idempotency-Key")
    store, now = callers.idempotency(), runtime.now
    claim = store.claim(_scope(call, endpoint, key), _body_hash(call), once.seed, now())
    if claim.state is ClaimState.MISMATCH:
        raise IdempotencyMismatch("this Idempotency-Key was used with another request")
    if claim.state is ClaimState.RUNNING:
        raise InProgress("a request with this Idempotency-Key is still running")
    if claim.state is ClaimState.REPLAY:
        headers = {"Idempotent-Replayed": "true", "Content-Type": endpoint.reply_type}
        return Reply(_recalled(claim, call, endpoint), claim.status, headers)
    once.seed, once.repeated, once.claim = claim.seed, claim.repeated, claim
    once.shown_once = endpoint.shown_once
    try:
        reply = endpoint.handle(call)
    except Refused as error:
        reply = call.family.problem(error, call.request)
    except GatewayError as error:
        # A claim that was taken over may have an effect behind it, whatever this run says.
        nothing = not claim.repeated and isinstance(error, NOTHING_HAPPENED) and not isinstance(error, StaleWrite)
        (store.release if nothing else store.reopen)(claim)
        raise
    if once.kept:
        return reply
    if reply.final and isinstance(reply.body, Mapping):
        store.finish(claim, reply.status, once.text_to_keep(reply.body), now())
    else:
        store.reopen(claim)
    return reply


def _recalled(claim: Claim, call: Call, endpoint: Endpoint) -> str:
    """The kept answer, with what was kept out of it where that can be made again."""
    if endpoint.recall is None or claim.status >= 300:
        return claim.body
    call.once.seed = claim.seed
    answer = wire.read_object(claim.body.encode())
    endpoint.recall(call, answer)
    return wire.write(answer)


def _scope(call: Call, endpoint: Endpoint, key: str) -> str:
    """Keys are per merchant, kind of API key and request path; hashed, since a caller may put anything into one.

    Everybody who visits the shop has its publishable key, so there a key is one's own only together with the body:
    nobody is kept from a key, or told what was made under it, by or to somebody who asks for something else.
    """
    owner = call.identity.credential
    who = (
        f"{owner.merchant.id}#{owner.environment}#{owner.kind}"
        if owner
        else hashlib.sha256(call.identity.token.encode()).hexdigest()
    )
    if owner and owner.person:
        who += f"#{owner.person.id}"
    if owner and owner.kind is KeyKind.PUBLISHABLE:
        who += f"#{_body_hash(call)}"
    path = sorted(call.request.ids.items())
    return hashlib.sha256(f"{who}|{endpoint.method}|{endpoint.path}|{path}|{key}".encode()).hexdigest()


def _body_hash(call: Call) -> str:
    query = sorted(call.request.queries.items())
    return hashlib.sha256(repr(query).encode() + b"\n" + call.request.body).hexdigest()
