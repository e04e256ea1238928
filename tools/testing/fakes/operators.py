"""Operators in memory."""

from __future__ import annotations

from shared.domain.errors import NotFound, Unauthenticated
from shared.domain.ids import fingerprint
from shared.domain.operator import Operator, is_key


class FakeOperators:
    """The port ``Operators``."""

    def __init__(self) -> None:
        self._named: dict[str, Operator] = {}

    def named_by(self, key: str) -> Operator:
        for operator in self._named.values():
            if is_key(key) and operator.fingerprint == fingerprint(key):
                return operator
        raise Unauthenticated("the operator's key is not known")

    def all(self) -> list[Operator]:
        return [self._named[name] for name in sorted(self._named)]

    def put(self, operator: Operator) -> None:
        self._named[operator.name] = operator

    def remove(self, name: str) -> None:
        if self._named.pop(name, None) is None:
            raise NotFound(f"there is no operator {name}")
