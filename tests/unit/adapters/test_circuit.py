"""A connector that does not answer is left alone for a while, is seen to be, and is asked again by itself."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from shared.adapters.circuit import FAILURES, REST, Circuits
from shared.adapters.psp_http import PspHttp
from shared.adapters.settings import ConnectorSettings
from shared.domain.errors import (
    CredentialsRefused,
    GatewayError,
    NobodyKnows,
    OutcomeUnknown,
    Unavailable,
    Unprocessable,
)
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from tools.testing.builders import MERCHANT, a_payment
from tools.testing.fakes import FakeBooks, FakeCredentials, FixedClock

OTHER = MerchantId("m_other")


class Wire:
    """Calls through a circuit: what they come to, and how many reach the gateway."""

    def __init__(self) -> None:
        self.clock = FixedClock()
        credentials = FakeCredentials()
        for merchant in (MERCHANT, OTHER):
            for name in ("acme", "other"):
                credentials.put(merchant, Environment.TEST, name, {"key": "k"})
        self.settings = ConnectorSettings(
            FakeBooks(),
            self.clock,
            credentials,
            PspHttp(),
            circuits=Circuits(self.clock, log=logging.getLogger("circuit")),
        )
        self.reached = 0

    def calls(self, error: Exception | None = None, *, name: str = "acme", merchant: MerchantId = MERCHANT) -> str:
        """``"answered"``, or the error's code."""

        def call(known: Any) -> str:
            self.reached += 1
            if error is not None:
                raise error
            return "answered"

        try:
            return self.settings.signed_in(a_payment(merchant_id=merchant), name, call)
        except GatewayError as raised:
            return raised.error_code

    def fails(self, times: int, error: Callable[[str], Exception] = OutcomeUnknown) -> None:
        for _ in range(times):
            self.calls(error("silence"))


@pytest.mark.parametrize("error", [OutcomeUnknown, Unavailable])
def test_after_so_many_failures_in_a_row_it_is_not_called(error: Callable[[str], Exception]) -> None:
    wire = Wire()
    wire.fails(FAILURES, error)

    assert wire.calls() == "gateway_unavailable"

    assert wire.reached == FAILURES


def test_what_was_not_called_surely_had_no_effect() -> None:
    wire = Wire()
    wire.fails(FAILURES)

    with pytest.raises(Unavailable) as raised:
        wire.settings.signed_in(a_payment(), "acme", lambda known: None)

    assert not isinstance(raised.value, CredentialsRefused)
    assert "try again" in str(raised.value)


def test_one_answer_between_failures_begins_the_count_anew() -> None:
    wire = Wire()
    wire.fails(FAILURES - 1)
    assert wire.calls() == "answered"
    wire.fails(FAILURES - 1)

    assert wire.calls() == "answered"


@pytest.mark.parametrize("answer", [CredentialsRefused("no"), Unprocessable("no"), NobodyKnows("no")], ids=str)
def test_who_says_no_or_does_not_know_has_answered(answer: Exception) -> None:
    wire = Wire()
    for _ in range(2 * FAILURES):
        wire.calls(answer)

    assert wire.calls() == "answered"


def test_failures_long_ago_do_not_count() -> None:
    wire = Wire()
    for _ in range(2 * FAILURES):
        wire.fails(1)
        wire.clock.advance(seconds=16)

    assert wire.calls() == "answered"


def test_calls_that_each_wait_for_the_whole_time_out_are_failures_in_a_row() -> None:
    wire = Wire()
    for _ in range(FAILURES):
        wire.clock.advance(seconds=8)
        wire.fails(1)

    assert wire.calls() == "gateway_unavailable"


def test_another_merchant_and_another_gateway_go_on() -> None:
    wire = Wire()
    wire.fails(FAILURES)

    assert wire.calls(merchant=OTHER) == "answered"
    assert wire.calls(name="other") == "answered"
    assert wire.calls() == "gateway_unavailable"


def test_it_closes_by_itself_when_a_call_is_answered_again() -> None:
    wire = Wire()
    wire.fails(FAILURES)
    wire.clock.advance(seconds=REST.total_seconds())

    assert [wire.calls() for _ in range(3)] == ["answered"] * 3
    wire.fails(FAILURES - 1)
    assert wire.calls() == "answered"


def test_after_its_rest_one_call_is_let_through_and_when_that_fails_it_rests_again() -> None:
    wire = Wire()
    wire.fails(FAILURES)
    wire.clock.advance(seconds=REST.total_seconds())

    during: list[str] = []

    def trial(known: Any) -> None:
        during.append(wire.calls())
        wire.clock.advance(seconds=8)
        raise OutcomeUnknown("silence")

    with pytest.raises(OutcomeUnknown):
        wire.settings.signed_in(a_payment(), "acme", trial)

    assert during == ["gateway_unavailable"]
    wire.clock.advance(seconds=REST.total_seconds() - 1)
    assert wire.calls() == "gateway_unavailable"
    wire.clock.advance(seconds=1)
    assert wire.calls() == "answered"


def test_a_trial_that_breaks_off_does_not_close_the_door_for_ever() -> None:
    wire = Wire()
    wire.fails(FAILURES)
    wire.clock.advance(seconds=REST.total_seconds())

    with pytest.raises(KeyboardInterrupt):
        wire.settings.signed_in(a_payment(), "acme", _broken_off)
    wire.clock.advance(seconds=REST.total_seconds())

    assert wire.calls() == "answered"


def _broken_off(known: Any) -> None:
    raise KeyboardInterrupt


def test_it_is_seen_opening_and_closing_and_names_nobody_but_merchant_and_connector(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "gateway-dev")
    caplog.set_level(logging.INFO, "circuit")
    wire = Wire()
    wire.fails(FAILURES)
    wire.calls()
    wire.clock.advance(seconds=REST.total_seconds())
    wire.fails(1)
    wire.clock.advance(seconds=REST.total_seconds())
    wire.calls()

    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["CircuitOpen"], line["service"]) for line in metrics] == [([1.0], "gateway-dev")] * 2
    told = [(one.message, one.connector, one.merchant, one.environment) for one in caplog.records]  # type: ignore[attr-defined]
    whose = ("acme", MERCHANT, "test")
    assert told == [
        ("gateway left alone", *whose),
        ("gateway left alone", *whose),
        ("gateway answers again", *whose),
    ]
