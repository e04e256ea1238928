"""Claims on Idempotency-Keys."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from shared.domain.record import dataclass

if TYPE_CHECKING:
    from datetime import datetime


class ClaimState(StrEnum):
    NEW = "NEW"  # ours to run; the seed is the first claim's, also when it was taken over
    RUNNING = "RUNNING"
    REPLAY = "REPLAY"
    MISMATCH = "MISMATCH"


@dataclass(frozen=True, slots=True)
class Claim:
    """What became of claiming an Idempotency-Key. ``repeated`` marks one taken over from a call that died."""

    state: ClaimState
    key: str
    body_hash: str
    seed: bytes = field(repr=False)
    claimed_at: datetime
    status: int = 0
    body: str = field(default="", repr=False)
    repeated: bool = False


class Idempotency(Protocol):
    """Keys are scoped by the caller (merchant, environment, route) and kept for 24 hours."""

    def claim(self, key: str, body_hash: str, seed: bytes, now: datetime) -> Claim:
        """Claim ``key``. A claim without an answer for a minute is taken over, with its first seed."""
        ...

    def finish(self, claim: Claim, status: int, body: str, now: datetime) -> None:
        """Keep the answer for replays."""
        ...

    def release(self, claim: Claim) -> None:
        """Forget a claim whose call changed nothing, so that the same key may be tried again."""
        ...

    def reopen(self, claim: Claim) -> None:
        """The call failed half-way: let the next one with this key take over at once, with the first seed."""
        ...
