"""How the sandbox rings: JSON that names a payment, under an HMAC with the connector's own secret."""

from __future__ import annotations

import hmac
from typing import Final

from shared.adapters.notifiers.secrets import OwnSecrets
from shared.adapters.reading import names, read_message
from shared.domain.record import dataclass
from shared.ports.inbound import Inbound, Told

HEADER: Final = "x-sandbox-signature"
SECRET: Final = "notify_secret"  # noqa: S105 - what it is called


@dataclass(frozen=True, slots=True)
class SandboxNotifier:
    """The port ``Notifier``. The header holds HMAC-SHA256 of the raw body in hex."""

    secrets: OwnSecrets

    def read(self, inbound: Inbound) -> Told:
        given = inbound.headers.get(HEADER, "").strip().encode()
        self.secrets.check(SECRET, lambda secret: hmac.compare_digest(given, signature(secret, inbound.body)))
        message = read_message(inbound.body)
        return Told(
            payments=names(message.get("transactionId"), message.get("paymentID"), inbound.payment or None),
            operations=names(message.get("reference")),
        )


def signature(secret: str, body: bytes) -> bytes:
    return hmac.digest(secret.encode(), body, "sha256").hex().encode()
