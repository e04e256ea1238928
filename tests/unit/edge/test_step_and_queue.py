"""Flow steps carry ids and let errors out; a queue consumer keeps exactly the messages that are not done."""

from __future__ import annotations

import threading

import pytest

from shared.domain.errors import NotFound, Unavailable
from shared.domain.ids import PaymentId
from shared.domain.payment import Wait
from shared.edge.queue import consume, wait_seconds
from shared.edge.step import parking, step
from shared.ports.world import World
from shared.usecases.payment.operating import Step
from tests.unit.edge.conftest import Edge
from tools.testing.builders import a_payment


def test_a_step_answers_with_its_word_and_wait(edge: Edge) -> None:
    def act(payment_id: PaymentId, *, world: World) -> Step:
        assert payment_id == "TXN_1"
        return Step("unknown", 4)

    assert step("CaptureCard", act)({"paymentId": "TXN_1"}, None) == {"word": "unknown", "waitSeconds": 4}


def test_a_step_lets_its_error_out_to_the_machine(edge: Edge) -> None:
    def act(payment_id: PaymentId, *, world: World) -> Step:
        raise Unavailable("down")

    with pytest.raises(Unavailable):
        step("CaptureCard", act)({"paymentId": "TXN_1"}, None)


def test_parking_keeps_the_token_and_says_nothing(edge: Edge) -> None:
    payment = edge.world.payments.add(a_payment())

    answer = parking("AwaitPreauth", Wait.PREAUTH)({"paymentId": payment.id, "taskToken": "t-1"}, None)

    assert answer == {}
    assert edge.world.payments.get(payment.id).task_token == "t-1"


def test_parking_an_unknown_payment_fails_visibly(edge: Edge) -> None:
    with pytest.raises(NotFound):
        parking("AwaitPreauth", Wait.PREAUTH)({"paymentId": "TXN_0", "taskToken": "t-1"}, None)


def a_message(name: str, receives: int = 1) -> dict[str, object]:
    attributes = {"ApproximateReceiveCount": str(receives)}
    return {"messageId": name, "body": name, "receiptHandle": f"receipt-{name}", "attributes": attributes}


def test_done_messages_go_and_postponed_ones_stay(edge: Edge) -> None:
    postponed: list[tuple[str, int]] = []

    answer = consume(
        [a_message("done"), a_message("later")],
        lambda body, receives: 300 if body == "later" else None,
        lambda receipt, seconds: postponed.append((receipt, seconds)),
    )

    assert answer == {"batchItemFailures": [{"itemIdentifier": "later"}]}
    assert postponed == [("receipt-later", 300)]


def test_a_message_that_raises_is_kept_and_the_others_are_done(edge: Edge) -> None:
    def work(body: str, receives: int) -> int | None:
        if body == "bad":
            raise ZeroDivisionError
        return None

    answer = consume([a_message("bad"), a_message("good")], work, lambda receipt, seconds: None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}


def test_a_slow_message_does_not_keep_the_others_waiting(edge: Edge) -> None:
    together = threading.Barrier(10, timeout=60)

    def work(body: str, receives: int) -> int | None:
        together.wait()  # passes only if all ten run at once
        return None

    answer = consume([a_message(str(n)) for n in range(10)], work, lambda receipt, seconds: None)

    assert answer == {"batchItemFailures": []}


def test_a_message_alone_needs_no_thread_of_its_own(edge: Edge) -> None:
    threads: list[int] = []

    def work(body: str, receives: int) -> int | None:
        threads.append(threading.get_ident())
        raise ZeroDivisionError

    answer = consume([a_message("bad")], work, lambda receipt, seconds: None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert threads == [threading.get_ident()]


def test_an_empty_batch_is_nothing(edge: Edge) -> None:
    assert consume([], lambda body, receives: None, lambda receipt, seconds: None) == {"batchItemFailures": []}


def test_each_try_of_a_message_is_twice_as_far_away_up_to_four_hours() -> None:
    assert [wait_seconds(receives) for receives in (1, 2, 3, 8, 9, 50)] == [60, 120, 240, 7680, 14400, 14400]
