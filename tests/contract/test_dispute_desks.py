"""What every PSP promises that takes answers to disputes, on its far side and over every damage of the wire to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Protocol

import pytest

from shared.adapters.dispute_desks import DISPUTE_DESKS, Desks
from shared.domain.dispute import Dispute, Purpose, Response, Word
from shared.domain.errors import GatewayNotConfigured, OutcomeUnknown, Unavailable
from shared.domain.ids import DisputeId, MerchantId
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.statuses import DisputeStatus, Reason, Source
from shared.ports.connectors import PageRequest
from shared.ports.disputes import DisputeDesk, Exhibit
from tools.testing.builders import MERCHANT, TEST, a_payment, euro
from tools.testing.fakes import NOON
from tools.testing.far_sides.paypal.side import PayPalSide
from tools.testing.far_sides.stripe.side import StripeSide
from tools.testing.far_sides.switch import FAULTS, FAULTS_OF_QUESTIONS, Damage, Fault

PDF = Exhibit("ev_1", "proof.pdf", "application/pdf", Purpose.RECEIPT, b"%PDF-1.7 signed \r\n--x")
PNG = Exhibit("ev_2", "scan.png", "image/png", Purpose.OTHER, b"\x89PNG")


class Bank(Protocol):
    """The PSP's own books of one dispute."""

    side: StripeSide | PayPalSide
    number: str

    def answers(self) -> int: ...
    def accepted(self) -> int: ...
    def files(self) -> list[str]: ...
    def decides(self) -> None:
        """For the customer, before the merchant has said anything."""
        ...

    def asks_again(self) -> None: ...


class AtStripe:
    def __init__(self) -> None:
        self.side = StripeSide()
        account = self.side.account
        intent = account.opened(50_00, "eur", False, {})
        intent.received, intent.charge = 50_00, "ch_1"
        self.dispute = account.dispute(intent)
        self.number = self.dispute.id

    def answers(self) -> int:
        return self.dispute.submissions

    def accepted(self) -> int:
        return self.dispute.closed

    def files(self) -> list[str]:
        files = self.side.account.files
        return sorted(files[value].name for value in self.dispute.evidence.values() if value in files)

    def decides(self) -> None:
        self.dispute.status = "lost"

    def asks_again(self) -> None:
        self.dispute.status = "needs_response"


class AtPayPal:
    def __init__(self) -> None:
        self.side = PayPalSide()
        business = self.side.business
        gateway = _gateway(self.side)
        payment = a_payment(gateway="paypal")
        page = gateway.open_page(
            PageRequest(payment, payment.page_id, sale=True, tokenize=False, return_url="https://x")
        )
        order = business.order(page.page_id)
        business.agreed(order.id)
        business.take(order)
        self.dispute = business.disputed(order)
        self.number = self.dispute.id

    def answers(self) -> int:
        return len(self.dispute.evidences)

    def accepted(self) -> int:
        return self.dispute.accepted

    def files(self) -> list[str]:
        return sorted(name for _, _, names in self.dispute.evidences for name in names)

    def decides(self) -> None:
        self.dispute.status, self.dispute.outcome = "RESOLVED", "RESOLVED_BUYER_FAVOUR"

    def asks_again(self) -> None:
        self.dispute.status = "WAITING_FOR_SELLER_RESPONSE"


def _gateway(side: PayPalSide) -> Any:
    from shared.adapters.card_gateways.paypal import PayPalCardGateway

    return PayPalCardGateway(side.settings)


BANKS: dict[Source, type[AtStripe] | type[AtPayPal]] = {Source.STRIPE: AtStripe, Source.PAYPAL: AtPayPal}


class Counter:
    """A merchant at the desk."""

    def __init__(self, source: Source) -> None:
        self.bank = BANKS[source]()
        self.source = source
        desk = Desks(self.bank.side.settings).of(source, source.lower())
        assert desk is not None
        self.desk: DisputeDesk = desk
        self.dispute = Dispute(
            id=DisputeId("dp_1"),
            merchant_id=MERCHANT,
            environment=TEST,
            payment_id=a_payment().id,
            source=source,
            psp_id=self.bank.number,
            amount=euro(50_00),
            reason=Reason.FRAUDULENT,
            status=DisputeStatus.OPEN,
            asked=Word(DisputeStatus.OPEN, NOON),
            facts_at=NOON,
            created_at=NOON,
        )

    def response(self, kind: Kind = Kind.DISPUTE_ANSWER, number: int = 1, asks: int = 0) -> Response:
        key = f"{self.dispute.id}:{kind}:{number}"
        state = State.UNKNOWN if asks else State.PENDING
        sending = Operation(key, kind, euro(50_00), state, started_at=NOON, asks=asks, taken_at=NOON)
        text = f"Delivered, è vero ({number})"
        return Response(text, (), NOON, kind is Kind.DISPUTE_ACCEPTANCE, sending)

    def say(self, response: Response, *exhibits: Exhibit) -> Answer:
        if response.accepts:
            return self.desk.accept(self.dispute, response)
        return self.desk.answer(self.dispute, response, exhibits)

    def said(self, kind: Kind) -> int:
        return self.bank.accepted() if kind is Kind.DISPUTE_ACCEPTANCE else self.bank.answers()


KINDS = (Kind.DISPUTE_ANSWER, Kind.DISPUTE_ACCEPTANCE)


@pytest.fixture(params=sorted(DISPUTE_DESKS))
def counter(request: pytest.FixtureRequest) -> Iterator[Counter]:
    made = Counter(request.param)
    yield made
    made.bank.side.close()


