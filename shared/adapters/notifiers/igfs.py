"""How IGFS rings: a form whose signature is of no public make, so that nothing in it is read."""

from __future__ import annotations

from dataclasses import dataclass

from shared.adapters.notifiers.secrets import OwnSecrets
from shared.ports.inbound import Inbound, Told


@dataclass(frozen=True, slots=True)
class IgfsNotifier:
    """The port ``Notifier``. What proves it is its address, which holds 128 random bits and names the payment."""

    secrets: OwnSecrets

    def read(self, inbound: Inbound) -> Told:
        return Told(payments=(inbound.payment,) if inbound.payment else ())
