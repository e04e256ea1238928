"""A card is tried only while its key's payments have not had too many declined in this minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shared.domain.allowance import Allowance
from shared.domain.errors import GatewayError, OutcomeUnknown
from shared.ports.allowances import Allowances
from shared.ports.connectors import PageOutcome, PageState


def try_card(
    declines: Allowance, judge: Callable[[], PageOutcome | None], *, allowances: Allowances, now: datetime
) -> PageOutcome | None:
    """What ``judge`` says of the card. Raises TooManyRequests, and then it was not asked.

    A place is taken before and given back unless the card was declined or may be yet: however many are tried at
    once, no more than allowed are declined in one minute.
    """
    place = allowances.take(declines, now)
    try:
        outcome = judge()
    except OutcomeUnknown:
        raise  # it may have been declined
    except GatewayError:
        allowances.give_back(place)
        raise
    if outcome is None or outcome.state not in (PageState.DECLINED, PageState.AGREED, PageState.PENDING):
        allowances.give_back(place)
    return outcome
