"""Registry of card gateways.

To add one: write ``<name>.py`` here with a class that satisfies ``shared.ports.connectors.CardGateway``, and add its
row. ``tests/contract/test_card_gateways.py`` is parametrised over this table and holds it against the far side that
has its name in ``tools/testing/far_sides``: write that too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from shared.adapters.card_gateways.sandbox import SandboxCardGateway
from shared.adapters.settings import ConnectorSettings
from shared.ports.connectors import CardGateway


def _igfs(settings: ConnectorSettings) -> CardGateway:
    # Imported where it is met: functions that know the sandbox alone pay for no acquirer.
    from shared.adapters.card_gateways.igfs import IgfsCardGateway

    return IgfsCardGateway(settings)


def _stripe(settings: ConnectorSettings) -> CardGateway:
    from shared.adapters.card_gateways.stripe import StripeCardGateway

    return StripeCardGateway(settings)


def _paypal(settings: ConnectorSettings) -> CardGateway:
    from shared.adapters.card_gateways.paypal import PayPalCardGateway

    return PayPalCardGateway(settings)


def _nexi(settings: ConnectorSettings) -> CardGateway:
    from shared.adapters.card_gateways.nexi import NexiCardGateway

    return NexiCardGateway(settings)


def _worldline(settings: ConnectorSettings) -> CardGateway:
    from shared.adapters.card_gateways.worldline import WorldlineCardGateway

    return WorldlineCardGateway(settings)


def _shift4(settings: ConnectorSettings) -> CardGateway:
    from shared.adapters.card_gateways.shift4 import Shift4CardGateway

    return Shift4CardGateway(settings)


CARD_GATEWAYS: Final[Mapping[str, Callable[[ConnectorSettings], CardGateway]]] = {
    "sandbox": SandboxCardGateway,
    "igfs": _igfs,
    "stripe": _stripe,
    "paypal": _paypal,
    "nexi": _nexi,
    "worldline": _worldline,
    "shift4": _shift4,
}
