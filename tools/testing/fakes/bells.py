"""Bells in memory."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from shared.domain.ids import PaymentId


class FakeBells:
    """The port ``Bells``."""

    def __init__(self) -> None:
        self._rang: dict[PaymentId, datetime] = {}
        self._lock = threading.Lock()

    def first(self, payment_id: PaymentId, now: datetime) -> bool:
        with self._lock:
            last = self._rang.get(payment_id)
            if last is not None and now - last < timedelta(seconds=3):
                return False
            self._rang[payment_id] = now
            return True
