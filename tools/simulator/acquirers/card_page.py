"""What people do on an acquirer's page, as on the sandbox's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from shared.domain.ids import PageId
from tools.simulator.acquirers.acquirer import Acquirer
from tools.simulator.kernel import MICRO
from tools.simulator.plan import DECLINED, HOLDS_ON, OTHER_AMOUNT, REFUSED_LATER, UNDECIDED

if TYPE_CHECKING:
    from shared.domain.card_data import CardData
    from shared.domain.payment import Payment
    from shared.ports.world import World
    from tools.simulator.kernel import Kernel
    from tools.testing.fakes import FakePayments


UNDECIDED_FOR: Final = 20 * MICRO
LEAST_WRONG: Final = 1_000  # an acquirer has no amount wrong that it then has none of


class CardPage:
    """What people do on the acquirer's page, as on the sandbox's."""

    def __init__(
        self, acquirer: Acquirer, payments: FakePayments, kernel: Kernel, world: Callable[[], World]
    ) -> None:
        self._acquirer, self._side, self._payments, self._kernel = acquirer, acquirer.side, payments, kernel
        self._world = world

    def submit(self, page_id: str, card: CardData) -> object:
        if self._side.pages_are_ours:
            return self._types(page_id, card.number)
        payment = self._on(page_id)
        if not self._acquirer.takes_a_card(payment):
            return False
        if card.number in DECLINED or card.number == REFUSED_LATER[0]:
            return self._side.decline(payment)
        if card.number in (UNDECIDED, REFUSED_LATER[1]):
            return self._hesitates(payment, approves=card.number == UNDECIDED)
        if card.number == HOLDS_ON and self._side.approve_holding_on(payment):
            return True
        whole = any(one.page_id == page_id and one.amount.minor > LEAST_WRONG for one in self._payments.all())
        if card.number == OTHER_AMOUNT and whole and self._side.approve_another_amount(payment):
            return True
        return self._side.approve(payment)

    def _types(self, page_id: str, number: str) -> object:
        """On a page of ours, which hands what its acquirer's script makes of the card over to us."""
        payment = next((one for one in self._payments.all() if one.page_id == page_id), None)
        if payment is None or not self._acquirer.takes_a_card(payment):
            return False
        return self._acquirer.types(payment, number, self._world())

    def challenge(self, page_id: str, otp: str) -> None:
        """An acquirer asks that on pages of its own."""

    def cancel(self, page_id: str) -> object:
        return self._side.leave(self._on(page_id))

    def _on(self, page_id: str) -> Payment:
        """Any payment as if that page, which may be an earlier one, were its newest: nothing else of it is asked."""
        return replace(self._payments.all()[0], page_id=PageId(page_id))

    def _hesitates(self, payment: Payment, *, approves: bool) -> bool:
        if not self._side.hesitate(payment, approves=approves):
            return self._side.approve(payment)
        self._kernel.at(self._kernel.now + UNDECIDED_FOR, lambda: self._side.decide(payment))
        return True
