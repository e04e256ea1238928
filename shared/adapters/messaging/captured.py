"""Test mode sends nothing: messages are kept in the sandbox's books, to be read back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from shared.adapters.ledger import Doc, edit
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.ports.books import Books
from shared.ports.messages import Message
from shared.ports.world import Clock

MESSAGES: Final = "messages"
KEPT: Final = 100
ROOM: Final = 250_000  # bytes of all of them: they are one item, which takes 400 kB with what is written around them


@dataclass(frozen=True, slots=True)
class CapturedMessages:
    """The port ``Messenger`` of the test environment."""

    books: Books
    now: Clock

    def send(self, message: Message, merchant_id: MerchantId, environment: Environment, key: str) -> None:
        """Keep the message once per ``key``, and at most a hundred per merchant, the newest."""

        def act(doc: Doc) -> None:
            kept: list[Any] = doc.get("messages", [])
            if all(other["key"] != key for other in kept):
                entry = {"key": key, "at": self.now().isoformat(), **asdict(message)}
                doc["messages"] = _with_room([entry, *kept][:KEPT])

        edit(self.books, MESSAGES, f"{merchant_id}#{environment}", act)

    def read(self, merchant_id: MerchantId, environment: Environment) -> list[Any]:
        """The captured messages, newest first."""
        doc, _ = self.books.load(MESSAGES, f"{merchant_id}#{environment}")
        found = doc.get("messages", [])
        return found if isinstance(found, list) else []


def _with_room(messages: list[Any]) -> list[Any]:
    """As many of the first as there is room for, and one at least."""
    left, kept = ROOM, 0
    for message in messages:
        left -= len(json.dumps(message))
        if left < 0:
            break
        kept += 1
    return messages[: max(kept, 1)]
