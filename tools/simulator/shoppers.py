"""People around an order: its merchant's server, and whoever pays it, in as many windows as the plan says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

from shared.domain import ids
from shared.domain.errors import Conflict, IllegalTransition, TooManyTries
from shared.domain.ids import CustomerId, OrderId, PaymentId
from shared.domain.money import Money
from shared.domain.order import OrderBusy
from shared.domain.payment import PAID, Ending, Failure, Mode, Payment
from shared.families.glomopay.views import FAMILY
from shared.ports.orders import Numbered
from shared.usecases.order.create_order import NewOrder, create_order
from shared.usecases.order.settle_order import settle_order, standing
from shared.usecases.order.try_order import try_order
from shared.usecases.payment.end_checkout import end_checkout
from shared.usecases.payment.present_card import authenticate
from shared.usecases.payment.start_payment import NewPayment
from shared.usecases.refund.refund_payment import refund_payment
from tools.simulator.errands import HolderAnswer, PresentedPlan
from tools.simulator.kernel import Process
from tools.simulator.order_errand import OrderPlan, Shopping
from tools.simulator.people import PAGES, PATIENCE, Person, card_data
from tools.simulator.plan import Refund
from tools.simulator.presenters import Presenter
from tools.testing.builders import MERCHANT, TEST, a_credential

BUYER: Final = CustomerId("cust_buyer")
GOES: Final = 6  # how often a server tries to begin one payment
HELD: Final = timedelta(minutes=2)  # longer than any call that read the order before its payment ended


class Server(Person):
    """What the merchant's server does with an order, and with a payment of it."""

    order_id: Any = None

    def concluded(self, payment: Payment) -> Payment:
        if payment.is_final:
            settle_order(payment, world=self.at.world, orders=self.at.orders)
        return payment

    def ended(self, payment: Payment, ending: Ending) -> Payment:
        """As a cancelling merchant, a holder who gives up, or a page that is opened too late end it."""
        failure = Failure(ending.value.lower(), "It ended before it was completed")
        return self.concluded(end_checkout(payment, ending, failure, world=self.at.world))

    def named(self, kind: Numbered, reference: str) -> Any:
        """What bears this number, as far as the lookup says."""
        process = self.call(
            f"looks up {reference}", lambda: self.at.orders.by_reference(MERCHANT, TEST, kind, reference)
        )
        return process.result

    def call(self, title: str, act: Callable[[], object]) -> Process:
        """One request, without any key."""
        return self.at.clients.plain(f"{self.name} {title}", lambda seed, repeated: act())


class OrderMerchant(Server):
    """Makes the order, asks about it, ends payments that nobody completes."""

    @property
    def wanted(self) -> OrderPlan:
        assert self.plan.order is not None
        return self.plan.order

    def others(self) -> list[str]:
        named = [f"{self.name}{n} shops" for n in range(len(self.wanted.shopping))]
        named += [f"{self.name} asks {n}" for n in range(len(self.wanted.asks_at))]
        return [*named, *(f"{self.name} frees {n}" for n in range(len(self.wanted.frees_at)))]

    def arrive(self) -> None:
        self.order_id = self._ordered()
        if self.order_id is None:
            return
        for n, shopping in enumerate(self.wanted.shopping):
            self._let_loose_as(f"{self.name}{n} shops", partial(self._shop, n, shopping))
        for n, moment in enumerate(self.wanted.asks_at):
            self._let_loose(f"asks {n}", partial(self._ask, n, moment))
        for n, moment in enumerate(self.wanted.frees_at):
            self._let_loose(f"frees {n}", partial(self._free, n, moment))

    def _ordered(self) -> Any:
        """Whatever becomes of an answer, its number finds the order, and the same again makes no second one."""
        reference = f"order-{self.name}"
        for go in range(GOES):
            process = self.call(f"orders {go}", partial(self._order, reference))
            made = process.result or self.named(Numbered.ORDER, reference)
            if made is not None:
                return made
            self.at.kernel.sleep(5.0)
        return None

    def _order(self, reference: str) -> OrderId:
        amount = Money(self.plan.amount, self.plan.currency)
        expires_at = self.at.kernel.clock() + timedelta(seconds=self.wanted.lasts)
        asked = NewOrder(BUYER, amount, expires_at, FAMILY, reference)
        now, entropy = self.at.world.now(), self.at.world.entropy
        return create_order(asked, a_credential(), now=now, entropy=entropy, orders=self.at.orders).id

    def _shop(self, n: int, shopping: Shopping) -> None:
        self.at.kernel.sleep(shopping.at)
        for visit, card in enumerate(shopping.cards):
            shopper = Shopper(self.at, self.plan, f"{self.name}{n}.{visit}")
            shopper.order_id, shopper.card = self.order_id, card
            shopper.arrive()
            if shopper.payment_id is None or not shopper.sees_it_fail():
                return

    def _ask(self, n: int, moment: float) -> None:
        self.at.kernel.sleep(moment)
        at = self.at
        self.call(f"asks {n}", lambda: standing(at.orders.get(self.order_id), world=at.world, orders=at.orders))

    def _free(self, n: int, moment: float) -> None:
        self.at.kernel.sleep(moment)
        attempt = self.at.stored_orders.get(self.order_id).attempt
        if attempt is not None:
            self.call(f"frees {n}", lambda: self.ended(self.at.world.payments.get(attempt), Ending.CANCELLED))


