"""The sandbox's own books."""

from __future__ import annotations

from typing import Any, Protocol


class Books(Protocol):
    """The sandbox's own books: versioned JSON documents, apart from everything the gateway itself stores.

    They stand where a real gateway has a network, and fail in its words.
    """

    def load(self, kind: str, doc_id: str) -> tuple[dict[str, Any], int]:
        """The document and its version; ``({}, 0)`` when there is none. Raises Unavailable."""
        ...

    def save(self, kind: str, doc_id: str, doc: dict[str, Any], version: int) -> bool:
        """Write if the stored version is still ``version``; stores version + 1. False when it moved.

        Raises OutcomeUnknown when it may have been written or not.
        """
        ...
