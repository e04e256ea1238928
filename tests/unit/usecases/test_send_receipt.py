"""What customers are told: a receipt, a refund, a release; once each, in six languages, with the real amounts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.domain.event import EventType
from shared.domain.merchant import Merchant, MerchantRecord
from shared.domain.method import MethodKind
from shared.domain.payment import Payment, Status, Tender
from shared.ports.messages import Message
from shared.usecases.payment.receipts import receipt
from shared.usecases.payment.send_receipt import send_receipt
from shared.usecases.wording import catalogs, moment_in
from tests.unit.methods.counter import Counter
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


def told(till: Till, merchant: Merchant = SHOP) -> list[Message]:
    """What the customer has got, after each event came twice."""
    merchants = FakeMerchants()
    merchants.create(MerchantRecord(merchant))
    for event in [event for event in till.world.events.told for _ in range(2)]:
        send_receipt(event, payments=till.world.payments, merchants=merchants, messenger=till.world.messenger)
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


@pytest.mark.parametrize("catalog", [CATALOGS, DATES, LINKS])
def test_every_language_has_the_same_texts(catalog: dict[str, dict[str, str]]) -> None:
    assert set(catalog) == {"en", "it", "de", "fr", "es", "pt"}
    assert {frozenset(texts) for texts in catalog.values()} == {frozenset(catalog["en"])}
    assert all(text for texts in catalog.values() for text in texts.values())
    assert {len(texts["months"].split()) for texts in catalog.values() if "months" in texts} <= {12}
