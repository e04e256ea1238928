"""How those ring whose word nobody can check: by an address of each payment's own. Nothing of what they send is read.

IGFS signs its form in a way that is not public; Nexi's message bears a token of its order, which would prove no more.
"""

from __future__ import annotations

from shared.adapters.notifiers.secrets import OwnSecrets
from shared.domain.record import dataclass
from shared.ports.inbound import Inbound, Told


@dataclass(frozen=True, slots=True)
class ByAddress:
    """The port ``Notifier``. What proves it is its address, which holds 128 random bits and names the payment."""

    secrets: OwnSecrets

    def read(self, inbound: Inbound) -> Told:
        return Told(payments=(inbound.payment,) if inbound.payment else ())
