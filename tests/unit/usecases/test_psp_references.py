"""Which numbers of other sides a payment is found by, and that each is written with what brought it."""

from __future__ import annotations

from dataclasses import replace

from shared.domain.card import CardPage
from shared.domain.ids import PageId
from shared.domain.operation import Kind
from shared.domain.payment import Mode
from shared.domain.psp_reference import PspReference, references
from shared.domain.refund import CARD, Leg
from shared.ports.connectors import PageOutcome, PageState
from shared.usecases.payment.record_card_outcome import take_outcome
from tools.testing.builders import a_payment, a_refund, an_operation
from tools.testing.fakes import NOON, world


def of(connector: str, *numbers: str) -> set[PspReference]:
    return {PspReference(connector, number) for number in numbers}


def test_a_payment_is_known_by_its_page_and_its_operations_each_at_its_own_side() -> None:
    payment = a_payment(gateway="acquirer", provider="issuer")
    payment = replace(payment, card_page=CardPage(1, PageId("P1"), NOON, handle={"shopID": "S1"}))
    payment = payment.with_operation(an_operation(payment, Kind.PREAUTH, reference="N1"))
    payment = payment.with_operation(an_operation(payment, Kind.CAPTURE, reference=None))
    payment = payment.with_operation(an_operation(payment, Kind.VOUCHER_SPEND, reference="V1", voucher="ref"))

    assert references(payment) == of("acquirer", "P1", "S1", "N1") | of("issuer", "V1")


def test_what_somebody_else_takes_the_money_for_is_known_at_that_side() -> None:
    payment = a_payment(gateway="", provider="provider", mode=Mode.ALTERNATIVE)
    payment = payment.with_operation(an_operation(payment, Kind.SALE, reference="N1"))

    assert references(payment) == of("provider", "N1")


def test_the_legs_of_a_refund_are_known_too() -> None:
    payment = a_payment(gateway="acquirer")
    leg = Leg(CARD, an_operation(payment, Kind.REFUND, reference="R1"))

    assert references(payment, [replace(a_refund(payment), legs=(leg,))]) == of("acquirer", "R1")


def test_the_sandbox_is_given_none() -> None:
    payment = a_payment()
    payment = payment.with_operation(an_operation(payment, Kind.PREAUTH, reference="SBX_1"))

    assert references(payment) == set()


def test_a_number_is_written_with_the_outcome_that_brought_it_and_only_once() -> None:
    here = world()
    payment = here.payments.add(a_payment(gateway="acquirer", due_at=NOON))
    outcome = PageOutcome(PageState.DECLINED, number=1, reference="N1")

    payment = take_outcome(payment, outcome, world=here)
    take_outcome(payment, replace(outcome, number=2, reference="N2"), world=here)

    assert [set(write.references) for write in here.payments.writes] == [of("acquirer", "N1"), of("acquirer", "N2")]
    assert here.payments.by_reference(PspReference("acquirer", "N1")) == [payment.id]
