"""The acquirers that a world's card gateway may be, beside the sandbox: each a connector's far side, without a port.

To add one: a class with what is particular about it, and its row in ``ACQUIRERS``, the last, because a row's place is
in the numbers of its worlds. ``tests/integration/test_simulated_acquirers.py`` misses whoever has none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tools.simulator.acquirers.acquirer import Acquirer
from tools.simulator.acquirers.igfs import Igfs
from tools.simulator.acquirers.nexi import Nexi
from tools.simulator.acquirers.paypal import PayPal
from tools.simulator.acquirers.shift4 import Shift4
from tools.simulator.acquirers.stripe import Stripe
from tools.simulator.acquirers.worldline import Worldline
from tools.simulator.errands import OF_A_GATEWAY

__all__ = ["ACQUIRERS", "Acquirer", "gateway_of"]

ACQUIRERS: Final[Mapping[str, Callable[[], Acquirer]]] = {
    "igfs": Igfs,
    "stripe": Stripe,
    "paypal": PayPal,
    "nexi": Nexi,
    "worldline": Worldline,
    "shift4": Shift4,
}


def gateway_of(seed: int) -> str:
    """The name of the card gateway in the world of ``seed``. Raises ValueError for one that there is not."""
    place = seed // OF_A_GATEWAY
    names = ("sandbox", *ACQUIRERS)
    if not 0 <= place < len(names):
        raise ValueError(f"seeds below {OF_A_GATEWAY * len(names)} are worlds")
    return names[place]
