"""A merchant with one payment link, and the customers who open it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.domain.ids import LinkId
from shared.domain.payment import Environment, Payment, Tender
from shared.domain.payment_link import PaymentLink, Sending
from shared.domain.statuses import LinkStatus
from shared.usecases.link.cancel_link import cancel_link
from shared.usecases.link.create_link import NewLink, create_link
from shared.usecases.link.look_after_links import sweep_links
from shared.usecases.link.open_link import open_link
from shared.usecases.link.settle_link import settle_link, standing
from shared.usecases.link.verify_link import verify_link
from tests.unit.usecases.till import Till
from tools.testing.builders import MERCHANT, a_credential, a_record, an_account, euro
from tools.testing.fakes import FakeLinks


class Desk(Till):
    """``link`` reads it as the API does: mended by its payment."""

    def __init__(self, mode: str | None = None, **overrides: Any) -> None:
        super().__init__(**overrides)
        settings: dict[str, Any] = {"default_mode": mode} if mode else {}
        self.account = an_account(**settings)
        self.world.merchants.create(a_record(test=self.account))
        self.links = FakeLinks()
        self.link_id = LinkId("")

    def ask(self, **order: Any) -> PaymentLink:
        made: dict[str, Any] = {
            "amount": euro(50_00),
            "pages_origin": "https://pages.example",
            "lasts": timedelta(days=30),
            "description": "Order 12345",
        }
        sending = {name: order.pop(name) for name in ("type", "email", "phone") if name in order}
        made["sending"] = Sending(**sending)
        credential = a_credential(account=self.account)
        seed = self.world.entropy(64)
        link = create_link(NewLink(**{**made, **order}), credential, world=self.world, links=self.links, seed=seed)
        self.link_id = link.id
        return link

    @property
    def link(self) -> PaymentLink:
        return standing(self.links.get(self.link_id), world=self.world, links=self.links)[0]

    @property
    def status(self) -> LinkStatus:
        link, payment = standing(self.links.get(self.link_id), world=self.world, links=self.links)
        return link.status_at(self.world.now(), payment)

    def follow(self) -> Payment:
        """A customer opens the link."""
        payment = open_link(self.link_id, world=self.world, links=self.links)
        self.id = payment.id
        self.machines.pump()
        return payment

    def pay(self) -> Payment:
        self.follow()
        self.pay_by_card()
        return self.choose(Tender.CARD_ONLY)

    def cancel(self) -> PaymentLink:
        cancelled = cancel_link(self.links.get(self.link_id), world=self.world, links=self.links)
        self.machines.pump()
        return cancelled

    def verify(self) -> PaymentLink:
        verified, _ = verify_link(self.links.get(self.link_id), world=self.world, links=self.links)
        self.machines.pump()
        return verified

    def tell(self) -> None:
        """The event stream brings the payment's success."""
        settle_link(self.payment, world=self.world, links=self.links)

    def housekeeping(self) -> list[tuple[str, str]]:
        failed = sweep_links(100, world=self.world, links=self.links)[1]
        self.machines.pump()
        return failed

    def listed(self, status: LinkStatus | None = None) -> list[PaymentLink]:
        return self.links.of_merchant(MERCHANT, Environment.TEST, status=status, limit=10, cursor=None)[0]
