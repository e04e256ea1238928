"""Claims of Idempotency-Keys in memory."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.ports.idempotency import Claim, ClaimState

KEPT: Final = timedelta(hours=24)
TAKEN_OVER_AFTER: Final = timedelta(seconds=60)


class FakeIdempotency:
    """The port ``Idempotency``."""

    def __init__(self) -> None:
        self._claims: dict[str, Claim] = {}
        self._lock = threading.Lock()

    def claim(self, key: str, body_hash: str, seed: bytes, now: datetime) -> Claim:
        with self._lock:
            there = self._claims.get(key)
            if there is None or there.claimed_at + KEPT <= now:
                return self._keep(Claim(ClaimState.NEW, key, body_hash, seed, now))
            if there.body_hash != body_hash:
                return replace(there, state=ClaimState.MISMATCH)
            if there.state is ClaimState.REPLAY:
                return there
            if now - there.claimed_at < TAKEN_OVER_AFTER:
                return replace(there, state=ClaimState.RUNNING)
            return self._keep(replace(there, claimed_at=now, repeated=True))

    def finish(self, claim: Claim, status: int, body: str, now: datetime) -> None:
        with self._lock:
            if self._is_current(claim):
                self._claims[claim.key] = replace(
                    claim, state=ClaimState.REPLAY, status=status, body=body, repeated=False
                )

    def all(self) -> list[Claim]:
        with self._lock:
            return list(self._claims.values())

    def keep_answered(self, claim: Claim) -> None:
        """Store a claim with the answer it already carries, as a payment's own write does."""
        with self._lock:
            self._keep(replace(claim, repeated=False))

    def release(self, claim: Claim) -> None:
        with self._lock:
            if self._is_current(claim):
                del self._claims[claim.key]

    def reopen(self, claim: Claim) -> None:
        with self._lock:
            if self._is_current(claim):
                self._claims[claim.key] = replace(claim, claimed_at=claim.claimed_at - TAKEN_OVER_AFTER)

    def _keep(self, claim: Claim) -> Claim:
        self._claims[claim.key] = claim
        return claim

    def _is_current(self, claim: Claim) -> bool:
        there = self._claims.get(claim.key)
        return there is not None and there.claimed_at == claim.claimed_at and there.state is not ClaimState.REPLAY
