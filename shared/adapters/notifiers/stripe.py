"""How Stripe rings: an event under ``Stripe-Signature``, about a page, an intent, a refund or a dispute."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from shared.adapters.dispute_sources.stripe import notice_of
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.adapters.reading import names, part, read_message
from shared.adapters.stripe_signature import signed_with
from shared.domain.record import dataclass
from shared.ports.inbound import Inbound, Told

SECRET: Final = "webhook_secret"  # noqa: S105 - what it is called


@dataclass(frozen=True, slots=True)
class StripeNotifier:
    """The port ``Notifier``. The payment is named by our id in the object's metadata, else by Stripe's numbers."""

    secrets: OwnSecrets

    def read(self, inbound: Inbound) -> Told:
        self.secrets.check(SECRET, signed_with(inbound))
        message, own = read_message(inbound.body), self.secrets.own
        about = part(message, "data", "object")
        told = notice_of(message, own.environment)
        named = part(about, "metadata").get("transactionId")
        return Told(
            payments=names(named, about.get("payment_intent"), inbound.payment or None),
            operations=names(about.get("charge"), about.get("id")),
            notice=replace(told, merchant_id=own.merchant_id) if told else None,
        )
