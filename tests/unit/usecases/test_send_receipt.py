"""The customer's receipt: once per payment, in five languages, with the amounts that were really paid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shared.domain.event import Event
from shared.domain.payment import Tender
from shared.usecases import send_receipt as module
from shared.usecases.send_receipt import receipt, send_receipt
from tests.unit.usecases.till import Till

CATALOGS = json.loads((Path(module.__file__).parent / "receipts.json").read_text())


def paid(**order: Any) -> Till:
    till = Till()
    till.open(email="ada@example.com", **order)
    till.pay_by_card()
    till.spend("V5000-A1")
    return till


def successes(till: Till) -> list[Event]:
    return [event for event in till.world.events.told if event.type.value == "payment_intent.succeeded"]


def test_a_receipt_names_what_card_and_voucher_paid_and_what_was_released() -> None:
    message = receipt(paid(description="Order 12345").payment, "ada@example.com")

    assert "Total: EUR 150.00" in message.text
    assert "Paid by card: EUR 100.00" in message.text
    assert "Paid with meal vouchers: EUR 50.00" in message.text
    assert "Released on your card: EUR 50.00" in message.text
    assert "For: Order 12345" in message.text
    assert "No money moved" in message.text


@pytest.mark.parametrize("language", ["it", "it-IT", "de_DE", "fr", "es"])
def test_a_receipt_speaks_the_customers_language(language: str) -> None:
    message = receipt(paid(language=language).payment, "ada@example.com")

    texts = CATALOGS[language[:2]]
    assert texts["total"] in message.text
    assert "EUR 150,00" in message.text
    assert f'lang="{language[:2]}"' in message.html


def test_an_unknown_language_gets_english() -> None:
    assert "Total: EUR 150.00" in receipt(paid(language="xx").payment, "ada@example.com").text


def test_what_a_shop_wrote_cannot_break_the_page() -> None:
    message = receipt(paid(description="<script>alert(1)</script>").payment, "ada@example.com")

    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html


def test_only_a_success_with_an_address_is_receipted() -> None:
    till, nameless = paid(), Till()
    nameless.open()
    nameless.pay_by_card()
    nameless.choose(Tender.CARD_ONLY)

    told = {
        event.type.value: send_receipt(event, payments=till.world.payments, messenger=till.world.messenger)
        for event in till.world.events.told
    }

    assert [name for name, sent in told.items() if sent] == ["payment_intent.succeeded"]
    (event,) = successes(nameless)
    assert not send_receipt(event, payments=nameless.world.payments, messenger=nameless.world.messenger)


def test_every_language_has_the_same_texts() -> None:
    assert {frozenset(texts) for texts in CATALOGS.values()} == {frozenset(CATALOGS["en"])}
