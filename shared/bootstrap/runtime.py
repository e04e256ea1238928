"""The environment, the clock and the dice: the only reader of what Lambda sets."""

from __future__ import annotations

import os
import random
import secrets
import time
from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def entropy(count: int) -> bytes:
    return secrets.token_bytes(count)


def pause(attempt: int) -> None:
    """Full jitter between tries of a contended write, at most 0.4 s."""
    time.sleep(random.uniform(0, min(0.4, 0.01 * 2**attempt)))  # noqa: S311 - jitter, not a secret


def setting(name: str) -> str:
    return os.environ[name]


def optional(name: str) -> str:
    """Empty where the function is not given it."""
    return os.environ.get(name, "")


def flag(name: str) -> bool:
    return os.environ.get(name, "false").lower() == "true"


def allow_private_targets() -> bool:
    """Whether merchants' addresses may be on this machine: the local cloud only."""
    return flag("ALLOW_PRIVATE_TARGETS")
