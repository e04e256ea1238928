"""The state machine, as a record of what was started and woken."""

from __future__ import annotations

import threading

from shared.domain.errors import TokenGone, Unavailable
from shared.domain.ids import PaymentId


class FakeFlow:
    """The port ``Flow``. A token is good once, unless ``forget`` made the machine lose it before."""

    def __init__(self) -> None:
        self.starts: list[tuple[PaymentId, int]] = []
        self.wakes: list[tuple[str, str]] = []
        self.is_down = False
        self._running: set[tuple[PaymentId, int]] = set()
        self._gone: set[str] = set()
        self._lock = threading.Lock()

    def start(self, payment_id: PaymentId, execution: int) -> None:
        self._fail_if_down()
        with self._lock:
            if (payment_id, execution) not in self.starts:
                self.starts.append((payment_id, execution))
                self._running.add((payment_id, execution))

    def is_running(self, payment_id: PaymentId, execution: int) -> bool:
        self._fail_if_down()
        with self._lock:
            return (payment_id, execution) in self._running

    def wake(self, token: str, word: str) -> None:
        self._fail_if_down()
        with self._lock:
            if token in self._gone:
                raise TokenGone("nobody waits on this token any more")
            self._gone.add(token)
            self.wakes.append((token, word))

    def words(self) -> list[str]:
        """What parked machines were told, in order."""
        with self._lock:
            return [word for _, word in self.wakes]

    def end(self, payment_id: PaymentId, execution: int) -> None:
        """The execution is over: finished, failed or lost."""
        with self._lock:
            self._running.discard((payment_id, execution))

    def forget(self, token: str) -> None:
        """The machine waits on this token no longer."""
        with self._lock:
            self._gone.add(token)

    def _fail_if_down(self) -> None:
        if self.is_down:
            raise Unavailable("the state machine service is down")
