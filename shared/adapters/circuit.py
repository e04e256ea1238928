"""One gateway's trouble stays its own: a connector that does not answer is left alone for a while.

What is known of it is a warm process's memory, of one merchant's connector at a time. It decides no outcome: a call
that is not made surely had no effect, and whoever has to know what became of an earlier one asks again later.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from shared.domain.errors import CredentialsRefused, NobodyKnows, OutcomeUnknown, Unavailable
from shared.ports.world import Clock

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

    from shared.domain.ids import MerchantId
    from shared.domain.payment import Environment

FAILURES: Final = 5
# A process that makes one call after another needs 40 s to wait for five whole time-outs.
WITHIN: Final = timedelta(seconds=60)
REST: Final = timedelta(seconds=30)
_LEFT_ALONE: Final = "the gateway has not answered lately and is left alone for a moment; try again"

Result = TypeVar("Result")


class Whose(NamedTuple):
    merchant_id: MerchantId
    environment: Environment
    name: str


@dataclass(slots=True)
class _Circuit:
    """The latest failures without an answer between them. It is open when there is a time until which it is."""

    failed_at: deque[datetime] = field(default_factory=lambda: deque(maxlen=FAILURES))
    open_until: datetime | None = None


@dataclass(slots=True)
class Circuits:
    """A circuit opens after ``FAILURES`` in a row within ``WITHIN``, and lets one call in ``REST`` through.

    An answer closes it. A failure is a call without one (Unavailable, OutcomeUnknown); refused credentials and
    a gateway that answers no such question are answers.
    """

    now: Clock
    log: Logger | logging.Logger | None = None
    _known: dict[Whose, _Circuit] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def through(self, whose: Whose, call: Callable[[], Result]) -> Result:
        """What ``call`` comes to. Raises Unavailable with the code ``gateway_unavailable`` instead of making it."""
        trial = self._entered(whose)
        try:
            result = call()
        except (CredentialsRefused, NobodyKnows):
            self._answered(whose)
            raise
        except (Unavailable, OutcomeUnknown):
            self._failed(whose, trial=trial)
            raise
        except Exception:
            self._answered(whose)
            raise
        self._answered(whose)
        return result

    def _entered(self, whose: Whose) -> bool:
        """Whether this call is the one by which an open circuit finds out."""
        with self._lock:
            circuit = self._known.get(whose)
            if circuit is None or circuit.open_until is None:
                return False
            now = self.now()
            if now < circuit.open_until:
                raise Unavailable(_LEFT_ALONE, code="gateway_unavailable")
            circuit.open_until = now + REST  # for all others; should this call never come back, for it too
            return True

    def _failed(self, whose: Whose, *, trial: bool) -> None:
        with self._lock:
            circuit, now = self._known.setdefault(whose, _Circuit()), self.now()
            circuit.failed_at.append(now)
            many = len(circuit.failed_at) == FAILURES and now - circuit.failed_at[0] <= WITHIN
            opens = trial or (circuit.open_until is None and many)
            if opens:
                circuit.open_until = now + REST
        if opens:
            self._opened(whose)

    def _answered(self, whose: Whose) -> None:
        with self._lock:
            circuit = self._known.pop(whose, None)
        if circuit is not None and circuit.open_until is not None:
            self._log().info("gateway answers again", extra=_about(whose))

    def _opened(self, whose: Whose) -> None:
        from shared.adapters.metrics import count

        count("CircuitOpen")
        self._log().warning("gateway left alone", extra=_about(whose))

    def _log(self) -> Logger | logging.Logger:
        if self.log is None:
            from aws_lambda_powertools import Logger

            self.log = Logger()
        return self.log


def _about(whose: Whose) -> dict[str, str]:
    return {"connector": whose.name, "merchant": whose.merchant_id, "environment": whose.environment.value}
