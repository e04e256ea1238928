"""Waiting, within API Gateway's patience, for the machine to do what a direct call asked for."""

from __future__ import annotations

import time
from typing import Final

from shared.bootstrap import core
from shared.domain.payment import Payment
from shared.usecases.payment.choose_tender import is_settled

PATIENCE_SECONDS: Final = 15.0
FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 1.0


def settled(payment: Payment) -> tuple[Payment, bool]:
    """The payment once it is settled, and True; or as it stands after 15 seconds, and False."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    pause = FIRST_PAUSE
    while not is_settled(payment):
        if time.monotonic() + pause > deadline:
            return payment, False
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)
        payment = core.payments().get(payment.id)
    return payment, True
