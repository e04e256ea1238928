"""A gateway that captures no part of a hold: all is captured, and what vouchers paid goes back by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.adapters.connectors import Connectors
from shared.domain.account import Connector
from shared.domain.difference import given_back, tries_of
from shared.domain.errors import IllegalTransition, InvalidRequest
from shared.domain.ids import PageId, PaymentId
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import MOST_DIFFERENCE_TRIES, Mode, Payment, Status, Tender
from shared.usecases.payment.hand_over import hand_over
from shared.usecases.payment.receipts import receipt
from shared.usecases.payment.settle import settle
from shared.usecases.payment.start_payment import NewPayment, start_payment
from tests.unit.usecases.till import Till
from tools.testing.builders import a_credential, a_merchant, an_account, euro
from tools.testing.fakes import FixedClock
from tools.testing.far_sides.shift4.books import APPROVED, Charge
from tools.testing.far_sides.shift4.side import Shift4Side
from tools.testing.far_sides.switch import Damage, Fault

OWED = "DIFFERENCE_NOT_REFUNDED"


class WholeTill(Till):
    """A till whose card payments are made at Shift4."""

    def __init__(self) -> None:
        super().__init__()
        self.side = Shift4Side()
        clock: FixedClock = self.world.now
        self.side.account.now = clock
        settings = replace(self.side.settings, books=self.world.books, now=clock)
        self.world = replace(self.world, gateways=Connectors(settings))
        self.machines.world = self.world

    def open(self, amount: Money | None = None, mode: Mode | None = None, **order: object) -> Payment:
        credential = a_credential(account=an_account(card_gateway=Connector("shift4")))
        wanted = NewPayment(amount or euro(150_00), "https://pages.example", mode)
        seed = next(self._seeds).to_bytes(1, "big") * 64
        self.id: PaymentId = start_payment(wanted, credential, world=self.world, seed=seed).payment.id
        self.machines.pump()
        return self.payment

    def hands(self, token: str = "", payer: str = "ours", page: PageId | None = None) -> Payment:
        made = token or self.side.account.tokenized(APPROVED).id
        done = hand_over(self.payment, page or self.payment.page_id, made, payer, world=self.world)
        self.machines.pump()
        return done

    @property
    def charge(self) -> Charge:
        [one] = self.side.account.charges.values()
        return one

    def refuses(self, times: int) -> None:
        self.side.account.refusals[self.charge.card.id] = times


@pytest.fixture
def till() -> Iterator[WholeTill]:
    made = WholeTill()
    made.open()
    yield made
    made.side.close()


def test_all_of_the_hold_is_captured_and_the_difference_goes_back_before_it_is_paid(till: WholeTill) -> None:
    till.hands()

    payment = till.spend("V5000-A1")

    assert (payment.status, payment.taken, payment.captured) == (Status.SUCCESS, euro(150_00), euro(100_00))
    assert (payment.difference, given_back(payment), payment.refundable) == (euro(50_00), euro(50_00), euro(150_00))
    assert (till.charge.taken, till.charge.refunded, payment.attention) == (150_00, 50_00, None)
    text = receipt(payment, a_merchant(), till.world.now()).text
    assert "100.00" in text
    assert "50.00" in text


def test_a_card_that_pays_all_of_it_has_no_difference(till: WholeTill) -> None:
    till.hands()

    payment = till.card_only()

    assert (payment.captured, payment.difference, till.charge.refunded) == (euro(150_00), euro(0), 0)
    assert tries_of(payment) == []


def test_a_merchant_who_captures_less_has_the_rest_given_back(till: WholeTill) -> None:
    till.hands()

    payment = till.choose(Tender.CAPTURE, amount=euro(40_00))

    assert (payment.captured, payment.difference) == (euro(40_00), euro(110_00))
    assert (till.charge.taken, till.charge.refunded) == (150_00, 110_00)


def test_vouchers_that_pay_everything_let_the_hold_go(till: WholeTill) -> None:
    till.hands()

    payment = till.spend("V15000-A1")

    assert (payment.status, payment.taken, till.charge.released) == (Status.SUCCESS, euro(0), True)


def test_it_is_not_paid_while_nobody_knows_what_became_of_the_difference(till: WholeTill) -> None:
    till.hands()
    with till.side.switch.at(Fault(Damage.ERROR, acted=False)):
        till.spend("V5000-A1")
    capture = till.payment.last(Kind.CAPTURE)
    assert capture is not None
    assert till.payment.status is Status.PROCESSING

    payment = till.wait(600)

    assert (payment.status, till.charge.taken, till.charge.refunded) == (Status.SUCCESS, 150_00, 50_00)
    assert len(tries_of(payment)) == 1


def test_a_difference_that_is_refused_is_owed_and_tried_again_until_it_is_back(till: WholeTill) -> None:
    till.hands()
    till.refuses(3)

    payment = till.spend("V5000-A1")
    assert (payment.status, payment.attention, given_back(payment)) == (Status.SUCCESS, OWED, euro(0))
    assert payment.captured == euro(100_00)  # what is owed is nobody's to refund

    payment = till.wait(3600)

    assert (payment.attention, given_back(payment), till.charge.refunded) == (None, euro(50_00), 50_00)
    assert [one.state for one in tries_of(payment)] == [*[State.REFUSED] * 3, State.SUCCEEDED]
    assert len({one.key for one in tries_of(payment)}) == 4


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.REFUSED])
def test_after_the_last_try_it_is_a_persons_and_what_they_say_stands(till: WholeTill, state: State) -> None:
    till.hands()
    till.refuses(100)
    till.spend("V5000-A1")
    payment = till.wait(24 * 3600)
    last = tries_of(payment)[-1]
    assert (len(tries_of(payment)), last.state, last.for_a_person) == (
        MOST_DIFFERENCE_TRIES + 1,
        State.UNKNOWN,
        True,
    )

    settle(till.id, last.key, Answer(state, "settled", "Ada: in the portal"), world=till.world)
    payment = till.wait(24 * 3600)

    assert payment.attention == (None if state is State.SUCCEEDED else OWED)
    assert len(tries_of(payment)) == MOST_DIFFERENCE_TRIES + 1
    assert till.charge.refunded == 0
    assert payment.due_at is None


# ---- handing a token over ----


def test_a_page_takes_one_token_from_one_browser(till: WholeTill) -> None:
    token = till.side.account.tokenized(APPROVED).id
    till.hands(token)

    assert till.hands(token).status is Status.CARD_PREAUTH_SUCCESS
    with pytest.raises(IllegalTransition) as caught:
        till.hands(payer="somebody else's")

    assert caught.value.error_code == "page_paid"
    assert till.payment.client_secrets.count("ours") == 1
    assert "somebody else's" not in till.payment.client_secrets
    assert till.charge.held == 150_00


@pytest.mark.parametrize("payer", ["ours", "another"])
def test_a_token_that_is_handed_over_again_while_the_first_call_still_runs_is_the_same_card(
    till: WholeTill, payer: str
) -> None:
    before, token = till.payment, till.side.account.tokenized(APPROVED).id
    held = till.hands(token)

    def once_more() -> Payment:  # it read the payment before the first call wrote
        return hand_over(before, before.page_id, token, payer, world=till.world)

    if payer == "ours":
        assert once_more().status is held.status is Status.CARD_PREAUTH_SUCCESS
    else:
        with pytest.raises(IllegalTransition) as refused:
            once_more()
        assert refused.value.error_code == "page_paid"
    assert len(till.side.account.charges) == 1


@pytest.mark.parametrize("page", ["PAYSOMEOTHERPAGE", ""])
def test_a_page_that_is_not_the_newest_takes_none(till: WholeTill, page: str) -> None:
    with pytest.raises(IllegalTransition) as caught:
        till.hands(page=PageId(page or "PAYNONE"))

    assert caught.value.error_code == "page_spent"
    assert till.side.account.charges == {}


def test_a_payment_that_is_over_takes_none(till: WholeTill) -> None:
    till.world.now.advance(hours=3)

    with pytest.raises(IllegalTransition) as caught:
        till.hands()

    assert caught.value.error_code == "expired"
    assert till.side.account.charges == {}


def test_a_token_that_nobody_knows_leaves_the_page_as_it_was(till: WholeTill) -> None:
    with pytest.raises(InvalidRequest):
        till.hands("tok_0000000000")

    assert till.hands().status is Status.CARD_PREAUTH_SUCCESS
    assert till.payment.card is not None
    assert till.payment.card.last4 == "4242"
