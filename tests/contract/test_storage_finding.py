"""How a merchant finds its payments: by what they are, by what they are called, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import boto3
import pytest
from moto import mock_aws

from shared.adapters.dynamodb import payments_found
from shared.domain.card import Card
from shared.domain.ids import DisputeId, LinkId, MerchantId, OrderId, PaymentId, RefundId
from shared.domain.method import Payer
from shared.domain.money import Money
from shared.domain.operation import Kind
from shared.domain.payment import Environment, Payment, Status
from shared.domain.sought import Sought
from shared.ports.payments import Change
from tests.storage import Storage, create_tables, in_dynamodb
from tools.testing.builders import MERCHANT, TEST, a_payment, an_operation, euro
from tools.testing.fakes import NOON


def stored(storage: Storage, **settings: Any) -> PaymentId:
    payment = a_payment(**settings)
    assert storage.payments.create(Change(payment)) is None
    return payment.id


def found(storage: Storage, limit: int = 20, **sought: Any) -> list[PaymentId]:
    """All pages of it, the newest first."""
    listed: list[Payment] = []
    cursor: str | None = None
    while True:
        page, cursor = storage.payments.of_merchant(
            MERCHANT, TEST, limit=limit, cursor=cursor, sought=Sought(**sought)
        )
        assert len(page) <= limit
        listed += page
        if cursor is None:
            return [payment.id for payment in listed]


def a_minute(n: int) -> Any:
    return NOON + timedelta(minutes=n)


def test_payments_are_found_by_their_status(storage: Storage) -> None:
    paid = stored(storage, status=Status.SUCCESS, created_at=a_minute(1))
    failed = stored(storage, status=Status.FAILED, created_at=a_minute(2))
    stored(storage)

    assert found(storage, statuses=frozenset({Status.SUCCESS})) == [paid]
    assert found(storage, statuses=frozenset({Status.SUCCESS, Status.FAILED})) == [failed, paid]


def test_the_time_includes_its_beginning_and_not_its_end(storage: Storage) -> None:
    made = [stored(storage, created_at=a_minute(n)) for n in range(4)]

    assert found(storage, since=a_minute(1), until=a_minute(3)) == [made[2], made[1]]
    assert found(storage, since=a_minute(3)) == [made[3]]
    assert found(storage, until=a_minute(1)) == [made[0]]
    assert found(storage, since=a_minute(3), until=a_minute(1)) == []


def test_amounts_are_compared_as_they_are_said_whatever_the_currency(storage: Storage) -> None:
    small = stored(storage, amount=euro(9_99), created_at=a_minute(1))
    middle = stored(storage, amount=euro(100_00), created_at=a_minute(2))
    in_yen = stored(storage, amount=Money(100, "JPY"), created_at=a_minute(3))
    large = stored(storage, amount=euro(100_01), created_at=a_minute(4))

    assert found(storage, most=Decimal("9.99")) == [small]
    assert found(storage, least=Decimal(100), most=Decimal(100)) == [in_yen, middle]
    assert found(storage, least=Decimal("100.01")) == [large]


def test_payments_are_found_by_family_and_gateway(storage: Storage) -> None:
    theirs = stored(storage, family="paygol", created_at=a_minute(1))
    elsewhere = stored(storage, gateway="igfs", created_at=a_minute(2))

    assert found(storage, family="paygol") == [theirs]
    assert found(storage, gateway="igfs") == [elsewhere]
    assert found(storage, gateway="igfs", family="paygol") == []


NAMED: dict[str, dict[str, Any]] = {
    "Lunch at NOON": {"description": "Lunch at noon, order 4711"},
    "4711": {"description": "Lunch at noon, order 4711"},
    "Ada@Example.com": {"email": "ada@example.com"},
    "cust_ada": {"customer_id": "cust_ada"},
    "shop-77": {"reference": "shop-77"},
    "order_abc": {"order_id": OrderId("order_abc")},
    "LINK_0123": {"link_id": LinkId("LINK_0123")},
    "4242": {"card": Card("VISA", "4242", "12/30")},
    "ref_abc": {"refunds": (RefundId("ref_abc"),)},
    "dp_abc": {"disputes": (DisputeId("dp_abc"),)},
    "lovelace": {"payer": Payer("ITA", "Ada", "Lovelace")},
}


@pytest.mark.parametrize("text", NAMED)
def test_a_payment_is_found_by_whatever_it_is_called(storage: Storage, text: str) -> None:
    called = stored(storage, created_at=a_minute(1), **NAMED[text])
    stored(storage)

    assert found(storage, text=text) == [called]


def test_a_payment_is_found_by_its_own_number_and_its_gateways(storage: Storage) -> None:
    payment = a_payment()
    payment = payment.with_operation(replace(an_operation(payment, Kind.PREAUTH), reference="AUTH-99"))
    assert storage.payments.create(Change(payment)) is None
    stored(storage)

    assert found(storage, text=payment.id.lower()) == [payment.id]
    assert found(storage, text="auth-99") == [payment.id]


def test_what_a_payment_became_is_what_it_is_found_by(storage: Storage) -> None:
    paid = stored(storage, status=Status.PENDING)
    payment = storage.payments.get(paid)
    change = Change(replace(payment, status=Status.PROCESSING, card=Card("VISA", "0005", "12/30")))
    assert storage.payments.save(change) is None

    assert found(storage, statuses=frozenset({Status.PENDING})) == []
    assert found(storage, statuses=frozenset({Status.PROCESSING}), text="0005") == [paid]


def test_nobody_finds_what_is_another_merchants_or_environments(storage: Storage) -> None:
    stored(storage, description="secret order", merchant_id=MerchantId("m_other"))
    stored(storage, description="secret order", environment=Environment.LIVE)

    assert found(storage, text="secret order") == []


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_of_any_size_hold_each_payment_once(storage: Storage, limit: int) -> None:
    made = [
        stored(storage, created_at=a_minute(n), status=Status.SUCCESS if n % 3 else Status.FAILED) for n in range(20)
    ]

    wanted = [payment for n, payment in enumerate(made) if n % 3][::-1]
    assert found(storage, limit, statuses=frozenset({Status.SUCCESS})) == wanted
    assert found(storage, limit) == made[::-1]


# ---- what only the table has ----


@pytest.fixture
def table() -> Iterator[tuple[Any, Storage]]:
    with mock_aws():
        client = boto3.client("dynamodb")
        create_tables(client)
        yield client, in_dynamodb(client)


def test_a_payment_of_before_the_index_is_found_until_it_is_written_again(table: tuple[Any, Storage]) -> None:
    client, storage = table
    new = stored(storage, created_at=a_minute(1), status=Status.SUCCESS)
    old = stored(storage, created_at=a_minute(2), status=Status.SUCCESS, description="Of before")
    made_old(client, old)

    assert found(storage, 1) == [old, new]
    assert found(storage, statuses=frozenset({Status.SUCCESS}), text="of before") == [old]

    payment = storage.payments.get(old)
    assert storage.payments.save(Change(replace(payment, description="Of now"))) is None
    assert found(storage, text="of now") == [old]
    assert found(storage) == [old, new]


def made_old(client: Any, payment_id: PaymentId) -> None:
    """The item as it was written before the index was there."""
    key = {"pk": {"S": payment_id}, "sk": {"S": "ROOT"}}
    item = client.get_item(TableName="PaymentsTable", Key=key)["Item"]
    for name in ("listedFor", "amount", "family", "gateway", "searched"):
        del item[name]
    client.put_item(TableName="PaymentsTable", Item=item | {"merchantEnv": {"S": f"{MERCHANT}#{TEST}"}})


def test_a_call_looks_so_far_and_the_next_goes_on_there(
    table: tuple[Any, Storage], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, storage = table
    monkeypatch.setattr(payments_found, "_FIRST_LOOK", 2)
    monkeypatch.setattr(payments_found, "MOST_PAGES", 1)
    wanted = stored(storage, created_at=NOON, status=Status.SUCCESS)
    for n in range(1, 60):
        stored(storage, created_at=a_minute(n))

    sought = Sought(statuses=frozenset({Status.SUCCESS}))
    page, cursor = storage.payments.of_merchant(MERCHANT, TEST, limit=5, cursor=None, sought=sought)

    assert page == []
    assert cursor is not None
    assert found(storage, statuses=sought.statuses) == [wanted]
