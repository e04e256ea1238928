"""Everything that settles a payment, raced against everything else in pairs, on a database that is really atomic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations_with_replacement
from threading import Barrier
from typing import Any

import pytest
import requests

from tests.client import DECLINED, FINAL, PATIENCE, VISA, Client, voucher

Act = Callable[[Client, dict[str, Any], str], requests.Response]


def merchant(action: str, body: dict[str, object]) -> Act:
    return lambda client, payment, otp: client.call("POST", f"/api/payment/{action}/{payment['id']}", body)


ACTS: dict[str, Act] = {
    "vouchers": lambda client, payment, otp: client.choose(payment, otp),
    "card only": lambda client, payment, otp: client.choose(payment),
    "capture": merchant("capture", {}),
    "smaller capture": merchant("capture", {"amount": 90.00}),
    "void": merchant("void", {}),
    "refund": merchant("refund", {"amount": 20.00}),
}
PAIRS = [pair for pair in combinations_with_replacement(ACTS, 2) if pair != ("refund", "refund")]


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda name: name)
def test_two_at_once_end_in_one_legal_state_with_one_effect_at_the_gateway(
    client: Client, one: str, other: str
) -> None:
    payment, otp = client.init(150.00), voucher(5000)
    client.card(payment)
    together = Barrier(2)

    def act(name: str) -> int:
        together.wait(PATIENCE)
        return ACTS[name](client, payment, otp).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(act, (one, other)))
    client.settled(payment, FINAL)

    won = [name for name, status in zip((one, other), statuses, strict=True) if status in (200, 202)]
    settled_by = [name for name in won if name != "refund"]
    assert len(settled_by) == 1, statuses
    assert set(statuses) <= {200, 202, 409}
    book = client.book(payment)
    assert sum(call["operation"] in ("CAPTURE", "VOID") for call in book["calls"]) == 1
    expected = {"void": 0.0, "smaller capture": 90.0, "vouchers": 100.0}.get(settled_by[0], 150.0)
    assert book["captured"] == expected
    if settled_by == ["vouchers"]:
        assert client.voucher_book(otp)["spent"] == 50.0
    assert book["refunded"] == (20.0 if "refund" in won else 0)


def test_of_many_declined_cards_at_once_ten_are_judged(client: Client) -> None:
    payment, together = client.init(150.00), Barrier(60)

    def try_card(n: int) -> int:
        together.wait(PATIENCE)
        return client.submit(payment, DECLINED).status_code

    with ThreadPoolExecutor(60) as pool:
        statuses = Counter(pool.map(try_card, range(60)))

    assert statuses == {200: 10, 429: 50}
    assert client.submit(payment, VISA).status_code == 429
    assert sum(call["operation"] == "PREAUTH" for call in client.book(payment)["calls"]) == 10


def test_two_refunds_and_a_third_share_what_is_left(client: Client) -> None:
    payment = client.paid(amount=100.00)
    together = Barrier(3)

    def refund(amount: float) -> int:
        together.wait(PATIENCE)
        return client.call("POST", f"/api/payment/refund/{payment['id']}", {"amount": amount}).status_code

    with ThreadPoolExecutor(3) as pool:
        statuses = list(pool.map(refund, (60.00, 50.00, 45.00)))

    book = client.book(payment)
    assert 0 < book["refunded"] <= 100.00
    given = sum(amount for amount, status in zip((60.0, 50.0, 45.0), statuses, strict=True) if status == 200)
    assert book["refunded"] == given == client.get(f"/api/payment/refunds/{payment['id']}")["totalRefunded"]
