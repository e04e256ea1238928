"""What every connector may be built from."""

from __future__ import annotations

from dataclasses import dataclass

from shared.ports.books import Books
from shared.ports.world import Clock


@dataclass(frozen=True, slots=True)
class ConnectorSettings:
    books: Books
    now: Clock
