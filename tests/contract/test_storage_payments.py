"""What the port ``Payments`` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.card import Card, CardPage
from shared.domain.errors import Conflict, InvalidRequest, NotFound
from shared.domain.event import Event
from shared.domain.ids import MerchantId, OrderId, PageId, PaymentId, RefundId
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Ending, Environment, Failure, Payment, Status, Tender, Wait
from shared.domain.psp_reference import PspReference
from shared.domain.refund import RefundStatus
from shared.domain.taking import taken_up
from shared.domain.voucher import Voucher, VoucherState
from shared.ports.numbered import NumberedPage
from shared.ports.payments import Change, Wanted, WantedRefunds
from tests.storage import Storage
from tools.testing.builders import MERCHANT, TEST, a_payment, a_refund, an_event, an_operation, euro
from tools.testing.fakes import NOON

LATER = NOON + timedelta(minutes=5)


def stored(storage: Storage, payment: Payment) -> Payment:
    assert storage.payments.create(Change(payment)) is None
    return storage.payments.get(payment.id)


def told(storage: Storage) -> list[Event]:
    return storage.events.after(MERCHANT, TEST, None, until=LATER, limit=100)


def a_full_payment() -> Payment:
    """A payment with something in every part that nests."""
    payment = a_payment(
        description="Menù per 2 €",
        email="anna@example.com",
        callback_url="https://shop.example/{x}",
        frame_origins=("https://shop.example",),
        amount_due=euro(120_00),
        card=Card("VISA", "4242", "12/30", "Anna B"),
        failure=Failure("05", "Refused"),
        given_back={"card": 500, "ref": 0},
        open_legs=("ref_1/key",),
        client_secrets=("aa", "bb"),
        tender=Tender.VOUCHERS,
        voucher_tries=1,
        due_at=NOON + timedelta(seconds=60, microseconds=7),
        completed_at=NOON,
        card_page=CardPage(2, PageId("PAY2"), NOON, "https://acquirer.example/2", {"shop": "S2"}),
    )
    voucher = Voucher("ref", 1, "…A1", VoucherState.SPENT, euro(50_00), euro(50_00), "A1", notified=True)
    return replace(payment, vouchers=(voucher,)).with_operation(an_operation(payment, Kind.PREAUTH))


def test_a_created_payment_is_read_back_as_it_was(storage: Storage) -> None:
    payment = a_full_payment()

    assert stored(storage, payment) == replace(payment, version=1)


def test_a_payment_nobody_created_is_not_found(storage: Storage) -> None:
    with pytest.raises(NotFound):
        storage.payments.get(PaymentId("TXN_20260302_NOBODYMADETHISON"))


def test_creating_twice_leaves_the_first_and_returns_it(storage: Storage) -> None:
    first = stored(storage, a_payment(description="first"))

    again = storage.payments.create(Change(replace(first, description="second", version=0)))

    assert again == first
    assert storage.payments.get(first.id).description == "first"


def test_saving_raises_the_version_by_one(storage: Storage) -> None:
    payment = stored(storage, a_payment())

    assert storage.payments.save(Change(replace(payment, card_tries=1))) is None

    assert storage.payments.get(payment.id) == replace(payment, card_tries=1, version=2)


def test_a_stale_save_changes_nothing_and_returns_the_payment_as_it_is(storage: Storage) -> None:
    stale = stored(storage, a_payment())
    assert storage.payments.save(Change(replace(stale, card_tries=1))) is None

    current = storage.payments.save(Change(replace(stale, card_tries=9), [an_event()], [a_refund(stale)]))

    assert current == replace(stale, card_tries=1, version=2)
    assert storage.payments.get(stale.id) == current
    assert told(storage) == []
    assert storage.payments.refunds(stale.id) == []


def test_a_payment_that_does_not_exist_cannot_be_saved(storage: Storage) -> None:
    with pytest.raises(NotFound):
        storage.payments.save(Change(a_payment(version=3)))


def test_events_and_refunds_are_written_with_the_payment(storage: Storage) -> None:
    payment = stored(storage, a_payment())
    events = [an_event(subject=payment.id, sequence=n) for n in (1, 2)]
    refund = a_refund(payment)

    assert storage.payments.save(Change(payment, events, [refund])) is None

    assert told(storage) == events
    assert storage.payments.refunds(payment.id) == [refund]


def test_a_creation_can_tell_events_too(storage: Storage) -> None:
    payment, event = a_payment(), an_event()

    assert storage.payments.create(Change(payment, [event])) is None

    assert told(storage) == [event]


# ---- what other sides call it ----


def called(storage: Storage, *numbers: str) -> Payment:
    payment = a_payment(gateway="acquirer")
    known = frozenset(PspReference("acquirer", number) for number in numbers)
    assert storage.payments.create(Change(payment, references=known)) is None
    return storage.payments.get(payment.id)


def test_a_payment_is_found_by_each_number_that_a_change_brought(storage: Storage) -> None:
    payment = called(storage, "shop-1", "n#2")
    assert storage.payments.save(Change(payment, references=frozenset({PspReference("acquirer", "3")}))) is None

    for number in ("shop-1", "n#2", "3"):
        assert storage.payments.by_reference(PspReference("acquirer", number)) == [payment.id]
    assert storage.payments.by_reference(PspReference("another", "3")) == []
    assert storage.payments.by_reference(PspReference("acquirer", "2")) == []


def test_two_payments_may_share_a_number_and_neither_hides_the_other(storage: Storage) -> None:
    both = {called(storage, "7").id, called(storage, "7").id}

    assert set(storage.payments.by_reference(PspReference("acquirer", "7"))) == both


def test_a_change_that_is_not_written_brings_no_number(storage: Storage) -> None:
    payment = called(storage)
    assert storage.payments.save(Change(payment)) is None

    assert storage.payments.save(Change(payment, references=frozenset({PspReference("acquirer", "9")}))) is not None

    assert storage.payments.by_reference(PspReference("acquirer", "9")) == []


def test_a_number_of_any_length_can_be_written_and_found(storage: Storage) -> None:
    long, longer = "9" * 3000, "9" * 3001
    payment = called(storage, long)

    assert storage.payments.by_reference(PspReference("acquirer", long)) == [payment.id]
    assert storage.payments.by_reference(PspReference("acquirer", longer)) == []


# ---- taking up ----


def chosen(storage: Storage, tender: Tender = Tender.CARD_ONLY, **more: Any) -> Payment:
    payment = a_payment(status=Status.PROCESSING, tender=tender, due_at=NOON, **more)
    return stored(storage, payment.with_operation(an_operation(payment, Kind.PREAUTH)))


def with_codes(storage: Storage) -> Payment:
    codes = tuple(Voucher(f"ref:V{n}", 1, f"CODE{n}", VoucherState.VALID, euro(20_00), euro(20_00)) for n in range(2))
    return chosen(storage, Tender.VOUCHERS, vouchers=codes, voucher_tries=1)


def test_a_capture_is_taken_up_and_on_record_in_one_write(storage: Storage) -> None:
    payment = chosen(storage)

    taken, ours = storage.payments.take(payment.id, Kind.CAPTURE, LATER)

    assert ours
    assert taken == replace(taken_up(payment, Kind.CAPTURE, LATER), version=2)
    assert [op.started_at for op in taken.open_operations(Kind.CAPTURE)] == [LATER]
    assert storage.payments.get(payment.id) == taken


def test_every_code_of_the_choice_is_taken_up(storage: Storage) -> None:
    payment = with_codes(storage)

    taken, ours = storage.payments.take(payment.id, Kind.VOUCHER_SPEND, LATER)

    assert ours
    assert [op.voucher for op in taken.open_operations()] == ["ref:V0", "ref:V1"]
    assert storage.payments.get(payment.id) == taken


def test_what_is_taken_up_already_is_nobody_elses(storage: Storage) -> None:
    payment = chosen(storage)
    first, _ = storage.payments.take(payment.id, Kind.CAPTURE, NOON)

    assert storage.payments.take(payment.id, Kind.CAPTURE, LATER) == (first, False)


def test_a_step_takes_up_nothing_of_another_kind(storage: Storage) -> None:
    payment = with_codes(storage)

    assert storage.payments.take(payment.id, Kind.CAPTURE, LATER) == (payment, False)
    assert storage.payments.get(payment.id) == payment


@pytest.mark.parametrize(
    "changes",
    [
        {"status": Status.CARD_PREAUTH_SUCCESS, "tender": None},
        {"ending": Ending.VOIDED},
        {"looks": 1},
        {"status": Status.SUCCESS},
    ],
)
def test_a_payment_that_is_not_ready_is_returned_as_it_is(storage: Storage, changes: dict[str, Any]) -> None:
    payment = stored(storage, a_payment(**{"status": Status.PROCESSING, "tender": Tender.CARD_ONLY, **changes}))

    assert storage.payments.take(payment.id, Kind.CAPTURE, LATER) == (payment, False)


def test_a_capture_asked_about_before_is_not_taken_up_unread(storage: Storage) -> None:
    payment = chosen(storage)
    tried = payment.with_operation(an_operation(payment, Kind.CAPTURE, state=State.UNKNOWN))
    assert storage.payments.save(Change(tried)) is None

    assert storage.payments.take(payment.id, Kind.CAPTURE, LATER) == (replace(tried, version=2), False)


def test_what_was_taken_up_is_saved_with_its_answer(storage: Storage) -> None:
    taken, _ = storage.payments.take(chosen(storage).id, Kind.CAPTURE, NOON)
    done = taken.with_operation(taken.open_operations()[0].closed(Answer(State.SUCCEEDED), LATER))

    assert storage.payments.save(Change(done)) is None

    assert storage.payments.get(done.id) == replace(done, version=3)


def test_a_writer_who_read_before_the_taking_is_refused(storage: Storage) -> None:
    payment = chosen(storage)
    taken, _ = storage.payments.take(payment.id, Kind.CAPTURE, NOON)

    assert storage.payments.save(Change(replace(payment, ending=Ending.VOIDED))) == taken


def test_what_is_taken_up_stays_due_as_it_was(storage: Storage) -> None:
    payment = chosen(storage)
    storage.payments.take(payment.id, Kind.CAPTURE, NOON)

    assert storage.payments.due(LATER, 10) == [payment.id]


def test_nobody_takes_up_a_payment_that_does_not_exist(storage: Storage) -> None:
    with pytest.raises(NotFound):
        storage.payments.take(PaymentId("TXN_20260302_NOBODYMADETHISON"), Kind.CAPTURE, NOON)


# ---- parking ----


def test_a_parked_wait_keeps_its_token(storage: Storage) -> None:
    payment = stored(storage, a_payment())

    assert storage.payments.park(payment.id, Wait.PREAUTH, "token-1", NOON) is None

    parked = storage.payments.get(payment.id)
    assert parked == replace(payment, waiting=Wait.PREAUTH, task_token="token-1", version=2)


def test_parking_again_keeps_the_newest_token(storage: Storage) -> None:
    payment = stored(storage, a_payment())
    storage.payments.park(payment.id, Wait.PREAUTH, "token-1", NOON)

    assert storage.payments.park(payment.id, Wait.PREAUTH, "token-2", NOON) is None

    assert storage.payments.get(payment.id).task_token == "token-2"


def test_whoever_read_before_the_parking_is_told_the_token(storage: Storage) -> None:
    payment = stored(storage, a_payment())
    storage.payments.park(payment.id, Wait.PREAUTH, "token-1", NOON)

    current = storage.payments.save(Change(payment.moved(Status.CARD_PREAUTH_SUCCESS, NOON)))

    assert current is not None
    assert (current.waiting, current.task_token) == (Wait.PREAUTH, "token-1")
    assert storage.payments.save(Change(current.moved(Status.CARD_PREAUTH_SUCCESS, NOON))) is None
    assert storage.payments.get(payment.id).task_token == "token-1"


def test_a_spent_token_is_taken_away_by_saving(storage: Storage) -> None:
    payment = stored(storage, a_payment())
    storage.payments.park(payment.id, Wait.PREAUTH, "token-1", NOON)
    parked = storage.payments.get(payment.id)

    storage.payments.save(Change(replace(parked, waiting=None, task_token=None)))

    assert storage.payments.get(payment.id) == replace(payment, version=3)


@pytest.mark.parametrize("status", [Status.CARD_PREAUTH_SUCCESS, Status.VOUCHER_FAILED])
def test_a_choice_is_awaited_after_the_hold_and_after_a_failed_voucher(storage: Storage, status: Status) -> None:
    payment = stored(storage, a_payment(status=status))

    assert storage.payments.park(payment.id, Wait.CHOICE, "token", NOON) is None


@pytest.mark.parametrize(
    ("wait", "payment"),
    [
        (Wait.PREAUTH, a_payment(status=Status.CARD_PREAUTH_SUCCESS)),
        (Wait.PREAUTH, a_payment(status=Status.FAILED)),
        (Wait.CHOICE, a_payment(status=Status.PENDING)),
        (Wait.CHOICE, a_payment(status=Status.PROCESSING)),
        (Wait.PREAUTH, a_payment(ending=Ending.CANCELLED)),
        (Wait.PREAUTH, a_payment(expires_at=NOON)),
        (Wait.CHOICE, a_payment(status=Status.CARD_PREAUTH_SUCCESS, ending=Ending.EXPIRED)),
    ],
    ids=["held already", "failed", "no card yet", "chosen already", "cancelled", "expired now", "closing"],
)
def test_nothing_is_parked_when_there_is_nothing_to_wait_for(storage: Storage, wait: Wait, payment: Payment) -> None:
    there = stored(storage, payment)

    assert storage.payments.park(payment.id, wait, "token", NOON) == there
    assert storage.payments.get(payment.id) == there


def test_a_payment_that_does_not_exist_cannot_be_parked(storage: Storage) -> None:
    with pytest.raises(NotFound):
        storage.payments.park(PaymentId("TXN_20260302_NOBODYMADETHISON"), Wait.PREAUTH, "token", NOON)


# ---- housekeeping ----


def test_due_payments_come_oldest_first_and_only_once_their_time_has_come(storage: Storage) -> None:
    seconds = {10: "third", 1: "first", 5: "second", 301: "not yet"}
    made = {name: stored(storage, a_payment(due_at=NOON + timedelta(seconds=s))) for s, name in seconds.items()}
    stored(storage, a_payment(due_at=None))

    assert storage.payments.due(LATER, 10) == [made[name].id for name in ("first", "second", "third")]
    assert storage.payments.due(LATER, 2) == [made[name].id for name in ("first", "second")]


def test_a_payment_is_due_at_the_very_moment(storage: Storage) -> None:
    payment = stored(storage, a_payment(due_at=LATER))

    assert storage.payments.due(LATER - timedelta(microseconds=1), 10) == []
    assert storage.payments.due(LATER, 10) == [payment.id]


def test_a_payment_looked_after_is_due_no_more(storage: Storage) -> None:
    payment = stored(storage, a_payment(due_at=NOON))

    storage.payments.save(Change(replace(payment, due_at=None)))

    assert storage.payments.due(LATER, 10) == []


# ---- refunds ----


def test_refunds_are_listed_in_the_order_they_were_made(storage: Storage) -> None:
    payment = stored(storage, a_payment())
    refunds = [a_refund(payment, number=n) for n in range(1, 12)]
    for refund in reversed(refunds):
        storage.payments.save(Change(storage.payments.get(payment.id), refunds=[refund]))

    assert storage.payments.refunds(payment.id) == refunds


def test_a_refund_is_found_by_its_id_with_its_payment_only(storage: Storage) -> None:
    payment, other = stored(storage, a_payment()), stored(storage, a_payment())
    refund = a_refund(payment)
    storage.payments.save(Change(payment, refunds=[refund]))

    assert storage.payments.refund(payment.id, refund.id) == refund
    with pytest.raises(NotFound):
        storage.payments.refund(other.id, refund.id)
    with pytest.raises(NotFound):
        storage.payments.refund(payment.id, RefundId("ref_unknown"))


def test_a_settled_refund_replaces_the_open_one(storage: Storage) -> None:
    payment = stored(storage, a_payment())
    refund = a_refund(payment)
    storage.payments.save(Change(payment, refunds=[refund]))

    settled = replace(refund, settled_at=LATER)
    storage.payments.save(Change(storage.payments.get(payment.id), refunds=[settled]))

    assert storage.payments.refunds(payment.id) == [settled]


# ---- a merchant's list ----


def test_a_merchants_payments_come_newest_first_page_by_page(storage: Storage) -> None:
    made = [stored(storage, a_payment(created_at=NOON + timedelta(seconds=n))) for n in range(5)]
    storage.payments.save(Change(made[0], refunds=[a_refund(made[0])]))
    pages, cursor = [], None
    while True:
        page, cursor = storage.payments.of_merchant(MERCHANT, TEST, limit=2, cursor=cursor)
        pages.append([payment.id for payment in page])
        if cursor is None:
            break

    listed = [payment_id for page in pages for payment_id in page]
    assert listed == [payment.id for payment in reversed(made)]
    assert [len(page) for page in pages[:3]] == [2, 2, 1]


def test_a_merchants_list_has_its_own_environment_only(storage: Storage) -> None:
    mine = stored(storage, a_payment())
    stored(storage, a_payment(environment=Environment.LIVE))
    stored(storage, a_payment(merchant_id=MerchantId("m_other")))

    assert storage.payments.of_merchant(MERCHANT, TEST, limit=10, cursor=None)[0] == [mine]


def test_a_made_up_cursor_is_refused(storage: Storage) -> None:
    with pytest.raises(InvalidRequest):
        storage.payments.of_merchant(MERCHANT, TEST, limit=10, cursor="yesterday")


def of_shop(number: int, **settings: Any) -> Payment:
    """A payment of a family that lists by page number, so many seconds after noon."""
    made: dict[str, Any] = {
        "id": PaymentId(f"payt_{number:016d}"),
        "family": "glomopay",
        "order_id": OrderId(f"order_{number}"),
        "customer_id": f"cust_{number % 2}",
        "created_at": NOON + timedelta(seconds=number),
    }
    return a_payment(**{**made, **settings})


def test_payments_of_a_family_are_listed_by_page_number_and_narrowed(storage: Storage) -> None:
    storage.payments.create(Change(a_payment()))
    storage.payments.create(Change(of_shop(9, environment=Environment.LIVE)))
    for number in range(1, 5):
        storage.payments.create(Change(of_shop(number)))
    linked = of_shop(5, order_id=None, link_id="plink_5", amount=Money(500, "USD"), status=Status.SUCCESS)
    storage.payments.create(Change(linked))

    def listed(page: NumberedPage | None = None, **wanted: Any) -> tuple[list[str], int]:
        found = storage.payments.of_family(MERCHANT, TEST, Wanted("glomopay", **wanted), page or NumberedPage())
        return [payment.id[-1] for payment in found.items], found.count

    assert listed() == (["5", "4", "3", "2", "1"], 5)
    assert listed(NumberedPage(2, 2)) == (["3", "2"], 5)
    assert listed(customer_id="cust_0") == (["4", "2"], 2)
    assert listed(of="order_3") == (["3"], 1)
    assert listed(of_prefix="plink_") == listed(currency="USD") == (["5"], 1)
    assert listed(statuses=frozenset({Status.SUCCESS, Status.FAILED})) == (["5"], 1)
    assert listed(of_prefix="order_", customer_id="cust_1", currency="EUR") == (["3", "1"], 2)
    assert storage.payments.of_family(MERCHANT, TEST, Wanted("other"), NumberedPage()).count == 0


def test_refunds_of_a_family_are_listed_and_found_by_the_merchants_number(storage: Storage) -> None:
    payment = of_shop(1)
    storage.payments.create(Change(payment))
    stored = storage.payments.get(payment.id)
    one = a_refund(stored, payment_id=payment.id, reference="r-1", created_at=NOON)
    two = a_refund(stored, payment_id=payment.id, created_at=NOON + timedelta(seconds=1), status=RefundStatus.FAILED)
    storage.payments.save(Change(stored, refunds=[one]))
    storage.payments.save(Change(storage.payments.get(payment.id), refunds=[two]))
    storage.payments.save(Change(storage.payments.get(payment.id), refunds=[one]))  # as its answer is written

    def listed(**wanted: Any) -> list[str]:
        found = storage.payments.refunds_of_family(
            MERCHANT, TEST, WantedRefunds("glomopay", **wanted), NumberedPage()
        )
        return [refund.id for refund in found.items]

    assert listed() == [two.id, one.id]
    assert listed(status=RefundStatus.FAILED, payment_id=payment.id) == [two.id]
    assert listed(payment_id=PaymentId("payt_2")) == []
    assert storage.payments.refund_by_reference(MERCHANT, TEST, "r-1") == one.id
    assert storage.payments.refund_by_reference(MERCHANT, TEST, "r-2") is None


def test_a_number_of_a_refund_is_no_other_refunds(storage: Storage) -> None:
    for number in (1, 2):
        storage.payments.create(Change(of_shop(number)))
    first, second = (storage.payments.get(of_shop(number).id) for number in (1, 2))
    storage.payments.save(Change(first, refunds=[a_refund(first, reference="r-1")]))

    with pytest.raises(Conflict):
        storage.payments.save(Change(second, refunds=[a_refund(second, reference="r-1")]))
    assert storage.payments.get(second.id) == second
    assert storage.payments.refunds(second.id) == []
