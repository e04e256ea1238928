"""People around a payment link and around a saved card; what they share with a checkout is a Person's."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, Final

from shared.domain.money import Money
from shared.domain.payment import PAID, Payment
from shared.usecases.card.change_wallet import Holder, delete_card, set_default
from shared.usecases.card.charge_saved_card import CardOrder, charge_saved_card
from shared.usecases.card.save_card import save_card
from shared.usecases.link.cancel_link import cancel_link
from shared.usecases.link.create_link import NewLink, create_link
from shared.usecases.link.open_link import open_link
from shared.usecases.link.verify_link import verify_link
from shared.usecases.refund.refund_payment import refund_payment
from tools.simulator.errands import Charge
from tools.simulator.people import PAGES, PATIENCE, Person
from tools.testing.builders import MERCHANT, TEST

CUSTOMER: Final = "customer-1"


class Visitor(Person):
    """Somebody who opens a link and pays there."""

    link_id: Any = None

    def _begin(self) -> Any:
        opened: list[Any] = []

        def open_it(seed: bytes, repeated: bool) -> None:
            opened.append(open_link(self.link_id, world=self.at.world, links=self.at.links).id)

        for attempt in range(4):
            self.at.clients.plain(f"{self.name} opens {attempt}", open_it)
            if opened:
                return opened[-1]
            self.at.kernel.sleep(5.0)
        return None


class LinkMerchant(Person):
    """The merchant of a link: creates it, asks about it, withdraws it. Its visitors come when the plan says."""

    link_id: Any = None

    def others(self) -> list[str]:
        assert self.plan.link is not None
        named = [f"{self.name}{n} visits" for n in range(len(self.plan.link.visits_at))]
        named += [f"{self.name} asks {n}" for n in range(len(self.plan.link.asks_at))]
        return [*named, *([f"{self.name} withdraws"] if self.plan.link.cancels_at is not None else [])]

    def arrive(self) -> None:
        plan = self.plan.link
        assert plan is not None
        money = Money(self.plan.amount, self.plan.currency)
        part = self.plan.most_by_voucher
        most = None if part is None else Money(part, self.plan.currency)
        order = NewLink(money, PAGES, timedelta(seconds=plan.lasts), most_by_voucher=most)

        def create(seed: bytes, repeated: bool) -> object:
            return create_link(order, self.at.credential, world=self.at.world, links=self.at.links, seed=seed).id

        self.link_id = self.at.clients.keyed(f"{self.name} link", create, tries=6)
        if self.link_id is None:
            return
        for n, moment in enumerate(plan.visits_at):
            self._let_loose_as(f"{self.name}{n} visits", partial(self._visitor, n, moment))
        for n, moment in enumerate(plan.asks_at):
            self._let_loose(f"asks {n}", partial(self._ask, n, moment))
        if plan.cancels_at is not None:
            self._let_loose("withdraws", partial(self._withdraw, plan.cancels_at))

    def _visitor(self, n: int, moment: float) -> None:
        assert self.plan.link is not None
        self.at.kernel.sleep(moment)
        for visit in range(self.plan.link.visits):
            visitor = Visitor(self.at, self.plan, f"{self.name}{n}.{visit}")
            visitor.link_id = self.link_id
            visitor.arrive()
            if visitor.payment_id is None or not visitor.sees_it_fail():
                return

    def _ask(self, n: int, moment: float) -> None:
        self.at.kernel.sleep(moment)
        at = self.at
        self.at.clients.plain(
            f"{self.name} asks {n}",
            lambda seed, repeated: verify_link(at.links.get(self.link_id), world=at.world, links=at.links),
        )

    def _withdraw(self, moment: float) -> None:
        self.at.kernel.sleep(moment)
        at = self.at

        def cancel(seed: bytes, repeated: bool) -> object:
            return cancel_link(at.links.get(self.link_id), world=at.world, links=at.links)

        at.clients.keyed(f"{self.name} withdraws", cancel, tries=4)


class CardHolder(Person):
    """A customer whose card is saved after a first payment, and the merchant who charges it again."""

    def others(self) -> list[str]:
        plan = self.plan.wallet
        assert plan is not None
        named = [f"{self.name} charge {n}" for n in range(len(plan.charges))]
        named += [f"{self.name} saves {n}" for n in range(1, plan.saves)]
        named += [f"{self.name} default"] if plan.defaults_at is not None else []
        return [*named, *([f"{self.name} deletes"] if plan.deletes_at is not None else [])]

    def _go_on(self) -> None:
        super()._go_on()
        self._let_loose("wallet", self._wallet)

    def _wallet(self) -> None:
        plan = self.plan.wallet
        assert plan is not None
        if not self._see(lambda payment: payment.status in PAID, PATIENCE):
            return
        number = self._save(0)
        for n in range(1, plan.saves):
            self._let_loose(f"saves {n}", partial(self._save, n))
        if number is None:
            return
        for n, charge in enumerate(plan.charges):
            self._let_loose(f"charge {n}", partial(self._charge, n, charge, number))
        if plan.defaults_at is not None:
            self._let_loose("default", partial(self._default, number, plan.defaults_at))
        if plan.deletes_at is not None:
            self._let_loose("deletes", partial(self._delete, number, plan.deletes_at))

    def _save(self, n: int) -> Any:
        at = self.at

        def save(seed: bytes, repeated: bool) -> int:
            payment = at.world.payments.get(self.payment_id)
            return save_card(payment, CUSTOMER, None, world=at.world, cards=at.cards, vault=at.vault)[0].number

        return at.clients.keyed(f"{self.name} saves {n}", save, tries=6)

    def _charge(self, n: int, charge: Charge, number: int) -> None:
        at, amount = self.at, self._part(charge.part)
        at.kernel.sleep(charge.at)
        order = CardOrder(number, CUSTOMER, amount, PAGES)

        def pay(seed: bytes, repeated: bool) -> Payment:
            return charge_saved_card(
                order,
                self.at.credential,
                world=at.world,
                cards=at.cards,
                vault=at.vault,
                seed=seed,
                repeated=repeated,
            )

        paid = at.clients.keyed(f"{self.name} charge {n}", pay, tries=4)
        if paid is None or charge.refund is None:
            return
        back = Money(max(amount.minor * charge.refund // 100, 1), amount.currency)

        def give_back(seed: bytes, repeated: bool) -> object:
            return refund_payment(paid.id, back, "", world=at.world, seed=seed, repeated=repeated)[1]

        at.kernel.sleep(1)
        at.clients.keyed(f"{self.name} gives charge {n} back", give_back, tries=4)

    def _default(self, number: int, moment: float) -> None:
        at = self.at
        at.kernel.sleep(moment)
        self.at.clients.plain(
            f"{self.name} default",
            lambda seed, repeated: set_default(number, CUSTOMER, _holder(), world=at.world, cards=at.cards),
        )

    def _delete(self, number: int, moment: float) -> None:
        at = self.at
        at.kernel.sleep(moment)

        def delete(seed: bytes, repeated: bool) -> None:
            delete_card(number, None, _holder(), world=at.world, cards=at.cards, vault=at.vault)

        at.clients.keyed(f"{self.name} deletes", delete, tries=3)


def _holder() -> Holder:
    return Holder(MERCHANT, TEST)
