"""Registry of PSPs that take answers to disputes by an API; to every other a person brings them.

To add one: a class here that satisfies ``shared.ports.disputes.DisputeDesk``, on the wire of its card gateway, and
its row. ``tests/contract/test_dispute_desks.py`` is parametrised over this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from shared.adapters.settings import ConnectorSettings
from shared.domain.record import dataclass
from shared.domain.statuses import Source
from shared.ports.disputes import DisputeDesk


def _stripe(settings: ConnectorSettings) -> DisputeDesk:
    from shared.adapters.dispute_desks.stripe import StripeDesk  # imported where it is met, as its card gateway is

    return StripeDesk(settings)


def _paypal(settings: ConnectorSettings) -> DisputeDesk:
    from shared.adapters.dispute_desks.paypal import PayPalDesk

    return PayPalDesk(settings)


DISPUTE_DESKS: Final[Mapping[Source, Callable[[ConnectorSettings], DisputeDesk]]] = {
    Source.STRIPE: _stripe,
    Source.PAYPAL: _paypal,
}


@dataclass(frozen=True, slots=True)
class Desks:
    """The port ``DisputeDesks``."""

    settings: ConnectorSettings

    def of(self, source: Source, gateway: str) -> DisputeDesk | None:
        # A PSP may tell of a payment that was made elsewhere; that merchant's account there is not ours to use.
        build = DISPUTE_DESKS.get(source) if gateway == source.lower() else None
        return None if build is None else build(self.settings)
