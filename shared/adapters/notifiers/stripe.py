"""How Stripe rings: an event under ``Stripe-Signature``, about a session, an intent, a charge or a refund."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.adapters.notifiers.secrets import OwnSecrets
from shared.adapters.reading import names, part, read_message
from shared.adapters.stripe_signature import signed_with
from shared.ports.inbound import Inbound, Told

SECRET: Final = "webhook_secret"  # noqa: S105 - what it is called


@dataclass(frozen=True, slots=True)
class StripeNotifier:
    """The port ``Notifier``. The payment is named by our id in the object's metadata, else by Stripe's numbers."""

    secrets: OwnSecrets

    def read(self, inbound: Inbound) -> Told:
        self.secrets.check(SECRET, signed_with(inbound))
        about = part(read_message(inbound.body), "data", "object")
        own = part(about, "metadata").get("transactionId")
        return Told(
            payments=names(own, about.get("payment_intent"), inbound.payment or None),
            operations=names(about.get("charge"), about.get("id")),
        )
