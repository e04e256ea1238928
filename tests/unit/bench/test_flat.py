"""Flatness: long lists are written as the adapters write them, and growth is told from neighbours in time."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import boto3
import pytest

from tools.bench.flat import growth, mean, typical
from tools.bench.long_lists import LISTS, BatchWriter, fill
from tools.testing.calling import reply, request
from tools.testing.in_process import in_process
from tools.testing.resources import clear_caches


class Database:
    """Keeps what is written to it."""

    def __init__(self) -> None:
        self.batches: list[Counter[str]] = []
        self.items: list[dict[str, Any]] = []

    def batch_write_item(self, **request: Any) -> dict[str, Any]:
        self.batches.append(Counter({table: len(puts) for table, puts in request["RequestItems"].items()}))
        return {}

    def put_item(self, **request: Any) -> None:
        self.items.append(request["Item"])


def a_put(pk: str) -> dict[str, Any]:
    return {"TableName": "books", "Item": {"pk": {"S": pk}}}


def an_addition(amount: int) -> dict[str, Any]:
    return {
        "TableName": "books",
        "Key": {"pk": {"S": "COUNT"}, "sk": {"S": "ALL"}},
        "UpdateExpression": "ADD #n0 :v0",
        "ExpressionAttributeNames": {"#n0": "OPEN"},
        "ExpressionAttributeValues": {":v0": {"N": str(amount)}},
    }


def test_items_are_written_in_batches_and_the_rest_at_the_end() -> None:
    database = Database()
    writer = BatchWriter(database)

    for n in range(30):
        writer.put_item(**a_put(str(n)))
    writer.finish()

    assert [sum(batch.values()) for batch in database.batches] == [25, 5]


def test_an_item_that_is_written_twice_is_in_a_batch_once() -> None:
    database = Database()
    writer = BatchWriter(database)

    writer.put_item(**a_put("same"))
    writer.put_item(**a_put("same"))
    writer.finish()

    assert database.batches == [Counter(books=1)]


def test_counters_are_summed_and_written_once() -> None:
    database = Database()
    writer = BatchWriter(database)

    for amount in (1, 1, 3):
        writer.transact_write_items([{"Update": an_addition(amount)}])
    writer.finish()

    assert database.items == [{"pk": {"S": "COUNT"}, "sk": {"S": "ALL"}, "OPEN": {"N": "5"}}]


def test_every_list_shows_what_was_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with in_process() as environment:
        for name, table in fill(boto3.client("dynamodb"), 30, environment).items():
            monkeypatch.setenv(name, table)
        clear_caches()
        answers = {name: reply(module, request(module, query=query)) for name, (module, query) in LISTS.items()}

    links, disputes, cards = answers.values()
    assert links["count"] == len(links["links"]) == 20
    assert links["nextCursor"]
    assert (len(disputes["disputes"]), disputes["totalItems"]) == (20, 30)
    assert cards["count"] == 20
    assert len({json.dumps(card) for card in cards["cards"]}) == 20


def test_growth_is_the_median_of_neighbours() -> None:
    assert growth([1.0, 1.0, 2.0], [1.1, 9.0, 2.2]) == pytest.approx(1.1)


def test_a_turn_is_the_mean_of_its_payments() -> None:
    assert mean([(0.010, 0.020), (0.012, 0.024)]) == pytest.approx((0.011, 0.022))


def test_a_typical_payment_is_told_in_milliseconds() -> None:
    assert typical([(0.010, 0.020), (0.012, 0.022), (0.500, 0.900)]) == pytest.approx((12, 22))
