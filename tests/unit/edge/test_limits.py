"""A publishable key is anybody's: how often it may be used, for what, and where it may point."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from functions.payment import init
from functions.sandbox import card_page_challenge, card_page_submit
from shared.domain.account import Limits
from shared.domain.merchant import AuditLine
from shared.domain.payment import Mode
from tests.unit.edge.conftest import PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import Answer, ask
from tools.testing.builders import MERCHANT, TEST
from tools.testing.fakes import NOON

VISA, DECLINED, CHALLENGED = "4242424242424242", "4000000000000002", "4000002500003155"


def allowing(edge: Edge, **settings: Any) -> None:
    """The merchant with these settings."""
    merchants = edge.world.merchants
    before = merchants.record(MERCHANT)
    after = before.with_account(TEST, replace(before.account(TEST), **settings))
    merchants.change(before, after, AuditLine(NOON, "test", "merchant-set", ()))


def create(key: str = PUBLISHABLE, **more: object) -> Answer:
    once = str(more.pop("once")) if "once" in more else None
    return ask(init.handler, {"amount": 10, **more}, key=key, idempotency_key=once)


def page_of(answer: Answer) -> dict[str, str]:
    assert answer.status == 200, answer.text
    return {"paymentID": answer.json["igfs"]["paymentId"]}


def card(page: dict[str, str], number: str) -> Answer:
    body = {"number": number, "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}
    return ask(card_page_submit.handler, body, path=page)


# ---- payments ----


def test_a_publishable_key_creates_so_many_payments_in_a_minute(edge: Edge) -> None:
    allowing(edge, limits=Limits(payments_a_minute=3))

    answers = [create() for _ in range(5)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[3].json["code"] == "rate_limited"
    assert answers[3].headers["Retry-After"] == "60"
    assert "Retry-After" in answers[3].headers["Access-Control-Expose-Headers"]
    edge.world.now.advance(60)
    assert create().status == 200


def test_a_secret_key_is_bound_by_no_limit(edge: Edge) -> None:
    allowing(edge, limits=Limits(payments_a_minute=1))

    assert {create(SECRET).status for _ in range(5)} == {200}


def test_a_request_that_is_refused_or_repeated_counts_for_nothing(edge: Edge) -> None:
    allowing(edge, limits=Limits(payments_a_minute=2))

    assert [create(amount=-1).status for _ in range(3)] == [400, 400, 400]
    assert [create(once="a").status for _ in range(3)] == [200, 200, 200]
    assert create(once="b").status == 200
    assert create(once="c").status == 429


def test_a_refused_idempotency_key_may_be_used_again_in_the_next_minute(edge: Edge) -> None:
    allowing(edge, limits=Limits(payments_a_minute=1))
    create()
    assert create(once="later").status == 429

    edge.world.now.advance(60)

    assert create(once="later").status == 200


def test_the_defaults_are_6000_payments_and_300_declined_cards(edge: Edge) -> None:
    assert edge.world.merchants.record(MERCHANT).account(TEST).limits == Limits(6000, 300)


# ---- declined cards ----


def test_declined_cards_are_counted_over_all_payments_of_a_key(edge: Edge) -> None:
    allowing(edge, limits=Limits(declines_a_minute=3))
    pages = [page_of(create()) for _ in range(5)]

    answers = [card(page, DECLINED) for page in pages]

    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert (answers[3].json["code"], answers[3].headers["Retry-After"]) == ("rate_limited", "60")
    assert card(pages[4], VISA).status == 429, "or the answers would tell good cards from bad ones"
    edge.world.now.advance(60)
    assert card(pages[4], VISA).json["outcome"] == "APPROVED"


def test_cards_that_are_approved_asked_a_challenge_or_misread_count_for_nothing(edge: Edge) -> None:
    allowing(edge, limits=Limits(declines_a_minute=1))

    for number in (VISA, CHALLENGED, "4111111111111111", VISA, CHALLENGED):
        assert card(page_of(create()), number).status in (200, 400)

    assert card(page_of(create()), DECLINED).status == 200
    assert card(page_of(create()), VISA).status == 429


def test_a_challenge_that_is_failed_is_a_declined_card(edge: Edge) -> None:
    allowing(edge, limits=Limits(declines_a_minute=1))
    pages = [page_of(create()) for _ in range(2)]
    for page in pages:
        assert card(page, CHALLENGED).json["outcome"] == "CHALLENGE"

    def codes(page: dict[str, str]) -> list[tuple[int, object]]:
        said = [ask(card_page_challenge.handler, {"otp": "000000"}, path=page) for _ in range(3)]
        return [(answer.status, answer.json.get("attemptsLeft")) for answer in said]

    assert codes(pages[0]) == [(200, 2), (200, 1), (200, None)]
    assert codes(pages[1]) == [(429, None)] * 3


def test_cards_of_payments_that_the_merchants_server_created_are_not_counted(edge: Edge) -> None:
    allowing(edge, limits=Limits(declines_a_minute=1))

    assert {card(page_of(create(SECRET)), DECLINED).status for _ in range(3)} == {200}


def test_however_many_are_tried_at_once_no_more_are_declined(edge: Edge) -> None:
    allowing(edge, limits=Limits(declines_a_minute=5))
    pages = [page_of(create()) for _ in range(40)]

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda page: card(page, DECLINED).status, pages))

    assert sorted(statuses) == [200] * 5 + [429] * 35


# ---- hosts ----

FIELDS = ("notifyUrl", "callbackUrl", "errorUrl", "returnUrl")
ELSEWHERE = (
    "https://evil.example/",
    "https://shop.example.evil.example/",
    "https://evil.example/shop.example",
    "https://evilshop.example/",
    "https://{transactionId}.example/",
    "https://sub.shop.example/",
    "https://ｓhop.example/",
)


def named(edge: Edge) -> None:
    allowing(edge, notify_hosts=("shop.example",), callback_hosts=("shop.example",))


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("url", ELSEWHERE)
def test_once_hosts_are_named_a_publishable_key_points_to_no_other(edge: Edge, field: str, url: str) -> None:
    named(edge)

    answer = create(**{field: url})

    assert (answer.status, answer.json["code"]) == (400, "host_not_allowed")
    assert field in answer.json["message"]
    assert edge.world.payments.all() == []


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "url", ["https://shop.example/{transactionId}", "https://SHOP.example./a?b", "https://shop.example:8443/"]
)
def test_a_named_host_will_do(edge: Edge, field: str, url: str) -> None:
    named(edge)

    assert create(**{field: url}).status == 200


@pytest.mark.parametrize("field", FIELDS)
def test_the_merchants_server_and_a_merchant_that_names_none_point_anywhere(edge: Edge, field: str) -> None:
    assert create(**{field: "https://evil.example/"}).status == 200
    named(edge)
    assert create(SECRET, **{field: "https://evil.example/"}).status == 200


# ---- modes ----


def test_a_mode_that_the_merchant_may_not_use_is_refused(edge: Edge) -> None:
    allowing(edge, allowed_modes=(Mode.SALE_DIRECT,), default_mode=Mode.SALE_DIRECT)

    for key in (PUBLISHABLE, SECRET):
        assert create(key, paymentMode="SALE_WITH_TOKENIZATION").status == 400
        assert create(key).json["paymentMode"] == "SALE_DIRECT"