class Shopper(Server, Presenter):
    """Somebody who pays the order with one card."""

    card: PresentedPlan

    @property
    def presented(self) -> PresentedPlan:
        return self.card

    def _begin(self) -> Any:
        """The id of a payment whose page can be opened: of one whose answer was lost nobody has the address."""
        number = 0
        for go in range(GOES):
            reference = f"{self.name}-{number}"
            process = self.call(f"pays {go}", partial(self._pay_order, reference))
            if process.done.is_set and process.error is None:
                return process.result
            self._check_refusal(process.error)
            if isinstance(process.error, TooManyTries) or type(process.error) is IllegalTransition:
                return None  # it is paid, or over
            lost = self.named(Numbered.PAYMENT, reference)
            if lost is not None:
                number += 1
                self._give_up(lost)
            self.at.kernel.sleep((0.2, 5.0, 200.0)[go % 3])
        return None

    def _pay_order(self, reference: str) -> PaymentId:
        at, order = self.at, self.at.orders.get(self.order_id)
        asked = NewPayment(
            order.amount,
            PAGES,
            Mode.SALE_DIRECT,
            customer_id=order.customer_id,
            family=FAMILY,
            reference=reference,
            order_id=order.id,
            new_id=lambda now, seed: PaymentId(ids.plain_id("payt", seed)),
        )
        seed = at.world.entropy(64)
        started = try_order(
            order,
            asked,
            card_data(self.card.number),
            a_credential(),
            world=at.world,
            orders=at.orders,
            seed=seed,
            completed=lambda payment: payment,
        )
        return started.payment.id

    def _check_refusal(self, error: BaseException | None) -> None:
        """An order is not kept from its next payment by one that is over."""
        if not isinstance(error, OrderBusy):
            return
        busy = self.at.payments.get(error.payment_id)
        if busy.completed_at is not None and self.at.kernel.clock() - busy.completed_at > HELD:
            self.at.fail(f"{self.order_id} is kept by {busy.id}, which was {busy.status} at {busy.completed_at}")

    def _give_up(self, lost: PaymentId) -> None:
        self.call(f"gives up {lost}", lambda: self.ended(self.at.world.payments.get(lost), Ending.CANCELLED))

    def _answer(self, n: int, answer: HolderAnswer) -> None:
        self.at.kernel.sleep(answer.at)

        def submit() -> Payment:
            payment = self.at.world.payments.get(self.payment_id)
            if not payment.is_final and payment.is_expired(self.at.world.now()):
                return self.ended(payment, Ending.EXPIRED)
            if payment.is_final:
                return payment
            self.at.asked.add(payment.id)
            return self.concluded(authenticate(payment.id, answer.code, world=self.at.world).payment)

        self.call(f"answers {n}", submit)

    def _cancel(self) -> None:
        self.at.kernel.sleep(self.plan.cancels_at or 0)
        self.call("cancels", lambda: self.ended(self.at.world.payments.get(self.payment_id), Ending.CANCELLED))

    def _refund(self, n: int, refund: Refund) -> None:
        """Under a number of the merchant's own: the same again, after an answer that was lost, gives nothing back."""
        if not self._see(lambda payment: payment.status in PAID, PATIENCE):
            return
        self.at.kernel.sleep(refund.after)
        amount = None if refund.part is None else self._part(refund.part)
        for go in range(3):
            process = self.call(f"refund {n}.{go}", partial(self._give_back, amount, f"{self.name}-back-{n}"))
            if process.done.is_set and isinstance(process.error, Conflict | None):
                return
            self.at.kernel.sleep(20.0)

    def _give_back(self, amount: Money | None, reference: str) -> object:
        world = self.at.world
        seed = world.entropy(64)
        return refund_payment(self.payment_id, amount, "", world=world, seed=seed, reference=reference, alone=True)
