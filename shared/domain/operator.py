"""Who runs the gateway: a person or a program with a key of its own, which no merchant's key is."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from shared.domain import ids
from shared.domain.errors import InvalidRequest
from shared.domain.record import dataclass

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_KEY: Final = re.compile(r"op_[A-Z2-7]{32}")


@dataclass(frozen=True, slots=True)
class Operator:
    """``name`` stands in the trail of whatever it changes; its key is kept by its SHA-256 alone."""

    name: str
    fingerprint: str
    created_at: datetime


def new_key(entropy: bytes) -> str:
    """``op_`` and 160 bits, from 20 bytes of entropy."""
    return f"op_{ids.base32(entropy[:20])}"


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def checked_name(name: str) -> str:
    """Raises InvalidRequest."""
    if _NAME.fullmatch(name) is None:
        raise InvalidRequest("an operator's name has 1 to 40 of a-z 0-9 . _ -, such as ada.rossi", param="name")
    return name
