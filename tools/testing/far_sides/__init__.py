"""The other side of every connector, with a switch: acquirers and issuers whose answers get lost, late or garbled.

Tests and the simulator share them; nothing that is deployed imports this. To add one: a class that satisfies
``CardFarSide``, ``VoucherFarSide`` or ``MethodFarSide`` of ``side.py`` here, and its row under the connector's name.
``tests/contract/test_card_gateways.py``, ``test_voucher_providers.py`` and ``test_method_providers.py`` then hold the
connector against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from shared.domain.method import STRIPE_METHODS
from tools.testing.far_sides.assiopay.side import AssioPaySide
from tools.testing.far_sides.igfs.side import IgfsSide
from tools.testing.far_sides.monni.side import MonniSide
from tools.testing.far_sides.nexi.side import NexiSide
from tools.testing.far_sides.paypal.side import PayPalSide
from tools.testing.far_sides.sandbox import SandboxAcquirer, SandboxIssuer
from tools.testing.far_sides.sandbox_methods import SandboxCollector
from tools.testing.far_sides.shift4.side import Shift4Side
from tools.testing.far_sides.side import CardFarSide, MethodFarSide, VoucherFarSide
from tools.testing.far_sides.stripe.collector import StripeCollector
from tools.testing.far_sides.stripe.side import StripeSide
from tools.testing.far_sides.worldline.side import WorldlineSide

CARD_FAR_SIDES: Final[Mapping[str, Callable[[], CardFarSide]]] = {
    "sandbox": SandboxAcquirer,
    "igfs": IgfsSide,
    "stripe": StripeSide,
    "paypal": PayPalSide,
    "nexi": NexiSide,
    "worldline": WorldlineSide,
    "shift4": Shift4Side,
}
VOUCHER_FAR_SIDES: Final[Mapping[str, Callable[[], VoucherFarSide]]] = {
    "sandbox": SandboxIssuer,
    "assiopay": AssioPaySide,
    "monni": MonniSide,
}
METHOD_FAR_SIDES: Final[Mapping[str, Callable[[], MethodFarSide]]] = {
    "sandbox": SandboxCollector,
    STRIPE_METHODS: StripeCollector,
}
