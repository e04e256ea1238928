"""Lists by page number at ten thousand orders: what a page costs, and what counting them reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import boto3
import pytest

from shared.adapters.dynamodb import numbered
from shared.adapters.dynamodb.orders import DynamoOrders
from shared.domain.ids import CustomerId, MerchantId, OrderId
from shared.domain.money import Money
from shared.domain.order import Order
from shared.domain.payment import Environment
from shared.domain.statuses import OrderStatus
from shared.ports.numbered import MOST_COUNTED
from tools.bench.long_lists import BatchWriter
from tools.bench.tape import recording
from tools.contract.routes import template
from tools.ops.onboarding import DEMO_ID
from tools.testing.calling import reply, request
from tools.testing.fakes import NOON
from tools.testing.in_process import in_process

MANY: Final = MOST_COUNTED + 300
MEGABYTE: Final = 1_000_000
LIST: Final = "glomopay.order_list"
LONGEST: Final = 24  # letters and digits of an id


def an_order(number: int) -> Order:
    """One of three customers', each older than the one before; every tenth is paid."""
    made = NOON - number * timedelta(seconds=1)
    return Order(
        id=OrderId(f"order_{number:016d}"),
        merchant_id=MerchantId(DEMO_ID),
        merchant_name="Bottega Demo",
        environment=Environment.TEST,
        customer_id=CustomerId(f"cust_{number % 3:016d}"),
        amount=Money(1000, "USD"),
        created_at=made,
        updated_at=made,
        expires_at=made + timedelta(days=3650),
        family="glomopay",
        status=OrderStatus.PAID if number % 10 == 0 else OrderStatus.ACTIVE,
        family_data={"asked": '{"notes": {"key": "%s"}}' % ("x" * 400)},
    )


@pytest.fixture(scope="module")
def orders() -> Iterator[str]:
    """A table that has them, behind the handlers."""
    with in_process() as environment:
        writer = BatchWriter(boto3.client("dynamodb"))
        table = environment["ORDERS_TABLE"]
        stored = DynamoOrders(writer, table, "", "")  # type: ignore[arg-type]
        for number in range(MANY):
            stored.create(an_order(number))
        writer.finish()
        yield table


def page(**query: str) -> tuple[dict[str, Any], list[tuple[str, int]]]:
    """A page as it is answered, and the calls of DynamoDB for it with the bytes that came back."""
    event = request(LIST, query=query)
    with recording() as calls:
        answer = reply(LIST, event)
    read = [call for call in calls if call.operation in ("Query", "BatchGetItem")]
    return answer, [("count" if "Select" in call.params else call.operation, len(call.answer)) for call in read]


def refused(**query: str) -> str:
    """Why a page is a 400."""
    with pytest.raises(RuntimeError) as problem:
        reply(LIST, request(LIST, query=query))
    status, _, body = str(problem.value).removeprefix(f"{LIST} answered ").partition(": ")
    assert status == "400"
    return str(json.loads(body)["message"])


def test_a_page_of_ten_thousand_orders_reads_its_own_items_and_counts_the_others(orders: str) -> None:
    few, of_few = page(per_page="20", after=an_order(20).created_at.isoformat())
    many, of_many = page(per_page="20")

    assert (few["page_meta"]["count"], many["page_meta"]["count"]) == (20, MOST_COUNTED)
    assert few["data"] == many["data"]
    # moto counts whole items towards its pages, DynamoDB what the index holds: the number of counts is another there.
    assert [name for name, _ in of_few] == ["Query", "BatchGetItem"]
    assert [of_many[0][0], *{name for name, _ in of_many[1:-1]}, of_many[-1][0]] == ["Query", "count", "BatchGetItem"]
    assert of_many[-1][1] == pytest.approx(of_few[-1][1], rel=0.01)  # the items themselves
    assert of_many[0][1] < 100_000  # the keys of a few; what comes after them is a number


def test_the_last_page_of_ten_thousand_is_there_and_the_next_is_refused(orders: str) -> None:
    last, _ = page(page="100", per_page="100")

    assert [one["id"] for one in last["data"]] == [an_order(n).id for n in range(MOST_COUNTED - 100, MOST_COUNTED)]
    assert (last["page_meta"]["next"], last["page_meta"]["pages"]) == (None, 100)
    assert refused(page="101", per_page="100").endswith("narrow it with before and after")


def test_a_filter_counts_exactly_what_matches(orders: str) -> None:
    paid, _ = page(status="paid", page="2", per_page="3")
    customers, _ = page(customer_id=an_order(1).customer_id)

    assert [one["id"] for one in paid["data"]] == [an_order(n).id for n in (30, 40, 50)]
    assert paid["page_meta"]["count"] == MANY // 10
    assert customers["page_meta"]["count"] == len(range(1, MANY, 3))


def test_what_a_filter_finds_too_rarely_is_refused_with_the_way_out(
    orders: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbered, "_MOST_LOOKS", 2)

    assert refused(customer_id="cust_nobody") == "there is too much to look through; narrow it with before and after"
    found, _ = page(customer_id=an_order(1).customer_id, after=an_order(30).created_at.isoformat())
    assert found["page_meta"]["count"] == 10


def test_counting_ten_thousand_orders_reads_two_megabytes_of_the_index_at_most() -> None:
    """By DynamoDB's own measure of an item, for names and numbers as long as they get."""
    table = template()["Resources"]["OrdersTable"]["Properties"]
    index = next(one for one in table["GlobalSecondaryIndexes"] if one["IndexName"] == numbered.INDEX)
    held = {"pk", "listOf", "listAt", *index["Projection"]["NonKeyAttributes"]}
    longest = replace(
        an_order(1), id=OrderId("order_" + "x" * LONGEST), customer_id=CustomerId("cust_" + "x" * LONGEST)
    )
    item = {name: value for name, value in written(longest).items() if name in held}

    assert set(item) == held
    assert sum(len(name) + _bytes(value) for name, value in item.items()) * MOST_COUNTED <= 2 * MEGABYTE


def written(order: Order) -> dict[str, Any]:
    """The item that an order is in its table."""
    kept: list[dict[str, Any]] = []

    class Database:
        def put_item(self, **request: Any) -> None:
            kept.append(request["Item"])

    DynamoOrders(Database(), "orders", "", "").create(order)  # type: ignore[arg-type]
    return kept[0]


def _bytes(value: dict[str, str]) -> int:
    """Text by its letters, numbers by two digits to a byte and one more."""
    ((kind, held),) = value.items()
    return len(held) if kind == "S" else len(held) // 2 + 2
