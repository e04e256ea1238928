"""Why a card was declined: ten words of ours, and never the acquirer's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from shared.domain.decline import Decline
from shared.domain.operation import Kind
from shared.ports.connectors import PageOutcome, PageState
from shared.usecases.payment.record_card_outcome import take_outcome
from tests.unit.usecases.till import Till

CATALOGS: Final = sorted((Path(__file__).parents[3] / "pages" / "src" / "lang" / "checkout").glob("*.json"))
CARDS: Final = {
    "4000000000000002": "card_declined",
    "4000000000009995": "insufficient_funds",
    "4000000000000069": "card_expired",
    "4000000000000010": "invalid_card",
    "4000000000000028": "limit_exceeded",
    "4000000000000036": "card_not_supported",
    "4000000000000051": "authentication_required",
    "4000000000000044": "try_again_later",
    "4000000000000085": "session_expired",
}


@pytest.mark.parametrize(("number", "word"), CARDS.items())
def test_a_declined_card_says_why_and_its_code_stays_with_the_operation(number: str, word: str) -> None:
    payment = Till().held(number)

    assert payment.failure is not None
    assert (payment.failure.code, payment.failure.message) == (word, Decline(word).text)
    operation = payment.last(Kind.PREAUTH)
    assert operation is not None
    assert operation.code.isdigit()


def test_what_the_acquirer_says_reaches_no_customer() -> None:
    till = Till()
    said = PageOutcome(PageState.DECLINED, 1, "107", "SUSPECTED FRAUD - PICK UP CARD")

    payment = take_outcome(till.open(), said, world=till.world)

    assert payment.failure is not None
    assert (payment.failure.code, payment.failure.message) == ("card_declined", "The card was declined")
    expired = replace(said, number=2, reason=Decline.CARD_EXPIRED)
    payment = take_outcome(payment, expired, world=till.world)
    assert payment.failure is not None
    assert payment.failure.code == "card_expired"


def test_an_approval_after_a_decline_has_no_reason() -> None:
    till = Till()
    till.held("4000000000009995")
    outcome = till.enter_card()

    assert outcome is not None
    assert (outcome.state, outcome.reason) == (PageState.APPROVED, None)


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda path: path.stem)
def test_every_reason_has_a_text_of_its_own_in_every_language(catalog: Path) -> None:
    texts = json.loads(catalog.read_text())
    said = [texts[f"declined_{reason.value}"] for reason in Decline]

    assert len(set(said)) == len(Decline) == 10
    assert len(CATALOGS) == 6
    assert {key for key in texts if key.startswith("declined_")} == {f"declined_{reason.value}" for reason in Decline}
