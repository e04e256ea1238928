"""Calls from outside, as careful clients make them: each a process of its own, that a Lambda's end may cut short."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from shared.domain.errors import (
    Conflict,
    GatewayError,
    InvalidRequest,
    NotFound,
    Refused,
    StaleWrite,
    TooManyTries,
    Unprocessable,
)
from shared.ports.idempotency import ClaimState
from tools.simulator.kernel import Kernel, Process
from tools.simulator.storm import LAMBDA_SECONDS, PEOPLE, Errors, ServiceError, Storm
from tools.testing.fakes import FakeIdempotency

NOTHING_HAPPENED: Final = (InvalidRequest, NotFound, Conflict, Unprocessable, TooManyTries)
Handle = Callable[[bytes, bool], object]


class Clients:
    """What people and merchants call with; all of it runs in a person's process."""

    def __init__(self, kernel: Kernel, storm: Storm, seed: int) -> None:
        self._kernel, self._storm, self._seed = kernel, storm, seed
        self._idempotency = FakeIdempotency()
        self._replies: dict[str, object] = {}

    def keyed(self, title: str, handle: Handle, *, tries: int) -> Any:
        """A call with an Idempotency-Key, tried again with the same key as a careful client does.

        Returns what it came to in the end, or None. Runs in a person's process.
        """
        person = self._kernel.current
        assert person is not None
        for attempt in range(tries):
            process = self._called(f"{title} try {attempt + 1}", lambda: self._once(title, handle))
            patience = LAMBDA_SECONDS if person.random.random() < 0.9 else person.random.uniform(0.01, 5)
            self._kernel.wait(process.done, patience)
            if process.done.is_set and process.error is None:
                return process.result
            if process.done.is_set and isinstance(process.error, (*NOTHING_HAPPENED, Refused)):
                return None
            self._kernel.sleep(person.random.choice((0.5, 5.0, 65.0)))
        return None

    def plain(self, title: str, handle: Handle) -> Process:
        """A call without a key, made once; what became of it, as far as it came."""
        process = self._called(title, lambda: handle(b"", False))
        self._kernel.wait(process.done, LAMBDA_SECONDS)
        return process

    def acts(self, name: str, act: Callable[[], Any]) -> Any:
        """What a person does at the gateway's own page: it happens, or it does not."""
        return self._storm.call(name, act, PEOPLE, Errors(ServiceError, ServiceError))

    def _called(self, title: str, body: Callable[[], object]) -> Process:
        process = self._kernel.spawn(title, body, seconds_to_live=LAMBDA_SECONDS)
        process.skew = timedelta(seconds=process.random.choice((0, 0, 0, 0, -1, 1, -15, 15)))
        return process

    def _once(self, title: str, handle: Handle) -> object:
        """What the HTTP edge does with an Idempotency-Key."""
        store, clock = self._idempotency, self._kernel.clock
        claim = store.claim(title, "", self._seed_of(title), clock())
        if claim.state is ClaimState.RUNNING:
            raise ServiceError("in progress")
        if claim.state is ClaimState.REPLAY:
            return self._replies[title]
        try:
            reply = handle(claim.seed, claim.repeated)
        except Refused:
            raise
        except GatewayError as error:
            nothing = not claim.repeated and isinstance(error, NOTHING_HAPPENED) and not isinstance(error, StaleWrite)
            (store.release if nothing else store.reopen)(claim)
            raise
        self._replies[title] = reply
        store.finish(claim, 200, "", clock())
        return reply

    def _seed_of(self, title: str) -> bytes:
        """A new seed for every claim; the store keeps the first one."""
        return hashlib.sha512(f"{self._seed}/{title}/{self._kernel.now}".encode()).digest()
