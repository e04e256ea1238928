"""Metrics: one line each, and nothing that is measured behaves differently for it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from shared.adapters.measured import MeasuredGateways, MeasuredPayments
from shared.adapters.touched import forget
from shared.domain.errors import NotFound
from shared.domain.event import EventType
from shared.domain.payment import Status
from shared.ports.payments import Change, Payments
from tools.testing.builders import a_payment, an_event
from tools.testing.fakes import FakePayments, world


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "gateway-dev")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def measured() -> tuple[Payments, FakePayments]:
    inner = FakePayments()
    return cast(Payments, MeasuredPayments(inner)), inner


def test_a_gateways_call_is_timed_by_connector_operation_and_outcome(capsys: pytest.CaptureFixture[str]) -> None:
    fakes = world()
    payment = a_payment()

    with pytest.raises(NotFound):
        MeasuredGateways(fakes.gateways).card(payment).page_outcome(payment)

    (line,) = lines(capsys)
    assert (line["connector"], line["operation"], line["outcome"]) == ("sandbox", "page_outcome", "not_found")
    assert line["OperationLatency"][0] >= 0
    assert line["service"] == "gateway-dev"


def test_a_payment_is_counted_once_when_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    payments, inner = measured()
    payment = inner.add(a_payment())
    ended = replace(payment, status=Status.SUCCESS)

    assert payments.save(Change(ended, [an_event(type=EventType.CHECKOUT_ENDED)])) is None

    (line,) = lines(capsys)
    assert (line["PaymentsEnded"], line["outcome"], line["environment"]) == ([1.0], "SUCCESS", "test")


def test_a_lost_race_counts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    payments, inner = measured()
    payment = inner.add(a_payment())
    stale = replace(payment, version=payment.version - 1)

    assert payments.save(Change(stale, [an_event(type=EventType.CHECKOUT_ENDED)])) == payment
    assert lines(capsys) == []


def test_a_payment_that_needs_a_person_is_counted_for_the_alarm(capsys: pytest.CaptureFixture[str]) -> None:
    payments, inner = measured()
    payment = inner.add(a_payment())

    payments.save(Change(replace(payment, attention="VOUCHER_NOT_REVERSED")))

    (line,) = lines(capsys)
    assert line["PaymentsNeedAttention"] == [1.0]
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]
    assert (line["paymentId"], line["attention"]) == (payment.id, "VOUCHER_NOT_REVERSED"), "the log finds it by them"


def test_everything_else_goes_straight_through() -> None:
    payments, inner = measured()
    payment = inner.add(a_payment())

    assert payments.get(payment.id) == payment


def test_what_a_gateway_took_names_the_payment_that_was_read_before(capsys: pytest.CaptureFixture[str]) -> None:
    payments, inner = measured()
    payment = payments.get(inner.add(a_payment()).id)
    gateway = MeasuredGateways(world().gateways).card(payment)

    with pytest.raises(NotFound):
        gateway.page_outcome(payment)
    forget()
    with pytest.raises(NotFound):
        gateway.page_outcome(payment)

    named, unnamed = lines(capsys)
    assert named["paymentId"] == payment.id
    assert "paymentId" not in unnamed


def test_how_long_a_payment_took_is_measured_when_it_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    payments, inner = measured()
    payment = inner.add(a_payment())
    done = replace(payment, status=Status.SUCCESS, completed_at=payment.created_at + timedelta(seconds=95))

    payments.save(Change(done, [an_event(type=EventType.CHECKOUT_ENDED)]))

    (took,) = [line for line in lines(capsys) if "TimeToCapture" in line]
    assert (took["TimeToCapture"], took["environment"]) == ([95_000.0], "test")
