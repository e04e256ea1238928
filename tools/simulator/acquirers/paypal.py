"""PayPal in a world."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from shared.adapters.notifiers.paypal import PayPalNotifier
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.adapters.paypal_signature import Signatures
from shared.domain.merchant import OwnConnector
from shared.domain.statuses import DisputeStatus, Source
from shared.ports.inbound import Inbound, Told
from tools.simulator.acquirers.acquirer import Acquirer
from tools.simulator.wire import NoPort
from tools.testing.builders import MERCHANT, TEST
from tools.testing.far_sides.paypal.events import WEBHOOK, certificate, signed_event
from tools.testing.far_sides.paypal.server import PayPalAcquirer
from tools.testing.far_sides.paypal.side import PayPalSide

if TYPE_CHECKING:
    from shared.domain.payment import Payment
    from shared.ports.world import Clock
    from tools.testing.fakes import FakeCredentials
    from tools.testing.far_sides.door import Request


_AT_PAYPAL: Final = {
    DisputeStatus.OPEN: ("WAITING_FOR_SELLER_RESPONSE", ""),
    DisputeStatus.EVIDENCE_REQUIRED: ("WAITING_FOR_SELLER_RESPONSE", ""),
    DisputeStatus.WON: ("RESOLVED", "RESOLVED_SELLER_FAVOUR"),
    DisputeStatus.LOST: ("RESOLVED", "RESOLVED_BUYER_FAVOUR"),
    DisputeStatus.CANCELLED: ("RESOLVED", "CANCELED_BY_BUYER"),
}


class _PayPal(NoPort, PayPalAcquirer): ...


class PayPal(Acquirer):
    name = "paypal"
    focus_of_answers = ("card.provide-evidence", "card.accept-claim", "card.dispute")
    focus = (
        *("card.authorize", "card.capture", "card.void", "card.refund", "card.order", "card.open", "card.token"),
        *("card.charge", "card.order.made", "card.captured", "card.forget"),
    )

    def __init__(self) -> None:
        side = PayPalSide(_PayPal)
        self.acquirer, self.side = side.acquirer, side
        credentials = cast("FakeCredentials", side.settings.credentials)
        known = credentials.of(MERCHANT, TEST, self.name)
        credentials.put(MERCHANT, TEST, self.name, {**known, "webhook_id": WEBHOOK})

    def answers(self, request: Request) -> Any:
        return self.acquirer.answer(request)

    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        about = {"id": payment.page_id, "purchase_units": [{"custom_id": payment.id}]}
        body = json.dumps({"event_type": "CHECKOUT.ORDER.APPROVED", "resource": about}).encode()
        return Inbound(signed_event(body, "WH-SOMEBODY-ELSES" if forged else WEBHOOK), body, now())

    def heard(self, inbound: Inbound) -> tuple[Told, OwnConnector]:
        own = OwnConnector(MERCHANT, TEST, self.name)
        secrets = OwnSecrets(self.side.settings.credentials, own)
        return PayPalNotifier(secrets, Signatures(lambda url, headers: certificate())).read(inbound), own

    def takes_a_card(self, payment: Payment) -> bool:
        return self.acquirer.business.order(payment.page_id).status == "PAYER_ACTION_REQUIRED"

    def disputed(self, payment: Payment) -> tuple[Source, str] | None:
        orders = self.acquirer.business.orders.values()
        paid = [order for order in orders if order.custom_id == payment.id and order.captures]
        return (Source.PAYPAL, self.acquirer.business.disputed(paid[0]).id) if paid else None

    def bank_says(self, number: str, status: DisputeStatus) -> None:
        dispute = self.acquirer.business.disputes[number]
        dispute.status, dispute.outcome = _AT_PAYPAL[status]

    def answers_to(self, number: str) -> list[str]:
        said = self.acquirer.business.disputes[number].evidences
        return [notes.rpartition("Ref. ")[2] for _, notes, _ in said]

    def tokens(self) -> set[str]:
        return set(self.acquirer.business.vault)
