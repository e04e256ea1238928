"""Refunds: reserved before they are sent, never more than was paid, leg by leg."""

from __future__ import annotations

import pytest

from shared.adapters.card_gateways.sandbox import SandboxCardGateway
from shared.domain.errors import Conflict, IllegalTransition, InvalidAmount, NobodyKnows, Refused, VoucherNotDivisible
from shared.domain.event import EventType
from shared.domain.figures import figures_of
from shared.domain.payment import Mode, Status, Tender
from shared.domain.refund import RefundStatus
from shared.usecases.refund.refund_payment import ask_once, preview_refund, refund_payment
from tests.unit.usecases.till import ANSWER_LOST, REFUND_FAILS, VISA, Till
from tools.testing.builders import euro


def a_paid_till(*otps: str, card: str = VISA) -> Till:
    till = Till()
    till.held(card)
    if otps:
        till.spend(*otps)
    else:
        till.card_only()
    till.wait(30)
    assert till.state == "SUCCESS"
    return till


def test_everything_is_refunded_when_no_amount_is_named() -> None:
    till = a_paid_till()

    refund = till.refund()

    assert refund.status is RefundStatus.SUCCESS
    assert till.state == "REFUNDED"
    assert till.in_book()[4] == 150_00
    assert till.payment.refundable == euro(0)


def test_parts_add_up_to_refunded() -> None:
    till = a_paid_till()

    assert till.refund(euro(50_00)).given == euro(50_00)
    assert till.state == "PARTIALLY_REFUNDED"
    till.refund(euro(60_00))
    till.refund(euro(40_00))

    assert till.state == "REFUNDED"
    assert till.in_book()[4] == 150_00
    assert [number.number for number in till.world.payments.refunds(till.id)] == [1, 2, 3]


def test_each_refund_is_told_with_what_is_left() -> None:
    till = a_paid_till()
    till.refund(euro(50_00))

    event = till.world.events.told[-1]

    refund, payment = event.facts.refund, event.facts.payment
    assert event.type is EventType.REFUNDED
    assert refund is not None
    assert payment is not None
    assert (refund.amount, refund.total, refund.remaining) == (euro(50_00), euro(50_00), euro(100_00))
    assert payment.status is Status.PARTIALLY_REFUNDED


@pytest.mark.parametrize("amount", [150_01, 999_999_00])
def test_more_than_was_paid_is_refused(amount: int) -> None:
    till = a_paid_till()

    with pytest.raises(InvalidAmount):
        till.refund(euro(amount))
    assert till.in_book()[4] == 0


def test_second_full_refund_is_refused() -> None:
    till = a_paid_till()
    till.refund()

    with pytest.raises(Conflict):
        till.refund()
    with pytest.raises(Conflict):
        till.refund(euro(1))
    assert till.in_book()[4] == 150_00


def test_card_is_refunded_first_then_vouchers_last_spent_first() -> None:
    till = a_paid_till("V3000-A1", "V2000-A2")

    parts = [amount.minor for _, amount in preview_refund(till.payment, euro(110_00))]
    assert parts == [100_00, 10_00]

    till.refund(euro(110_00))

    assert till.in_book()[4] == 100_00
    assert (till.used("V3000-A1"), till.used("V2000-A2")) == (30_00, 10_00)

    till.refund()

    assert till.state == "REFUNDED"
    assert (till.used("V3000-A1"), till.used("V2000-A2")) == (0, 0)


def test_payment_by_vouchers_alone_is_refunded_to_them() -> None:
    till = a_paid_till("V15000-A1")

    till.refund(euro(50_00))

    assert till.used("V15000-A1") == 100_00
    assert till.in_book()[4] == 0


def test_refused_refund_frees_its_reservation() -> None:
    till = a_paid_till(card=REFUND_FAILS)

    with pytest.raises(Refused):
        till.refund()

    assert till.state == "SUCCESS"
    assert till.payment.refundable == euro(150_00)
    assert till.world.payments.refunds(till.id)[0].status is RefundStatus.FAILED


def test_refused_leg_beside_a_good_one_gives_back_the_good_one() -> None:
    till = a_paid_till("V3000-NOREVERSE")

    refund = till.refund()

    assert refund.status is RefundStatus.SUCCESS
    assert refund.given == euro(120_00)
    assert [leg.operation.code for leg in refund.refused] == ["not_reversible"]
    assert till.state == "PARTIALLY_REFUNDED"
    assert till.payment.refundable == euro(30_00)
    assert till.used("V3000-NOREVERSE") == 30_00


def test_voucher_that_is_whole_only_refuses_a_part_of_it() -> None:
    till = a_paid_till("V15000-WHOLE")

    with pytest.raises(VoucherNotDivisible):
        till.refund(euro(1_00))
    assert till.refund().given == euro(150_00)


def test_whole_voucher_that_was_given_back_once_can_be_given_back_again() -> None:
    till = Till()
    till.held()
    till.spend("V3000-WHOLE", "V2000-SPENDFAIL")
    till.spend("V3000-WHOLE")

    assert till.refund().given == euro(150_00)


def test_refund_whose_answer_was_lost_keeps_its_reservation_until_it_is_known() -> None:
    till = a_paid_till(card=ANSWER_LOST)

    refund = till.refund(euro(50_00))

    assert refund.status is RefundStatus.PENDING
    assert till.payment.refundable == euro(100_00)
    assert till.state == "SUCCESS"
    with pytest.raises(InvalidAmount):
        till.refund(euro(100_01))

    till.wait(121)

    assert till.state == "PARTIALLY_REFUNDED"
    assert till.in_book()[4] == 50_00
    assert till.calls("REFUND") == 1
    assert till.payment.due_at is None
    assert till.world.payments.refunds(till.id)[0].status is RefundStatus.SUCCESS


