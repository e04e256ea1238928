"""The state machine that carries a payment on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shared.domain.ids import PaymentId


class Flow(Protocol):
    """Each call may be repeated. Raises Unavailable when the service is busy or does not answer."""

    def start(self, payment_id: PaymentId, execution: int) -> None:
        """Start execution number ``execution`` (1 = the first). Already started counts as started."""
        ...

    def is_running(self, payment_id: PaymentId, execution: int) -> bool: ...

    def wake(self, token: str, word: str) -> None:
        """End the wait that ``token`` stands for with ``word``. Raises TokenGone when nobody waits any more."""
        ...
