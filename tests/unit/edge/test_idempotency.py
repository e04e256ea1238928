"""One Idempotency-Key: one effect, one answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.domain import errors
from shared.domain.errors import GatewayError
from shared.edge.call import Call
from shared.edge.http import Served
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from tests.unit.edge.conftest import LIVE, OTHER_SHOP, SECRET, Edge
from tests.unit.edge.requests import Answer, ask

Behaviour = Callable[[Call], Reply]


class Till:
    """An endpoint that does what it is told, one behaviour per call, and remembers the seeds it ran with."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self.seeds: list[bytes] = []
        self.repeated: list[bool] = []
        self._behaviours = list(behaviours)
        self.endpoint: Served = endpoint(
            "POST", "/api/thing/{id}", caller=Caller.SECRET_KEY, summary="", idempotent=True
        )(self._act)

    def _act(self, call: Call) -> Reply:
        self.seeds.append(call.once.seed)
        self.repeated.append(call.once.repeated)
        behaviour = self._behaviours.pop(0) if self._behaviours else done
        return behaviour(call)

    def ask(self, body: object = None, *, key: str = SECRET, once: str | None = "k-1", thing: str = "1") -> Answer:
        return ask(self.endpoint, body or {"amount": 1}, key=key, path={"id": thing}, idempotency_key=once)


def done(call: Call) -> Reply:
    return Reply({"seed": call.once.seed.hex()})


def not_yet(call: Call) -> Reply:
    return Reply({"status": "PENDING"}, 202, final=False)


def raising(error: Exception) -> Behaviour:
    def act(call: Call) -> Reply:
        raise error

    return act


def test_the_second_call_gets_the_first_answer_and_does_nothing(edge: Edge) -> None:
    till = Till()

    first, again = till.ask(), till.ask()

    assert (again.status, again.text) == (first.status, first.text)
    assert len(till.seeds) == 1
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Content-Type"] == "application/json"


def test_without_a_key_each_call_is_its_own(edge: Edge) -> None:
    till = Till()

    assert till.ask(once=None).text != till.ask(once=None).text


def test_the_same_key_with_another_body_is_422_and_does_nothing(edge: Edge) -> None:
    till = Till()
    till.ask()

    answer = till.ask({"amount": 2})

    assert (answer.status, answer.json["code"]) == (422, "idempotency_key_reused")
    assert len(till.seeds) == 1


@pytest.mark.parametrize("other", [{"key": OTHER_SHOP}, {"key": LIVE}, {"thing": "2"}])
def test_a_key_is_the_callers_own_and_the_objects_own(edge: Edge, other: dict[str, str]) -> None:
    till = Till()
    till.ask()

    assert till.ask(**other).status == 200
    assert len(till.seeds) == 2


@pytest.mark.parametrize("once", ["", "x" * 256, "a\tb"])
def test_a_malformed_key_is_400(edge: Edge, once: str) -> None:
    assert Till().ask(once=once).status == 400


def test_while_the_first_call_runs_the_second_is_told_so(edge: Edge) -> None:
    answers = []

    def meanwhile(call: Call) -> Reply:
        answers.append(till.ask())
        return done(call)

    till = Till(meanwhile)
    till.ask()

    assert [(answer.status, answer.json["code"]) for answer in answers] == [(409, "in_progress")]


@pytest.mark.parametrize(
    "error",
    [
        errors.InvalidRequest("x"),
        errors.IllegalTransition("x"),
        errors.NotFound("x"),
        errors.GatewayNotConfigured("x"),
        errors.TooManyTries("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_before_any_effect_frees_the_key_for_any_body(edge: Edge, error: GatewayError) -> None:
    till = Till(raising(error))
    till.ask()

    assert till.ask({"amount": 2}).status == 200
    assert till.repeated == [False, False]


@pytest.mark.parametrize(
    "error",
    [errors.StaleWrite("x"), errors.OutcomeUnknown("x"), errors.Unavailable("x")],
    ids=lambda error: type(error).__name__,
)
def test_an_error_that_may_have_had_an_effect_is_gone_on_from_with_the_same_seed(
    edge: Edge, error: GatewayError
) -> None:
    till = Till(raising(error))
    till.ask()

    assert till.ask({"amount": 2}).status == 422
    assert till.ask().status == 200
    assert till.seeds[0] == till.seeds[1]
    assert till.repeated == [False, True]


def test_what_is_refused_on_the_second_run_does_not_forget_the_first(edge: Edge) -> None:
    till = Till(raising(errors.StaleWrite("x")), raising(errors.IllegalTransition("x")))
    statuses = [till.ask().status, till.ask().status, till.ask().status]

    assert statuses == [409, 409, 200]
    assert len(set(till.seeds)) == 1


def test_a_refusal_by_the_gateway_is_an_answer_and_is_kept(edge: Edge) -> None:
    till = Till(raising(errors.Refused("no", code="card_declined")))

    first, again = till.ask(), till.ask()

    assert (first.status, first.json["code"]) == (422, "card_declined")
    assert again.text == first.text
    assert len(till.seeds) == 1


def test_an_answer_that_is_not_final_is_asked_for_again(edge: Edge) -> None:
    till = Till(not_yet)

    assert till.ask().status == 202
    assert till.ask().status == 200
    assert till.seeds[0] == till.seeds[1]
    assert till.ask().headers["Idempotent-Replayed"] == "true"


def test_a_call_that_died_is_gone_on_from_after_a_minute(edge: Edge) -> None:
    till = Till(raising(ZeroDivisionError()))
    assert till.ask().status == 500

    edge.world.now.advance(seconds=59)
    assert till.ask().status == 409
    edge.world.now.advance(seconds=1)
    assert till.ask().status == 200
    assert till.seeds[0] == till.seeds[1]