def test_of_a_refund_that_arrives_in_parts_the_later_ones_say_that_they_go_on() -> None:
    till = a_paid_till("V5000-A1", card=ANSWER_LOST)
    till.refund(euro(150_00))
    till.wait(121)

    told = [event.facts.refund for event in till.world.events.told if event.type is EventType.REFUNDED]

    assert [(part.amount, part.continued) for part in told if part] == [(euro(50_00), False), (euro(100_00), True)]
    figures = [figures_of(event) for event in till.world.events.told if event.type is EventType.REFUNDED]
    assert [(each.figures.refunds, each.figures.refunded) for each in figures if each] == [(1, 50_00), (0, 100_00)]


def test_repeated_refund_goes_on_with_the_first_one() -> None:
    till = a_paid_till()
    seed = b"s" * 64
    refund_payment(till.id, euro(50_00), "", world=till.world, seed=seed)

    _, refund = refund_payment(till.id, euro(50_00), "", world=till.world, seed=seed, repeated=True)

    assert refund.given == euro(50_00)
    assert till.in_book()[4] == 50_00


def test_repeated_refund_that_was_refused_is_refused_again() -> None:
    till = a_paid_till(card=REFUND_FAILS)
    seed = b"s" * 64
    with pytest.raises(Refused):
        refund_payment(till.id, None, "", world=till.world, seed=seed)

    with pytest.raises(Refused):
        refund_payment(till.id, None, "", world=till.world, seed=seed, repeated=True)


@pytest.mark.parametrize("prepare", ["open", "held", "failed", "voided"])
def test_unpaid_payment_cannot_be_refunded(prepare: str) -> None:
    till = Till()
    till.open()
    if prepare != "open":
        till.pay_by_card()
    if prepare == "failed":
        till.wait(1900)
    if prepare == "voided":
        till.choose(Tender.VOID)

    with pytest.raises(IllegalTransition):
        till.refund()


def test_sale_is_refunded_like_any_other() -> None:
    till = Till()
    till.open(mode=Mode.SALE_DIRECT)
    till.pay_by_card()

    till.refund(euro(150_00))

    assert till.state == "REFUNDED"
    assert till.in_book()[4] == 150_00


def test_refund_after_a_smaller_capture_gives_back_what_was_captured() -> None:
    till = Till()
    till.held()
    till.choose(Tender.CAPTURE, amount=euro(100_00))

    till.refund()

    assert till.state == "REFUNDED"
    assert till.in_book()[4] == 100_00


def test_disputed_money_cannot_be_refunded() -> None:
    till = a_paid_till()
    till.change(disputed=100_00)

    with pytest.raises(InvalidAmount):
        till.refund(euro(50_01))
    assert till.refund().given == euro(50_00)


@pytest.mark.parametrize(
    ("disputed", "given", "parts"),
    [
        (60_00, 0, {"V1": 40_00}),
        (50_00, 0, {"card": 10_00, "V1": 40_00}),
        (70_00, 0, {"V1": 30_00}),
        (60_00, 20_00, {"V1": 20_00}),
        (100_00, 0, {}),
    ],
)
def test_what_a_bank_took_comes_off_the_card_first(disputed: int, given: int, parts: dict[str, int]) -> None:
    till = Till()
    till.held(amount=euro(100_00))
    till.spend("V4000-A1")
    if given:
        till.refund(euro(given))
    till.change(disputed=disputed)

    left = till.payment.refundable
    planned = preview_refund(till.payment, left) if left else []

    assert {tender.rpartition(":")[2]: amount.minor for tender, amount in planned} == parts
    assert left.minor == sum(parts.values())


def test_a_card_whose_payment_is_disputed_is_not_refunded_as_well() -> None:
    till = Till()
    till.held(amount=euro(100_00))
    till.spend("V4000-A1")
    till.change(disputed=60_00)

    assert till.refund(euro(40_00)).given == euro(40_00)

    assert (till.in_book()[4], till.used("V4000-A1")) == (0, 0)
    with pytest.raises(Conflict, match="is disputed"):
        till.refund()


def test_nothing_of_a_late_sale_that_went_back_is_refundable() -> None:
    till = Till()
    till.open(mode=Mode.SALE_DIRECT)
    till.world.now.advance(1900)
    till.pay_by_card()

    assert (till.state, till.payment.captured) == ("FAILED", euro(150_00))
    assert till.payment.refundable == euro(0)


def test_asking_once_writes_what_is_known_and_nothing_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    till = a_paid_till(card=ANSWER_LOST)
    lost = till.refund(euro(50_00))
    before = till.payment
    with monkeypatch.context() as silent:
        silent.setattr(SandboxCardGateway, "lookup", lambda *given: None)
        assert ask_once(before, lost, world=till.world) == (before, lost)
    assert (till.payment.version, till.calls("REFUND")) == (before.version, 1)

    payment, refund = ask_once(before, lost, world=till.world)

    assert (refund.status, payment.open_legs, till.calls("REFUND")) == (RefundStatus.SUCCESS, (), 1)


def test_what_only_a_person_can_find_out_is_theirs_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    till = a_paid_till(card=ANSWER_LOST)
    lost = till.refund(euro(50_00))

    def nobody_knows(*given: object) -> None:
        raise NobodyKnows("ask the bank")

    monkeypatch.setattr(SandboxCardGateway, "lookup", nobody_knows)
    payment, refund = ask_once(till.payment, lost, world=till.world)

    assert (refund.status, payment.attention) == (RefundStatus.PENDING, "OUTCOME_UNKNOWN")
