"""How Worldline rings: an event about a payment, a capture or a refund, under an HMAC of its body."""

from __future__ import annotations

import hmac
from typing import Final

from shared.adapters.card_gateways.worldline_wire import digest
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.adapters.reading import names, part, read_message
from shared.domain.record import dataclass
from shared.ports.inbound import Inbound, Told

HEADER: Final = "x-gcs-signature"
SECRET: Final = "webhook_secret"  # noqa: S105 - what it is called
_ABOUT: Final = {"payment": "paymentOutput", "refund": "refundOutput", "capture": "captureOutput"}


@dataclass(frozen=True, slots=True)
class WorldlineNotifier:
    """The port ``Notifier``. The payment is named by our id among its references, else by Worldline's number."""

    secrets: OwnSecrets

    def read(self, inbound: Inbound) -> Told:
        given = inbound.headers.get(HEADER, "").strip().encode()
        self.secrets.check(SECRET, lambda one: hmac.compare_digest(given, digest(one, inbound.body).encode()))
        message = read_message(inbound.body)
        about = [(part(message, name), output) for name, output in _ABOUT.items()]
        ours = [part(one, output, "references").get("merchantReference") for one, output in about]
        theirs = [one.get("id") for one, _ in about]
        return Told(payments=names(*ours, *theirs, inbound.payment or None), operations=names(*theirs))
