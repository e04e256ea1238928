"""Which payment the invocation at hand is about, for the lines that it logs."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

_PAYMENT: Final[ContextVar[str | None]] = ContextVar("payment", default=None)


def touch(payment_id: str) -> None:
    """A payment was read or written; the last one is what a line names."""
    _PAYMENT.set(payment_id)


def touched() -> str | None:
    return _PAYMENT.get()


def forget() -> None:
    """Another request begins: a warm function has served others."""
    _PAYMENT.set(None)
