"""Whatever is done to a wallet: one default or none, each number once, nothing forgotten comes back by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import Conflict, NotFound
from shared.domain.ids import PaymentId
from shared.domain.saved_card import MOST_CARDS, SavedCard, Wallet
from tools.testing.builders import MERCHANT, TEST
from tools.testing.fakes import NOON

numbers = st.integers(1, 8)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("save"), numbers, st.integers(26, 28)),
        st.tuples(st.just("prefer"), numbers, st.just(0)),
        st.tuples(st.just("delete"), numbers, st.just(0)),
    ),
    max_size=30,
)


def a_card(number: int, year: int, **settings: Any) -> SavedCard:
    made: dict[str, Any] = {
        "number": number,
        "merchant_id": MERCHANT,
        "environment": TEST,
        "customer_id": "cust_ada",
        "gateway": "sandbox",
        "brand": "VISA",
        "last4": f"{number:04}",
        "expiry": f"02/{year}",
        "sealed": "",
        "token_mark": f"{number}-{year}",
        "saved_from": PaymentId("TXN_1"),
        "consent_at": NOON,
        **settings,
    }
    return SavedCard(**made)


def after(wallet: Wallet, deed: tuple[str, int, int]) -> Wallet:
    what, number, year = deed
    try:
        if what == "save":
            return wallet.with_card(a_card(number, year))
        return wallet.with_default(number) if what == "prefer" else wallet.without(wallet.card(number), NOON)
    except NotFound:
        return wallet


@given(deeds)
def test_a_wallet_has_one_default_of_its_own_cards_or_none(done: list[tuple[str, int, int]]) -> None:
    wallet = Wallet(MERCHANT, TEST, "cust_ada")
    for deed in done:
        before, wallet = wallet, after(wallet, deed)
        saved = [card.number for card in wallet.cards]
        assert len(saved) == len(set(saved)) <= MOST_CARDS
        assert wallet.default is None or wallet.default in saved
        assert sum(wallet.is_default(card) for card in wallet.cards) <= 1
        if deed[0] == "delete" and before.default == deed[1] and wallet.default is not None:
            assert not wallet.card(wallet.default).is_expired(NOON)
        gone = {card.token_mark for card in before.cards} - {card.token_mark for card in wallet.cards}
        assert gone <= set(wallet.forgotten)


@given(st.integers(1, 12), st.integers(20, 40), st.integers(0, 22 * 365 * 24))
def test_a_card_is_good_to_the_last_moment_of_its_month(month: int, year: int, hours: int) -> None:
    now = datetime(2019, 12, 31, tzinfo=UTC) + timedelta(hours=hours)
    card = a_card(1, year, expiry=f"{month:02}/{year}")
    first_bad = datetime(2000 + year + month // 12, month % 12 + 1, 1, tzinfo=UTC)

    assert card.is_expired(now) == (now >= first_bad)


@given(st.integers(MOST_CARDS, MOST_CARDS + 3))
def test_a_full_wallet_takes_no_more_and_loses_none(tried: int) -> None:
    wallet = Wallet(MERCHANT, TEST, "cust_ada")
    refused = 0
    for number in range(1, tried + 1):
        try:
            wallet = wallet.with_card(a_card(number, 30))
        except Conflict:
            refused += 1
    assert (len(wallet.cards), refused) == (MOST_CARDS, tried - MOST_CARDS)
