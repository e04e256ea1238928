"""The sandbox's documents in memory."""

from __future__ import annotations

import json
import threading
from typing import Any


class FakeBooks:
    """The port ``Books``. Documents are kept as text, so that nobody shares one by accident."""

    def __init__(self) -> None:
        self._documents: dict[tuple[str, str], tuple[str, int]] = {}
        self._lock = threading.Lock()

    def load(self, kind: str, doc_id: str) -> tuple[dict[str, Any], int]:
        with self._lock:
            text, version = self._documents.get((kind, doc_id), ("{}", 0))
        return json.loads(text), version

    def names(self, kind: str) -> list[str]:
        """The documents there are of a kind."""
        with self._lock:
            return [name for known, name in self._documents if known == kind]

    def save(self, kind: str, doc_id: str, doc: dict[str, Any], version: int) -> bool:
        text = json.dumps(doc)
        with self._lock:
            if self._documents.get((kind, doc_id), ("{}", 0))[1] != version:
                return False
            self._documents[kind, doc_id] = (text, version + 1)
            return True
