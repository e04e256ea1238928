"""What every connector may be built from."""

from __future__ import annotations

from dataclasses import dataclass

from shared.ports import Books, Clock


@dataclass(frozen=True, slots=True)
class ConnectorSettings:
    books: Books
    now: Clock
