"""Calls on tape: what is recorded is played again, and a ratio is made of neighbours in time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.adapters import aws
from tools.bench.scenes import Scene
from tools.bench.tape import EMPTY, Tape, Taped, player, playing, recording, turn
from tools.bench.warm import check_same, summary
from tools.testing.resources import clear_caches

FOUND = b'{"Item": {"pk": {"S": "here"}}}'
ANSWER = (
    b"HTTP/1.1 200 Taped\r\nContent-Type: application/x-amz-json-1.0\r\n"
    + b"Content-Length: %d\r\n\r\n" % len(FOUND)
    + FOUND
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with playing([Tape([ANSWER], [EMPTY]), Tape([], [ANSWER])]) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        clear_caches()
        yield url
        clear_caches()


def get_item() -> str:
    item = aws.client("dynamodb").get_item(TableName="books", Key={"pk": {"S": "here"}}).get("Item", {})
    return str(item.get("pk", {}).get("S", "nothing"))


def a_scene(*operations: str) -> Scene:
    return Scene("read", "payment.transaction", {}, tuple(Taped("dynamodb", name, {}) for name in operations))


def test_a_call_is_recorded_with_its_parameters_and_its_answer(server: str) -> None:
    with recording() as calls:
        get_item()
    get_item()

    assert len(calls) == 1
    assert (calls[0].service, calls[0].operation) == ("dynamodb", "GetItem")
    assert calls[0].params == {"TableName": "books", "Key": {"pk": {"S": "here"}}}
    assert calls[0].answer.endswith(FOUND)
    assert calls[0].answer.startswith(b"HTTP/1.1 200 ")


def test_recorded_calls_are_made_again_and_no_others(server: str) -> None:
    with recording() as calls:
        get_item()
        get_item()

    with recording() as again:
        player(calls)()

    assert [(call.operation, call.params) for call in again] == [(call.operation, call.params) for call in calls]


def test_a_tape_gives_its_beginning_once_and_then_goes_round(server: str) -> None:
    assert [get_item() for _ in range(3)] == ["here", "nothing", "nothing"]

    turn(server, 1)

    assert [get_item() for _ in range(2)] == ["here", "here"]


def test_a_handler_that_makes_other_calls_than_were_recorded_is_not_compared(server: str) -> None:
    check_same(a_scene("GetItem"), get_item)

    with pytest.raises(RuntimeError, match="read made"):
        check_same(a_scene("GetItem", "PutItem"), get_item)


def test_a_ratio_is_the_median_of_neighbours_so_that_one_slow_block_does_not_count() -> None:
    cpu = summary([0.0012, 0.0120, 0.0012], [0.0010, 0.0010, 0.0010])

    assert cpu.handler == pytest.approx(1.2)
    assert cpu.calls == pytest.approx(1.0)
    assert cpu.ours == pytest.approx(0.2)
    assert cpu.ratio == pytest.approx(1.2)
