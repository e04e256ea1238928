"""A payment link is paid once, by one payment, in its time; everything else is refused or given back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.account import Account
from shared.domain.errors import (
    Conflict,
    GatewayNotConfigured,
    IllegalTransition,
    InProgress,
    InvalidRequest,
    OutcomeUnknown,
    TooManyTries,
)
from shared.domain.ids import LinkId
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Mode, Status, Tender
from shared.domain.payment_link import MOST_OPENINGS, MOST_SENDS, LinkType, Sending
from shared.domain.statuses import LinkStatus
from shared.usecases.link.create_link import NewLink, create_link
from shared.usecases.link.open_link import open_link
from shared.usecases.link.send_link import resend_link
from shared.usecases.payment.choose_tender import TenderChoice, choose_tender
from tests.unit.links.desk import Desk
from tests.unit.usecases.moody import MoodyGateways, is_pending, says_nothing
from tests.unit.usecases.till import ANSWER_LOST, REFUND_FAILS
from tools.testing.builders import a_credential, euro


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.ask()
    return made


def code_of(error: pytest.ExceptionInfo[Any]) -> str:
    return str(error.value.error_code)


# ---- creating and sending ----


def test_a_link_has_an_unguessable_id_and_leads_to_the_link_page(desk: Desk) -> None:
    link = desk.link

    assert len(link.id) == len("LINK_A1B2C3D4E5F67890")
    assert int(link.id.removeprefix("LINK_"), 16) > 0
    assert link.id == link.id.upper()
    assert link.url == f"https://pages.example/pay/link/?id={link.id}"
    assert link.expires_at - link.created_at == timedelta(days=30)


def test_creating_again_with_the_same_seed_finds_the_same_link_and_sends_it_once() -> None:
    desk, seed = Desk(), b"s" * 64
    mailed = Sending(LinkType.MAIL, "ada@example.com")
    order = NewLink(euro(50_00), "https://p.example", timedelta(days=1), mailed)
    made = [create_link(order, a_credential(), world=desk.world, links=desk.links, seed=seed).id for _ in range(2)]

    assert made[0] == made[1]
    assert len(desk.world.messenger.sent) == 1


@pytest.mark.parametrize(("kind", "code"), [(LinkType.MAIL, "email_required"), (LinkType.SMS, "phone_required")])
def test_a_link_that_we_send_needs_an_address(kind: LinkType, code: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        Desk().ask(type=kind)

    assert code_of(refused) == code


def test_a_merchant_without_a_gateway_gets_no_link() -> None:
    desk = Desk()
    desk.account = Account()

    with pytest.raises(GatewayNotConfigured):
        desk.ask()


def test_a_mailed_link_speaks_the_customers_language_and_carries_the_address() -> None:
    desk = Desk()
    link = desk.ask(type=LinkType.MAIL, email="ada@example.com", name="Ada <b>", language="it-IT")

    (sent,) = desk.world.messenger.sent
    assert (sent.message.channel, sent.message.to) == ("email", "ada@example.com")
    assert "Shop ti chiede di pagare EUR 50,00" in sent.message.subject
    assert link.url in sent.message.text
    assert f'href="{link.url}"' in sent.message.html
    assert "Ada &lt;b&gt;" in sent.message.html


@pytest.mark.parametrize(
    ("language", "until"),
    [
        ("en", "The link is valid until 1 April 2026, 14:00 (Europe/Rome, UTC+2)."),
        ("de", "Der Link gilt bis 1. April 2026, 14:00 Uhr (Europe/Rome, UTC+2)."),
        ("es", "El enlace es válido hasta el 1 de abril de 2026, 14:00 (Europe/Rome, UTC+2)."),
    ],
)
def test_a_mailed_link_says_its_deadline_by_the_merchants_clocks(language: str, until: str) -> None:
    desk = Desk()
    desk.ask(type=LinkType.MAIL, email="ada@example.com", language=language)

    assert until in desk.world.messenger.sent[0].message.text


def test_what_a_shop_wrote_is_not_taken_for_a_mark() -> None:
    desk = Desk()
    desk.ask(type=LinkType.MAIL, email="ada@example.com", description="{url} {nonsense}")

    assert "For: {url} {nonsense}" in desk.world.messenger.sent[0].message.text


def test_a_texted_link_is_one_line_with_the_address() -> None:
    desk = Desk()
    link = desk.ask(type=LinkType.SMS, phone="+393331234567")

    (sent,) = desk.world.messenger.sent
    assert (sent.message.channel, sent.message.to) == ("sms", "+393331234567")
    assert sent.message.text == f"Shop asks you to pay EUR 50.00: {link.url}"


def test_a_link_is_sent_again_until_the_limit() -> None:
    desk = Desk()
    desk.ask(type=LinkType.MAIL, email="ada@example.com")
    for _ in range(MOST_SENDS - 1):
        resend_link(desk.link, world=desk.world, links=desk.links)

    with pytest.raises(TooManyTries):
        resend_link(desk.link, world=desk.world, links=desk.links)
    assert len(desk.world.messenger.sent) == MOST_SENDS


def test_a_link_that_the_merchant_brings_itself_is_not_sent(desk: Desk) -> None:
    with pytest.raises(Conflict) as refused:
        resend_link(desk.link, world=desk.world, links=desk.links)

    assert code_of(refused) == "not_sent_by_us"
    assert desk.world.messenger.sent == []


def test_a_reminder_is_sent_once_before_the_end() -> None:
    desk = Desk()
    desk.ask(lasts=timedelta(days=10), email="ada@example.com", remind_before=timedelta(days=2))
    desk.world.now.advance(days=7, hours=23)
    desk.housekeeping()
    assert desk.world.messenger.sent == []

    desk.world.now.advance(hours=2)
    desk.housekeeping()
    desk.housekeeping()

    (sent,) = desk.world.messenger.sent
    assert sent.message.subject.startswith("Reminder: ")
    assert desk.status is LinkStatus.PENDING


def test_reminders_that_nobody_could_send_in_time_do_not_come_all_at_once() -> None:
    desk = Desk()
    desk.ask(lasts=timedelta(days=30), email="ada@example.com", remind_every=1)
    desk.world.now.advance(days=6, hours=1)
    for _ in range(5):
        desk.housekeeping()
        desk.world.now.advance(minutes=1)
    assert len(desk.world.messenger.sent) == 1

    desk.world.now.advance(hours=23)
    desk.housekeeping()

    assert len(desk.world.messenger.sent) == 2


def test_a_reminder_needs_an_address_and_room_before_the_end() -> None:
    with pytest.raises(InvalidRequest):
        Desk().ask(remind_before=timedelta(days=2))
    with pytest.raises(InvalidRequest):
        Desk().ask(email="ada@example.com", lasts=timedelta(days=2), remind_before=timedelta(days=2))


# ---- paying ----


def test_a_paid_link_says_when_and_by_which_payment(desk: Desk) -> None:
    payment = desk.pay()

    link = desk.link
    assert link.status is LinkStatus.PAID
    assert (link.page_id, link.paid_at) == (payment.page_id, payment.completed_at)
    assert link.auth_code is not None
    assert re.fullmatch(r"[0-9]{6}", link.auth_code)
    assert link.auth_code != payment.done(Kind.PREAUTH)[0].reference
    assert payment.done(Kind.PREAUTH)[0].auth_code == link.auth_code


def test_a_link_paid_by_vouchers_alone_has_no_authorisation_code(desk: Desk) -> None:
    desk.follow()
    desk.pay_by_card()
    desk.spend("V5000-A1")

    assert (desk.status, desk.link.auth_code) == (LinkStatus.PAID, None)


def test_a_link_is_paid_by_vouchers_and_card_like_any_payment(desk: Desk) -> None:
    desk.follow()
    desk.pay_by_card()
    desk.spend("V2000-A1")

    assert desk.status is LinkStatus.PAID
    assert (desk.payment.captured, desk.payment.spent) == (euro(30_00), euro(20_00))


def test_a_link_opened_twice_leads_to_the_same_payment(desk: Desk) -> None:
    assert desk.follow().id == desk.follow().id
    desk.pay_by_card()
    assert desk.follow().id == desk.id
    assert len(desk.world.payments.all()) == 1


def test_a_declined_card_leaves_the_link_and_its_payment_open(desk: Desk) -> None:
    first = desk.follow()
    desk.pay_by_card("4000000000000002")

    assert desk.follow().id == first.id
    desk.pay_by_card()
    desk.choose(Tender.CARD_ONLY)
    assert desk.status is LinkStatus.PAID


def test_two_who_open_a_link_at_once_start_one_payment(desk: Desk) -> None:
    other: list[str] = []
    save = desk.links.save

    def race(link: Any) -> Any:
        desk.links.save = save  # type: ignore[method-assign]
        other.append(open_link(desk.link_id, world=desk.world, links=desk.links).id)
        return save(link)

    desk.links.save = race  # type: ignore[assignment, method-assign]

    assert desk.follow().id == other[0]
    assert len(desk.world.payments.all()) == 1


def test_an_opening_that_died_half_way_is_gone_on_with(desk: Desk) -> None:
    desk.follow()
    opening = desk.links.get(desk.link_id).opening
    assert opening is not None
    other = Desk()
    other.ask()
    other.links.save(replace(other.link, opening=opening, openings=1))
    other.world.now.advance(minutes=5)

    assert other.follow().id == opening.payment_id


def test_a_payment_whose_time_is_up_is_replaced_and_can_succeed_no_more(desk: Desk) -> None:
    first = desk.follow().id
    desk.world.now.advance(seconds=1800)
    second = desk.follow().id

    assert first != second
    desk.id = first
    desk.machines.pump()
    assert desk.payment.status is Status.FAILED
    desk.id = second
    desk.pay_by_card()
    desk.choose(Tender.CARD_ONLY)
    assert desk.status is LinkStatus.PAID


def test_a_link_cannot_be_paid_twice(desk: Desk) -> None:
    desk.pay()

    with pytest.raises(IllegalTransition) as refused:
        desk.follow()
    assert code_of(refused) == "link_paid"
    assert len(desk.world.payments.all()) == 1


def test_nobody_opens_a_second_payment_while_one_is_being_completed(desk: Desk) -> None:
    desk.follow()
    desk.pay_by_card()
    choose_tender(desk.id, TenderChoice(Tender.CARD_ONLY), world=desk.world)

    with pytest.raises(InProgress):
        open_link(desk.link_id, world=desk.world, links=desk.links)


def test_a_link_takes_a_bounded_number_of_payments(desk: Desk) -> None:
    for _ in range(MOST_OPENINGS):
        desk.follow()
        desk.world.now.advance(seconds=1800)

    with pytest.raises(TooManyTries):
        desk.follow()


@pytest.mark.parametrize("mode", [Mode.SALE_DIRECT, Mode.SALE_WITH_TOKENIZATION])
def test_verify_learns_of_a_payment_that_only_the_gateway_knows(mode: Mode) -> None:
    desk = Desk(mode)
    desk.ask()
    desk.follow()
    desk.enter_card()
    assert desk.status is LinkStatus.PENDING

    assert desk.verify().paid_at is not None
    assert desk.link.paid_at


def spent(desk: Desk) -> None:
    desk.pay_by_card()
    desk.spend("V2000-SPENDLOST1")


def captured(desk: Desk) -> None:
    desk.pay_by_card(ANSWER_LOST)
    desk.choose(Tender.CARD_ONLY)


def released(desk: Desk) -> None:
    desk.pay_by_card(ANSWER_LOST)
    desk.cancel()


def refunded(desk: Desk) -> None:
    captured(desk)
    desk.wait(10)
    desk.refund(euro(20_00))


@pytest.mark.parametrize(
    ("act", "status", "done"),
    [
        (captured, LinkStatus.PAID, {"captured": 50_00}),
        (released, LinkStatus.CANCELLED, {"voided": 50_00}),
        (refunded, LinkStatus.PAID, {"captured": 50_00, "refunded": 20_00}),
    ],
)
def test_verify_asks_about_what_the_gateway_did_not_answer(
    desk: Desk, act: Callable[[Desk], None], status: LinkStatus, done: dict[str, int]
) -> None:
    desk.follow()
    act(desk)
    assert desk.payment.open_operations() or desk.payment.open_legs

    verified = desk.verify()

    assert verified.status is status
    assert (desk.payment.open_operations(), desk.payment.open_legs) == ([], ())
    payment = desk.payment
    known = {"captured": payment.captured.minor, "voided": payment.voided.minor, "refunded": payment.refunded}
    assert {name: minor for name, minor in known.items() if minor} == done
    assert {name: desk.book()[name] for name in done} == done
    desk.wait(3600)
    assert {name: desk.book()[name] for name in done} == done


def test_verify_asks_about_what_the_voucher_provider_did_not_answer(desk: Desk) -> None:
    desk.follow()
    spent(desk)
    assert desk.operations(Kind.VOUCHER_SPEND) == ["UNKNOWN"]

    assert desk.verify().status is LinkStatus.PENDING
    assert desk.operations(Kind.VOUCHER_SPEND) == ["SUCCEEDED"]

    desk.wait(60)
    assert desk.status is LinkStatus.PAID
    assert (desk.used("V2000-SPENDLOST1"), desk.book()["captured"]) == (20_00, 30_00)


def test_verify_sends_nothing_beside_a_call_that_may_be_sending(desk: Desk) -> None:
    desk.follow()
    desk.pay_by_card()
    sent: list[str] = []

    def meanwhile(payment: Any, operation: Any) -> Answer:
        sent.append(operation.key)
        desk.verify()
        raise OutcomeUnknown("no answer")

    object.__setattr__(desk.world, "gateways", MoodyGateways(desk.world.gateways, {"capture": meanwhile}))
    desk.choose(Tender.CARD_ONLY)

    assert len(sent) == 1


def test_verify_of_a_link_nobody_opened_changes_nothing(desk: Desk) -> None:
    assert desk.verify() == desk.link


def test_the_event_stream_marks_a_link_paid_once(desk: Desk) -> None:
    desk.pay()
    for _ in range(3):
        desk.tell()

    assert desk.links.get(desk.link_id).status is LinkStatus.PAID
    assert [link.id for link in desk.listed(LinkStatus.PAID)] == [desk.link_id]
    assert desk.payment.status is Status.SUCCESS


def test_a_payment_without_a_link_is_no_links_business(desk: Desk) -> None:
    desk.open()
    desk.pay_by_card()
    desk.choose(Tender.CARD_ONLY)
    desk.tell()

    assert desk.status is LinkStatus.PENDING


def test_a_paid_link_stays_paid_when_the_payment_is_refunded(desk: Desk) -> None:
    desk.pay()
    desk.tell()
    desk.refund()
    desk.tell()

    assert desk.status is LinkStatus.PAID


# ---- the end: expired, cancelled ----


def test_a_link_is_expired_from_the_moment_on_and_marked_by_housekeeping(desk: Desk) -> None:
    desk.world.now.advance(days=30)

    assert desk.status is LinkStatus.EXPIRED
    with pytest.raises(IllegalTransition) as refused:
        desk.follow()
    assert code_of(refused) == "link_expired"
    desk.housekeeping()
    assert [link.id for link in desk.listed(LinkStatus.EXPIRED)] == [desk.link_id]


def test_a_cancelled_link_takes_no_payment(desk: Desk) -> None:
    assert desk.cancel().status is LinkStatus.CANCELLED

    for act in (desk.follow, desk.cancel):
        with pytest.raises(IllegalTransition) as refused:
            act()
        assert code_of(refused) == "link_cancelled"


def test_a_paid_link_is_not_cancelled_even_before_we_heard_of_it(desk: Desk) -> None:
    desk.pay()

    with pytest.raises(IllegalTransition) as refused:
        desk.cancel()
    assert code_of(refused) == "link_paid"


def cancelled(desk: Desk) -> None:
    desk.cancel()


def bounded(desk: Desk) -> None:
    """The link ends five minutes after it was made, well before its checkout does."""
    desk.world.now.advance(minutes=5)
    desk.housekeeping()


@pytest.mark.parametrize("end", [cancelled, bounded])
def test_a_hold_of_a_link_that_ends_is_released(end: Callable[[Desk], None]) -> None:
    desk = Desk()
    desk.ask(lasts=timedelta(minutes=5))
    desk.follow()
    desk.pay_by_card()
    end(desk)

    assert desk.payment.status is Status.FAILED
    assert (desk.payment.captured, desk.payment.voided) == (euro(0), euro(50_00))
    assert desk.link.status in (LinkStatus.CANCELLED, LinkStatus.EXPIRED)


@pytest.mark.parametrize("mode", [Mode.PREAUTH_VOUCHER_CAPTURE, Mode.SALE_DIRECT])
@pytest.mark.parametrize("end", [cancelled, bounded])
def test_a_card_accepted_at_the_gateway_as_the_link_ended_is_given_back(
    end: Callable[[Desk], None], mode: Mode
) -> None:
    desk = Desk(mode)
    desk.ask(lasts=timedelta(minutes=5))
    desk.follow()
    desk.enter_card()
    end(desk)
    desk.hear()

    book = desk.book()
    assert desk.payment.status is Status.FAILED
    assert book["voided"] + book["refunded"] == 50_00
    assert desk.link.status is not LinkStatus.PAID


def lasting_five_minutes(mode: str | None = None) -> Desk:
    desk = Desk(mode)
    desk.ask(lasts=timedelta(minutes=5))
    desk.follow()
    return desk


def test_a_payment_opened_by_a_link_ends_when_the_link_ends() -> None:
    desk = lasting_five_minutes()
    end = desk.link.expires_at
    assert desk.payment.expires_at == end
    desk.world.now.advance(minutes=4)
    assert desk.pay_by_card().expires_at == end

    desk.world.now.advance(minutes=1)
    with pytest.raises(IllegalTransition) as refused:
        desk.choose(Tender.CARD_ONLY)

    assert code_of(refused) == "expired"
    desk.wait(90)  # whether or not anybody looks after the link
    assert desk.payment.status is Status.FAILED
    assert desk.in_book() == (50_00, 0, 0, 50_00, 0)
    assert desk.status is LinkStatus.EXPIRED


def test_a_link_that_outlasts_its_checkout_does_not_make_it_shorter(desk: Desk) -> None:
    desk.follow()
    opened = desk.world.now()

    assert desk.payment.expires_at == opened + timedelta(seconds=1800)
    desk.world.now.advance(minutes=20)
    assert desk.pay_by_card().expires_at == opened + timedelta(minutes=20, seconds=1800)


def test_what_was_chosen_in_time_pays_the_link_however_long_it_takes() -> None:
    desk = lasting_five_minutes()
    gateways = MoodyGateways(desk.world.gateways, {"capture": says_nothing, "lookup": is_pending})
    object.__setattr__(desk.world, "gateways", gateways)
    desk.pay_by_card()
    desk.world.now.advance(minutes=4, seconds=59)
    desk.choose(Tender.CARD_ONLY)
    for _ in range(3):
        desk.wait(60)
        assert desk.housekeeping() == []
        assert desk.status is LinkStatus.PENDING
    with pytest.raises(InProgress):
        open_link(desk.link_id, world=desk.world, links=desk.links)
    with pytest.raises(InProgress):
        desk.cancel()

    gateways.moods.clear()
    desk.wait(3600)
    desk.housekeeping()

    assert desk.links.get(desk.link_id).status is LinkStatus.PAID
    assert (desk.payment.status, desk.book()["refunded"]) == (Status.SUCCESS, 0)


def test_vouchers_chosen_in_time_and_refused_after_the_end_leave_the_link_expired() -> None:
    desk = lasting_five_minutes()
    gateways = MoodyGateways(desk.world.gateways, {"validate": says_nothing})
    object.__setattr__(desk.world, "gateways", gateways)
    desk.pay_by_card()
    desk.world.now.advance(minutes=4, seconds=59)
    desk.spend("V2000-INVALID1")
    desk.world.now.advance(minutes=1)
    gateways.moods.clear()
    desk.wait(120)
    desk.housekeeping()

    assert desk.links.get(desk.link_id).status is LinkStatus.EXPIRED
    assert desk.payment.status is Status.FAILED
    assert desk.in_book() == (50_00, 0, 0, 50_00, 0)


def ends_unseen(desk: Desk) -> None:
    """The link is over and its payment goes on, as no call here leaves them; money must not be kept all the same."""
    desk.links.save(desk.links.get(desk.link_id).closed(LinkStatus.EXPIRED))


def test_a_payment_completed_after_the_end_is_refunded_once() -> None:
    desk = lasting_five_minutes()
    desk.pay_by_card()
    ends_unseen(desk)
    desk.choose(Tender.CARD_ONLY)
    assert desk.payment.status is Status.SUCCESS

    for act in (desk.tell, desk.housekeeping, desk.tell, desk.verify):
        act()

    assert desk.payment.status.value == "REFUNDED"
    assert desk.book()["refunded"] == 50_00
    assert desk.links.get(desk.link_id).status is LinkStatus.EXPIRED


def test_a_late_payment_that_cannot_be_refunded_asks_for_a_person() -> None:
    desk = lasting_five_minutes()
    desk.pay_by_card(REFUND_FAILS)
    ends_unseen(desk)
    desk.choose(Tender.CARD_ONLY)
    desk.tell()

    assert desk.payment.attention == "LATE_PAYMENT_NOT_REFUNDED"


def test_a_late_payment_is_refunded_even_if_another_refund_of_it_was_refused_meanwhile() -> None:
    desk = lasting_five_minutes()
    gateways = MoodyGateways(desk.world.gateways)
    object.__setattr__(desk.world, "gateways", gateways)
    desk.pay_by_card()
    ends_unseen(desk)
    desk.choose(Tender.CARD_ONLY)
    gateways.moods |= {"refund": says_nothing, "lookup": is_pending}
    desk.refund()  # the merchant's own, and nobody knows what becomes of it
    desk.tell()
    assert desk.book()["refunded"] == 0

    gateways.moods["lookup"] = lambda *given: Answer(State.REFUSED, "05", "No")
    desk.wait(200)
    gateways.moods.clear()
    desk.wait(7200)

    assert desk.payment.status is Status.REFUNDED
    assert desk.book()["refunded"] == 50_00
    assert desk.payment.due_at is None


def test_a_link_cancelled_while_its_payment_was_being_started_is_not_paid(desk: Desk) -> None:
    desk.world.payments.meanwhile(desk.cancel)

    with pytest.raises(IllegalTransition) as refused:
        desk.follow()

    assert code_of(refused) == "link_cancelled"
    (payment,) = desk.world.payments.all()
    assert payment.ending is not None


def test_a_payment_being_completed_is_not_cancelled_under_the_customer(desk: Desk) -> None:
    desk.follow()
    desk.pay_by_card()
    choose_tender(desk.id, TenderChoice(Tender.CARD_ONLY), world=desk.world)

    with pytest.raises(InProgress):
        desk.cancel()
    desk.machines.pump()
    assert desk.status is LinkStatus.PAID


def test_one_broken_link_keeps_no_other_from_its_look(desk: Desk) -> None:
    broken = desk.links.get(desk.link_id)
    desk.follow()
    desk.ask()
    desk.world.now.advance(days=30)
    get = desk.links.get
    seen: list[LinkId] = []

    def fails_once(link_id: LinkId) -> Any:
        seen.append(link_id)
        if link_id == broken.id and seen.count(link_id) == 1:
            raise KeyError(link_id)
        return get(link_id)

    desk.links.get = fails_once  # type: ignore[method-assign]

    assert desk.housekeeping() == [(broken.id, "KeyError")]
    assert desk.status is LinkStatus.EXPIRED
    desk.world.now.advance(minutes=1)
    assert desk.housekeeping() == []
    assert get(broken.id).status is LinkStatus.EXPIRED
