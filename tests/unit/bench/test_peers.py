"""The comparison with a peer: webhooks are waited for by payment, and figures are made of turns."""

from __future__ import annotations

import json
import threading

import pytest

from tools.bench import shops
from tools.bench.peers import Turn, measure, rows
from tools.bench.shops import Hooks
from tools.testing.receiver import Arrived


def a_hook(kind: str, **told: str) -> Arrived:
    return Arrived({}, json.dumps({"type": kind, "data": {"object": told}}).encode())


def test_a_success_is_heard_by_the_payments_own_id_on_either_side() -> None:
    hooks = Hooks()

    hooks.append(a_hook("payment_intent.succeeded", id="evt_1", transactionId="TXN_1"))
    hooks.append(a_hook("payment_intent.succeeded", id="pi_1"))

    assert hooks.success_of("TXN_1") <= hooks.success_of("pi_1")


def test_a_success_that_comes_later_is_waited_for() -> None:
    hooks = Hooks()
    threading.Timer(0.05, hooks.append, [a_hook("payment_intent.succeeded", id="pi_1")]).start()

    assert hooks.success_of("pi_1") > 0


def test_other_events_and_other_payments_are_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shops, "PATIENCE_SECONDS", 0.01)
    hooks = Hooks()
    hooks.append(a_hook("payment_intent.created", id="pi_1"))
    hooks.append(a_hook("payment_intent.succeeded", id="pi_2"))

    with pytest.raises(RuntimeError, match="no webhook told of pi_1"):
        hooks.success_of("pi_1")


def test_a_webhook_that_came_twice_counts_when_it_came_first() -> None:
    hooks = Hooks()
    hooks.append(a_hook("payment_intent.succeeded", id="pi_1"))
    first = hooks.success_of("pi_1")

    hooks.append(a_hook("payment_intent.succeeded", id="pi_1"))

    assert hooks.success_of("pi_1") == first


def test_rates_are_medians_and_their_ratio_is_of_neighbours() -> None:
    turns = {
        ("gateway", 1): [Turn(2.0, (0.3,)), Turn(4.0, (0.5,)), Turn(3.0, (0.4,))],
        ("localstripe", 1): [Turn(20.0, (1.0,)), Turn(80.0, (1.0,)), Turn(10.0, (1.0,))],
        ("gateway", 4): [Turn(8.0, (0.3,))],
        ("localstripe", 4): [Turn(16.0, (1.0,))],
    }

    made = {row.name: row for row in rows(turns)}

    assert made["gateway, 1 client"].value == 3.0
    assert "first round 2.0, last 3.0; webhook 400 ms" in made["gateway, 1 client"].detail
    assert made["gateway / localstripe, 1 client"].value == pytest.approx(0.1)
    assert made["gateway / localstripe, 4 clients"].value == pytest.approx(0.5)


def test_a_quick_run_compares_with_nobody() -> None:
    assert measure(quick=True) == []
