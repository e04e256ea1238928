"""How PayPal rings: an event about an order, an authorisation, a capture, a refund or a dispute, signed with RSA."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, Final

from shared.adapters.dispute_sources.paypal import notice_of
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.adapters.paypal_signature import Signatures
from shared.adapters.reading import names, part, read_message
from shared.domain.errors import Unauthenticated
from shared.domain.record import dataclass
from shared.ports.inbound import Inbound, Told

WEBHOOK: Final = "webhook_id"


def _fetched(url: str, headers: Mapping[str, str]) -> bytes | None:
    from shared.adapters.fetching import fetch

    return fetch(url, headers)


_SIGNATURES: Final = Signatures(_fetched)


@dataclass(frozen=True, slots=True)
class PayPalNotifier:
    """The port ``Notifier``. What is signed holds the webhook's id, so that another's message does not fit."""

    secrets: OwnSecrets
    signatures: Signatures = field(default=_SIGNATURES, repr=False)

    def read(self, inbound: Inbound) -> Told:
        own = self.secrets.own
        environment, fits = self.signatures.read(inbound)
        if environment is not own.environment:
            raise Unauthenticated("the signature is not valid")
        self.secrets.check(WEBHOOK, fits)
        message = read_message(inbound.body)
        about = part(message, "resource")
        told = notice_of(message, environment)
        return Told(
            payments=names(about.get("custom_id"), *_orders(about), inbound.payment or None),
            operations=names(about.get("id")),
            notice=replace(told, merchant_id=own.merchant_id) if told else None,
        )


def _orders(about: Mapping[str, Any]) -> tuple[object, ...]:
    """The order that an authorisation or capture is of; an order's own id names it too."""
    related = part(about, "supplementary_data", "related_ids")
    return related.get("order_id"), related.get("authorization_id"), related.get("capture_id")
