"""The other side of every connector, with a switch: acquirers and issuers whose answers get lost, late or garbled.

Tests and the simulator share them; nothing that is deployed imports this. To add one: a class that satisfies
``CardFarSide`` or ``VoucherFarSide`` of ``side.py`` here, and its row under the connector's name.
``tests/contract/test_card_gateways.py`` and ``test_voucher_providers.py`` then hold the connector against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tools.testing.far_sides.sandbox import SandboxAcquirer, SandboxIssuer
from tools.testing.far_sides.side import CardFarSide, VoucherFarSide

CARD_FAR_SIDES: Final[Mapping[str, Callable[[], CardFarSide]]] = {"sandbox": SandboxAcquirer}
VOUCHER_FAR_SIDES: Final[Mapping[str, Callable[[], VoucherFarSide]]] = {"sandbox": SandboxIssuer}