def test_a_psp_with_a_desk_takes_answers_about_payments_made_there_alone() -> None:
    desks = Desks(Counter(Source.STRIPE).bank.side.settings)

    assert desks.of(Source.STRIPE, "sandbox") is None
    assert [desks.of(source, source.lower()) for source in Source if source not in DISPUTE_DESKS] == [None] * 3


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_what_is_said_is_there_once_and_known_when_asked(counter: Counter, kind: Kind) -> None:
    response = counter.response(kind)
    assert counter.desk.lookup(counter.dispute, response) is None

    answer = counter.say(response)

    assert (answer.state, counter.said(kind)) == (State.SUCCEEDED, 1)
    found = counter.desk.lookup(counter.dispute, response)
    assert found is not None
    assert (found.state, found.reference) == (State.SUCCEEDED, answer.reference)


def test_files_go_along_byte_for_byte(counter: Counter) -> None:
    counter.say(counter.response(), PDF, PNG)

    assert counter.bank.files() == ["proof.pdf", "scan.png"]
    if isinstance(counter.bank, AtStripe):
        assert sorted(file.content for file in counter.bank.side.account.files.values()) == sorted(
            (PDF.content, PNG.content)
        )


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_call_that_came_to_nothing_is_never_made_twice_and_never_guessed(
    counter: Counter, kind: Kind, fault: Fault
) -> None:
    files = () if kind is Kind.DISPUTE_ACCEPTANCE else (PDF,)
    with counter.bank.side.switch.at(fault), pytest.raises((OutcomeUnknown, Unavailable)) as failed:
        counter.say(counter.response(kind), *files)
    if fault.acted:
        assert failed.type is OutcomeUnknown
    response = counter.response(kind, asks=1)

    found = counter.desk.lookup(counter.dispute, response)
    assert (found is not None) == bool(counter.said(kind))
    answer = found or counter.say(response, *files)

    assert (answer.state, counter.said(kind)) == (State.SUCCEEDED, 1)


@pytest.mark.parametrize("fault", FAULTS_OF_QUESTIONS, ids=str)
def test_a_question_without_an_answer_is_asked_again(counter: Counter, fault: Fault) -> None:
    response = counter.response()
    with counter.bank.side.switch.at(fault), pytest.raises((OutcomeUnknown, Unavailable)):
        counter.desk.lookup(counter.dispute, response)


def test_the_answer_to_a_second_question_is_another_one(counter: Counter) -> None:
    counter.say(counter.response(number=1))
    counter.bank.asks_again()
    second = counter.response(number=2)

    assert counter.desk.lookup(counter.dispute, second) is None
    assert counter.say(second).state is State.SUCCEEDED
    assert counter.bank.answers() == 2


def test_what_comes_too_late_is_refused_with_the_psps_reason(counter: Counter) -> None:
    counter.bank.decides()

    answer = counter.say(counter.response())

    assert (answer.state, counter.bank.answers()) == (State.REFUSED, 0)
    assert answer.code
    assert answer.message


def test_what_is_decided_for_the_customer_is_given_up(counter: Counter) -> None:
    counter.bank.decides()

    assert counter.say(counter.response(Kind.DISPUTE_ACCEPTANCE)).state is State.SUCCEEDED
    assert counter.bank.accepted() == 0


def test_a_dispute_that_the_psp_does_not_show_is_not_known(counter: Counter) -> None:
    elsewhere = replace(counter.dispute, psp_id="dp_unheard_of".replace("_", "-"))

    with pytest.raises(OutcomeUnknown):
        counter.desk.lookup(elsewhere, counter.response())


def test_nobody_answers_with_another_merchants_account(counter: Counter) -> None:
    stranger = replace(counter.dispute, merchant_id=MerchantId("m_other"))
    unknown = replace(counter.dispute, merchant_id=MerchantId("m_nobody"))

    with pytest.raises(OutcomeUnknown):  # that account has no such dispute
        counter.desk.lookup(stranger, counter.response())
    with pytest.raises(GatewayNotConfigured):
        counter.desk.lookup(unknown, counter.response())
    assert counter.bank.answers() == 0


def test_a_second_try_that_is_refused_and_not_shown_is_no_refusal() -> None:
    counter = Counter(Source.PAYPAL)
    counter.bank.side.acquirer.says = []
    response = counter.response(asks=1)
    assert isinstance(counter.bank, AtPayPal)
    counter.bank.dispute.status = "UNDER_REVIEW"  # by what it took and does not show yet

    with pytest.raises(OutcomeUnknown):
        counter.say(response)
    assert counter.say(counter.response(asks=6)).state is State.REFUSED  # what is not there by now, never was
    counter.bank.side.close()


def test_the_longest_text_that_is_taken_fits(counter: Counter) -> None:
    longest = replace(counter.response(), text="x" * counter.desk.takes.longest_text)

    assert counter.say(longest).state is State.SUCCEEDED


def test_a_file_whose_answer_was_lost_is_there_once() -> None:
    counter = Counter(Source.STRIPE)
    with counter.bank.side.switch.at(Fault(Damage.LOST, acted=True)), pytest.raises(OutcomeUnknown):
        counter.say(counter.response(), PDF)

    counter.say(counter.response(asks=1), PDF)

    assert isinstance(counter.bank, AtStripe)
    assert (len(counter.bank.side.account.files), counter.bank.answers()) == (1, 1)
    counter.bank.side.close()
