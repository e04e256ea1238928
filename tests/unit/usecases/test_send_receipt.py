"""What customers are told: a receipt, a refund, a release; once each, in six languages, with the real amounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.domain.account import Account
from shared.domain.brand import PLAIN, Brand
from shared.domain.event import EventType
from shared.domain.merchant import Merchant, MerchantRecord
from shared.domain.method import MethodKind
from shared.domain.operation import Answer, State
from shared.domain.payment import Environment, Mode, Payment, Status, Tender
from shared.ports.messages import Message
from shared.usecases.payment.receipts import receipt
from shared.usecases.payment.send_receipt import send_receipt
from shared.usecases.payment.tell_return import tell_return
from shared.usecases.wording import catalogs, moment_in
from tests.unit.methods.counter import Counter
from tests.unit.usecases.moody import MoodyGateways
from tests.unit.usecases.till import CAPTURE_FAILS, DECLINED, Till
from tools.testing.builders import a_merchant, euro
from tools.testing.fakes import FakeMerchants

CATALOGS, DATES, LINKS = catalogs("receipts"), catalogs("dates"), catalogs("link_messages")
SHOP = a_merchant(contact="help@shop.example")
SUMMER = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


def paid(**order: Any) -> Till:
    till = Till()
    till.open(email="ada@example.com", **order)
    till.pay_by_card()
    till.spend("V5000-A1")
    return till


def held(number: str = "4242424242424242", **order: Any) -> Till:
    till = Till()
    till.open(email="ada@example.com", **order)
    till.pay_by_card(number)
    return till


def given_up_after_a_hold() -> Till:
    till = held()
    till.choose(Tender.VOID)
    return till


def told(till: Till, merchant: Merchant = SHOP, account: Account | None = None) -> list[Message]:
    """What the customer has got, after each event came twice."""
    merchants = FakeMerchants()
    record = MerchantRecord(merchant)
    merchants.create(record.with_account(Environment.TEST, account or Account()))
    for event in [event for event in till.world.events.told for _ in range(2)]:
        tell = tell_return if event.type is EventType.RETURNED else send_receipt
        tell(event, payments=till.world.payments, merchants=merchants, messenger=till.world.messenger)
    return [sent.message for sent in till.world.messenger.sent]


def a_receipt(payment: Payment, **merchant: Any) -> Message:
    assert payment.completed_at is not None
    return receipt(payment, a_merchant(**merchant), payment.completed_at)


def test_a_receipt_names_what_card_and_voucher_paid_and_what_was_released() -> None:
    (message,) = told(paid(description="Order 12345"))

    assert (message.kind, message.to) == ("receipt", "ada@example.com")
    assert "Total: EUR 150.00" in message.text
    assert "Paid by card: EUR 100.00" in message.text
    assert "Paid with meal vouchers: EUR 50.00" in message.text
    assert "Released on your card: EUR 50.00" in message.text
    assert "For: Order 12345" in message.text
    assert "No money moved" in message.text


def test_a_receipt_of_a_payment_by_a_method_names_the_method_and_no_card() -> None:
    counter = Counter()
    counter.begun(MethodKind.CASH)
    counter.pay()

    (message,) = told(counter)

    assert "Total: EUR 150.00" in message.text
    assert "Paid with: cash" in message.text
    assert "card" not in message.text


def test_a_receipt_names_the_card_and_whom_to_ask() -> None:
    (message,) = told(paid())

    assert "Card: VISA ****4242" in message.text
    assert "Contact: help@shop.example" in message.text
    assert "Contact" not in a_receipt(paid().payment).text  # a merchant that named none


@pytest.mark.parametrize(
    ("zone", "language", "text"),
    [
        ("Europe/Rome", "en", "2 July 2026, 00:30 (Europe/Rome, UTC+2)"),
        ("Europe/Rome", "it", "2 luglio 2026, 00:30 (Europe/Rome, UTC+2)"),
        ("Europe/Berlin", "de", "2. Juli 2026, 00:30 Uhr (Europe/Berlin, UTC+2)"),
        ("Europe/Paris", "fr", "2 juillet 2026 à 00:30 (Europe/Paris, UTC+2)"),
        ("America/New_York", "es", "1 de julio de 2026, 18:30 (America/New York, UTC-4)"),
        ("America/Sao_Paulo", "pt", "1 de julho de 2026, 19:30 (America/Sao Paulo, UTC-3)"),
        ("Asia/Kolkata", "en", "2 July 2026, 04:00 (Asia/Kolkata, UTC+5:30)"),
        ("America/St_Johns", "en", "1 July 2026, 20:00 (America/St Johns, UTC-2:30)"),
        ("Europe/London", "en", "1 July 2026, 23:30 (Europe/London, UTC+1)"),
        ("UTC", "en", "1 July 2026, 22:30 (UTC)"),
    ],
)
def test_moments_are_by_the_shops_clocks_and_say_whose(zone: str, language: str, text: str) -> None:
    assert moment_in(SUMMER, zone, language) == text


def test_winter_is_an_hour_from_summer() -> None:
    assert "23:30 (Europe/Rome, UTC+1)" in moment_in(SUMMER.replace(month=1), "Europe/Rome", "en")
    assert moment_in(SUMMER.replace(month=1), "Europe/London", "en").endswith("22:30 (Europe/London, UTC)")


def test_a_receipt_is_dated_by_the_shops_clocks() -> None:
    assert "Date: 2 March 2026, 13:00 (Europe/Rome, UTC+1)" in a_receipt(paid().payment).text
    assert "Date: 2 March 2026, 12:00 (UTC)" in a_receipt(paid().payment, time_zone="UTC").text


@pytest.mark.parametrize("language", ["it", "it-IT", "de_DE", "fr", "es", "pt-BR"])
def test_a_receipt_speaks_the_customers_language(language: str) -> None:
    (message,) = told(paid(language=language))

    texts = CATALOGS[language[:2]]
    assert texts["total"] in message.text
    assert "EUR 150,00" in message.text
    assert f'lang="{language[:2]}"' in message.html


def test_an_unknown_language_gets_english() -> None:
    assert "Total: EUR 150.00" in a_receipt(paid(language="xx").payment).text


def test_what_a_shop_wrote_cannot_break_the_page() -> None:
    (message,) = told(paid(description="<script>alert(1)</script>"))

    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html


def test_every_refund_is_told_with_its_own_amount() -> None:
    till = paid(language="it")
    till.refund(euro(30_00))
    till.refund(euro(20_00))

    _, first, second = told(till)
    assert (first.kind, first.subject) == ("refund", "Il tuo rimborso da Shop")
    assert "Rimborsato: EUR 30,00" in first.text
    assert "Rimborsato in tutto" not in first.text
    assert "Rimborsato: EUR 20,00" in second.text
    assert "Rimborsato in tutto: EUR 50,00" in second.text
    assert "Carta: VISA ****4242" in second.text


@pytest.mark.parametrize("ending", ["voided", "expired", "capture fails"])
def test_a_hold_that_came_to_nothing_is_told_to_be_released(ending: str) -> None:
    till = held(CAPTURE_FAILS) if ending == "capture fails" else held()
    if ending == "voided":
        till.choose(Tender.VOID)
    elif ending == "expired":
        till.wait(3600)
    else:
        till.choose(Tender.CARD_ONLY)

    assert till.payment.status in (Status.VOIDED, Status.FAILED, Status.CARD_CAPTURE_FAILED)
    (message,) = told(till)
    assert message.kind == "release"
    assert "Released on your card: EUR 150.00" in message.text
    assert "Nothing stays charged to your card" in message.text
    assert "Paid" not in message.text


def test_who_paid_nothing_hears_nothing() -> None:
    declined, unpaid = held(DECLINED), Till()
    unpaid.open(email="ada@example.com")
    unpaid.wait(3600)

    assert EventType.FAILED in {event.type for event in declined.world.events.told}
    assert EventType.FAILED in {event.type for event in unpaid.world.events.told}
    assert told(declined) == told(unpaid) == []


def test_a_refused_voucher_is_no_release_while_the_payment_goes_on() -> None:
    till = held()
    till.spend("EXPIRED-A1")

    assert EventType.FAILED in {event.type for event in till.world.events.told}
    assert told(till) == []


def test_without_an_address_nobody_is_told() -> None:
    nameless = Till()
    nameless.open()
    nameless.pay_by_card()
    nameless.choose(Tender.CARD_ONLY)
    nameless.refund()

    assert told(nameless) == []


def too_late(mode: Mode = Mode.SALE_DIRECT, answer: Answer | None = None) -> Till:
    """A card that is entered after the end, at a gateway whose page could not be closed."""
    till = Till()
    real = till.world.gateways
    gateways = MoodyGateways(real, clock=till.world.now)
    object.__setattr__(till.world, "gateways", gateways)
    gateways.moods["close_page"] = lambda payment: real.card(payment).page_outcome(payment)
    till.open(mode=mode, email="ada@example.com", description="Order 7")
    till.wait(1900)
    assert till.state == "FAILED"
    assert told(till, RUN_BY) == []
    if answer:
        gateways.moods |= {"void": lambda *given: answer, "refund": lambda *given: answer}
    till.enter_card()
    till.hear()
    return till


RUN_BY = a_merchant(contact="help@shop.example", email="owner@shop.example")


@pytest.mark.parametrize(
    ("mode", "row"),
    [(Mode.SALE_DIRECT, "Refunded: EUR 150.00"), (Mode.PREAUTH_VOUCHER_CAPTURE, "Released on your card: EUR 150.00")],
)
def test_who_paid_after_the_end_hears_that_it_goes_back_and_so_does_the_shop(mode: Mode, row: str) -> None:
    customer, shop = told(too_late(mode), RUN_BY)

    assert (customer.kind, customer.to, shop.to) == ("returned", "ada@example.com", "owner@shop.example")
    assert row in customer.text
    assert "It goes back to you." in customer.text
    assert "150.00 EUR came to TXN_" in shop.text
    assert "There is nothing to do." in shop.text


def test_money_that_cannot_go_back_is_told_to_the_shop_alone() -> None:
    (message,) = told(too_late(answer=Answer(State.REFUSED, "097", "No")), RUN_BY)

    assert (message.to, "LATE_PAYMENT_NOT_REFUNDED" in message.text) == ("owner@shop.example", True)


def test_who_was_told_of_a_release_at_the_end_hears_nothing_twice() -> None:
    till = Till()
    till.open(mode=Mode.SALE_DIRECT, email="ada@example.com")
    till.enter_card()
    till.world.now.advance(minutes=31)
    till.hear()

    assert [(each.kind, each.to) for each in told(till, RUN_BY)] == [
        ("release", "ada@example.com"),
        ("returned", "owner@shop.example"),
    ]


@pytest.mark.parametrize(
    ("kind", "came", "kinds"),
    [
        (MethodKind.ONLINE, 200_00, ["receipt", "returned", "returned"]),
        (MethodKind.CASH, 200_00, ["receipt", "returned"]),
    ],
)
def test_money_by_a_method_that_was_too_much_is_told(kind: MethodKind, came: int, kinds: list[str]) -> None:
    counter = Counter()
    counter.begun(kind)
    counter.pay(euro(came))

    messages = told(counter, RUN_BY)

    assert sorted(each.kind for each in messages) == kinds
    assert "50.00 EUR" in messages[-1].text
    assert ("attention: PAID_TOO_MUCH" in messages[-1].text) == (kind is MethodKind.CASH)


@pytest.mark.parametrize("catalog", [CATALOGS, DATES, LINKS])
def test_every_language_has_the_same_texts(catalog: dict[str, dict[str, str]]) -> None:
    assert set(catalog) == {"en", "it", "de", "fr", "es", "pt"}
    assert {frozenset(texts) for texts in catalog.values()} == {frozenset(catalog["en"])}
    assert all(text for texts in catalog.values() for text in texts.values())
    assert {len(texts["months"].split()) for texts in catalog.values() if "months" in texts} <= {12}


@pytest.mark.parametrize("came_to", [paid, given_up_after_a_hold])
def test_a_merchant_that_sends_its_own_mails_has_none_sent(came_to: Callable[[], Till]) -> None:
    assert told(came_to()) != []
    assert told(came_to(), account=Account(receipts=False)) == []


def test_a_receipt_wears_its_merchants_looks_and_nothing_in_them_is_code() -> None:
    brand = Brand("#0b5d4b", "0123.png")
    payment = replace(paid().payment, brand=brand, merchant_name='"><script>', pages_origin="https://p.example")

    said = a_receipt(payment).html

    assert said.count('<img src="https://p.example/paymentgw/brand/') == 1
    assert "4px solid #0b5d4b" in said
    assert "<script>" not in said
    assert "<img" not in a_receipt(replace(payment, brand=PLAIN)).html


def test_a_payment_without_an_address_is_not_read_again_to_find_none() -> None:
    till = Till()
    till.open()
    till.pay_by_card()
    till.spend("V5000-A1")
    unread: Any = None  # whoever read anything from it would fail

    for event in till.world.events.told:
        assert not send_receipt(event, payments=unread, merchants=unread, messenger=unread)
