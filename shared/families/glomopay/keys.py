"""Glomopay's words for kinds of keys."""

from __future__ import annotations

from typing import Final

from shared.domain.merchant import KeyKind

TYPES: Final = {KeyKind.PUBLISHABLE: "publishable", KeyKind.SECRET: "secret"}
KINDS: Final = {word: kind for kind, word in TYPES.items()}
