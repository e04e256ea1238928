"""Registry of those that ring when something happened to a payment.

To add one: a class here that satisfies ``shared.ports.inbound.Notifier``, and its row, by the connector's name.
``tests/unit/adapters/test_notifiers.py`` is parametrised over this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from shared.adapters.notifiers.by_address import ByAddress
from shared.adapters.notifiers.sandbox import SandboxNotifier
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.domain.method import STRIPE_METHODS
from shared.ports.inbound import Notifier


def _stripe(secrets: OwnSecrets) -> Notifier:
    # Imported where it rings: with it comes what it says of disputes.
    from shared.adapters.notifiers.stripe import StripeNotifier

    return StripeNotifier(secrets)


def _paypal(secrets: OwnSecrets) -> Notifier:
    from shared.adapters.notifiers.paypal import PayPalNotifier

    return PayPalNotifier(secrets)


def _worldline(secrets: OwnSecrets) -> Notifier:
    from shared.adapters.notifiers.worldline import WorldlineNotifier

    return WorldlineNotifier(secrets)


def _shift4(secrets: OwnSecrets) -> Notifier:
    from shared.adapters.notifiers.shift4 import Shift4Notifier

    return Shift4Notifier(secrets)


NOTIFIERS: Final[Mapping[str, Callable[[OwnSecrets], Notifier]]] = {
    "igfs": ByAddress,
    "nexi": ByAddress,
    "paypal": _paypal,
    "sandbox": SandboxNotifier,
    "shift4": _shift4,
    "stripe": _stripe,
    STRIPE_METHODS: _stripe,
    "worldline": _worldline,
}
