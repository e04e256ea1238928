"""Operators and their keys."""

from __future__ import annotations

from typing import Protocol

from shared.domain.operator import Operator


class Operators(Protocol):
    def named_by(self, key: str) -> Operator:
        """Whose key it is, found by its SHA-256. Raises Unauthenticated."""
        ...

    def all(self) -> list[Operator]:
        """In the order of their names."""
        ...

    def put(self, operator: Operator) -> None:
        """Write an operator; the key that one of this name had is gone with the same write. Raises StaleWrite."""
        ...

    def remove(self, name: str) -> None:
        """Its key stops working. Raises NotFound, StaleWrite."""
        ...
