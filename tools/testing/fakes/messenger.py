"""E-mails and text messages that are sent nowhere."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.ports.messages import Message


@dataclass(frozen=True, slots=True)
class Sent:
    message: Message
    merchant_id: MerchantId
    environment: Environment


class FakeMessenger:
    """The port ``Messenger``: one message per key."""

    def __init__(self) -> None:
        self._sent: dict[str, Sent] = {}
        self._lock = threading.Lock()

    @property
    def sent(self) -> list[Sent]:
        """Oldest first."""
        with self._lock:
            return list(self._sent.values())

    def send(self, message: Message, merchant_id: MerchantId, environment: Environment, key: str) -> None:
        with self._lock:
            self._sent.setdefault(key, Sent(message, merchant_id, environment))
