"""Keys: listed without showing a secret one, replaced at once or with a time in which the old one still works."""

from __future__ import annotations

from typing import Any

import pytest

from functions.glomopay.api_keys_list import handler as listed
from functions.glomopay.api_keys_rotate import handler as rotate
from functions.glomopay.customer_list import handler as use
from functions.glomopay.order_public import handler as public
from shared.domain.ids import MerchantId
from tests.unit.edge.conftest import LIVE, PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import ask
from tests.unit.glomopay.shop import OTP_CARD, begun, is_genuine, order


def works(key: str) -> bool:
    return ask(use, key=key).status == 200


def keys(key: str = SECRET) -> list[dict[str, Any]]:
    answer = ask(listed, key=key)
    assert answer.status == 200, answer.text
    return list(answer.json["data"])


def test_a_key_is_replaced_at_once(edge: Edge) -> None:
    made = ask(rotate, {}, key=SECRET)

    assert made.status == 201
    assert {name: made.json[name] for name in ("type", "environment", "previous_key_expires_at")} == {
        "type": "secret",
        "environment": "test",
        "previous_key_expires_at": "2026-03-02T12:00:00.000Z",
    }
    assert (works(SECRET), works(made.json["key"])) == (False, True)
    assert works(LIVE)


def test_both_keys_work_until_the_overlap_is_over(edge: Edge) -> None:
    made = ask(rotate, {"expire_after_in_seconds": 3600, "type": "secret"}, key=SECRET).json

    assert made["previous_key_expires_at"] == "2026-03-02T13:00:00.000Z"
    assert works(SECRET)
    assert works(made["key"])
    assert [(key["key"], key["expires_at"]) for key in keys() if key["type"] == "secret"] == [
        (f"sk_test_...{made['key'][-4:]}", None),
        ("sk_test_...", "2026-03-02T13:00:00.000Z"),
    ]
    again = ask(rotate, {"expire_after_in_seconds": 60}, key=SECRET)
    assert again.status == 400
    edge.world.now.advance(hours=1)
    assert (works(SECRET), works(made["key"])) == (False, True)


def test_a_new_publishable_key_is_shown_in_full_whenever_it_is_listed(edge: Edge, customer: dict[str, Any]) -> None:
    name = order(customer)
    made = ask(rotate, {"type": "publishable"}, key=SECRET).json

    assert made["key"].startswith("pk_test_")
    assert ask(public, key=PUBLISHABLE, path={"id": name}).status == 401
    assert ask(public, key=made["key"], path={"id": name}).status == 200
    assert [key["key"] for key in keys() if key["type"] == "publishable"] == [made["key"]]
    kept = edge.world.merchants.record(MerchantId("m_shop")).keys
    assert made["key"] not in str([key.sealed for key in kept])


def test_a_publishable_key_from_before_keys_were_kept_sealed_is_listed_masked() -> None:
    assert [key["key"] for key in keys() if key["type"] == "publishable"] == ["pk_test_..."]
    assert PUBLISHABLE not in str(keys())


def test_each_environment_lists_its_own_keys_and_no_secret_one(edge: Edge) -> None:
    assert {key["environment"] for key in keys()} == {"test"}
    assert [key["environment"] for key in keys(LIVE)] == ["live"]
    assert SECRET not in str(keys())


def test_a_payment_under_way_is_signed_with_the_key_that_made_it(customer: dict[str, Any]) -> None:
    holder = begun(order(customer), OTP_CARD)
    new = ask(rotate, {}, key=SECRET).json["key"]

    back = holder.answer().json["redirect_url"]

    assert is_genuine(back, SECRET)
    assert not is_genuine(back, new)


@pytest.mark.parametrize(
    "body",
    [{"expire_after_in_seconds": value} for value in (-1, 604801, "60", 1.0, True)] + [{"type": "pk"}, {"type": 1}],
    ids=str,
)
def test_a_bad_field_is_a_400_and_replaces_nothing(edge: Edge, body: dict[str, Any]) -> None:
    assert ask(rotate, body, key=SECRET).status == 400
    assert works(SECRET)


@pytest.mark.parametrize("key", [None, PUBLISHABLE, "sk_test_NobodysSecretKey"])
def test_only_a_secret_key_lists_and_replaces(edge: Edge, key: str | None) -> None:
    assert ask(listed, key=key).status == ask(rotate, {}, key=key).status == 401
