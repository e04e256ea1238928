"""How many AWS calls and transitions each request, step and payment takes: counted, not timed; they are the cost."""

from __future__ import annotations

import pytest

from tools.bench.cost import GOALS, cost, designs
from tools.bench.counts import counted, measure, of_a_create, of_a_transaction, of_an_order
from tools.bench.one_payment import CARD_ONLY, VOUCHERS, a_warm_driver


def test_a_create_makes_three_calls_and_a_replay_two() -> None:
    calls = of_a_create()

    assert calls["plain"] == ["GetItem", "PutItem", "StartExecution"]
    assert calls["with a key"] == ["GetItem", "PutItem", "TransactWriteItems", "StartExecution"]
    assert calls["replay"] == ["GetItem", "PutItem"]


def test_a_transaction_is_created_with_two_calls_and_read_with_two() -> None:
    """The service's signature takes one each; the rest is the transaction's own."""
    assert of_a_transaction() == {
        "payment_create": ["GetItem", "PutItem"],
        "payment_webcheckout": ["GetItem", "PutItem"],
        "auth_token": ["GetItem"],
        "payment_methods": ["GetItem"],
        "payment_status": ["GetItem", "GetItem"],
        "checkout": ["GetItem"],
    }


def test_what_bounds_a_publishable_key_is_one_call_more() -> None:
    calls = of_a_create()

    assert calls["publishable"] == ["GetItem", "UpdateItem", "PutItem", "StartExecution"]
    assert calls["publishable with a key"] == [
        "GetItem",
        "PutItem",
        "UpdateItem",
        "TransactWriteItems",
        "StartExecution",
    ]


def test_a_payment_of_an_order_makes_three_calls_and_a_poll_two() -> None:
    calls = of_an_order()

    assert calls == {
        "order": ["GetItem", "GetItem", "PutItem"],
        "payment": ["GetItem", "GetItem", "TransactWriteItems"],
        "second try": ["GetItem", "GetItem", "TransactWriteItems"],
        "poll": ["GetItem", "GetItem"],
    }


@pytest.mark.parametrize(("choice", "calls", "transitions"), [(CARD_ONLY, 13, 8), (VOUCHERS, 19, 14)])
def test_a_payment_takes_as_many_calls_and_transitions_as_were_counted(
    choice: str, calls: int, transitions: int
) -> None:
    payment = counted(choice)

    assert payment.calls == calls, payment.meter.by_name()
    assert len(payment.course.transitions) == transitions, payment.course.transitions
    assert payment.largest_step == 2
    assert payment.calls_per_delivery == 4


def test_a_payment_of_the_driver_is_one_that_succeeds_and_is_told() -> None:
    with a_warm_driver() as driver:
        payment = driver.pay(VOUCHERS)
        course = driver.course

    assert payment["status"] == "SUCCESS"
    assert (payment["totalAmount"], payment["voucherAmount"]) == (150.0, 50.0)
    assert driver.words["NotifyVouchers"] == "partly"
    assert course.events == course.deliveries == 4


def test_every_counted_figure_reaches_its_goal() -> None:
    assert [row.name for row in measure(quick=True) if row.goal is not None and row.value > row.goal] == []


def test_a_thousand_payments_cost_less_than_their_goal() -> None:
    totals = {name: sum(cost(counts).values()) for name, counts in designs().items()}

    assert all(totals[name] <= goal for name, goal in GOALS.items()), totals
    assert totals["naive, with vouchers"] > totals["card and voucher"]
