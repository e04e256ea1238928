"""The dispute endpoints on fakes: whose dispute it is, and who hears of an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest

from functions.dispute.evidence import handler as evidence
from functions.dispute.get import handler as show
from functions.dispute.list import handler as listed
from functions.dispute.respond import handler as respond
from functions.dispute.stats import handler as stats
from functions.sandbox.dispute_advance import handler as advance
from shared.bootstrap import core
from shared.domain.dispute import Notice
from shared.domain.payment import Environment, Status
from shared.domain.statuses import DisputeStatus, Reason, Source
from shared.edge.http import Served
from shared.usecases.dispute.take_notice import take_notice
from tests.unit.edge.conftest import LIVE, OTHER_SHOP, SECRET, Edge
from tests.unit.edge.requests import ask
from tools.testing.builders import a_payment, euro
from tools.testing.fakes import NOON, FakeDesk, FakeDesks, FakeDisputes, FakeEvidence

FILE = {"fileName": "receipt.pdf", "contentType": "application/pdf", "size": 100}
ANSWER = {"response": "Delivered on Monday"}


@dataclass(frozen=True, slots=True)
class Desk:
    edge: Edge
    disputes: FakeDisputes

    def disputed(self, environment: Environment = Environment.TEST) -> dict[str, str]:
        """The path of an open dispute of 50.00."""
        paid = self.edge.world.payments.add(a_payment(status=Status.SUCCESS, environment=environment))
        notice = Notice(
            source=Source.IGFS,
            environment=environment,
            psp_id=f"CB-{paid.id}",
            payment_ids=(paid.id,),
            amount=euro(50_00),
            reason=Reason.GENERAL,
            status=DisputeStatus.OPEN,
            happened_at=NOON,
            deadline=NOON + timedelta(days=14),
        )
        dispute = take_notice(notice, world=self.edge.world, disputes=self.disputes)
        assert dispute is not None
        return {"disputeId": dispute.id}


@pytest.fixture
def desk(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> Desk:
    disputes, files = FakeDisputes(edge.world.payments), FakeEvidence()
    monkeypatch.setattr(core, "disputes", lambda: disputes)
    monkeypatch.setattr(core, "evidence", lambda: files)
    monkeypatch.setattr(core, "dispute_desks", FakeDesks)
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "gateway-dev")
    return Desk(edge, disputes)


@pytest.mark.parametrize(
    ("endpoint", "body"),
    [(show, None), (respond, ANSWER), (evidence, FILE), (advance, {"to": "WON"})],
    ids=["show", "respond", "evidence", "advance"],
)
def test_another_merchants_dispute_is_not_there(desk: Desk, endpoint: Served, body: object) -> None:
    path = desk.disputed()
    live = desk.disputed(Environment.LIVE)

    assert ask(endpoint, body, key=OTHER_SHOP, path=path).status == 404
    assert ask(endpoint, body, key=SECRET, path=live).status == 404  # nor is the same merchant's of the other world
    assert ask(endpoint, body, key=SECRET, path=path).status == 200


def test_another_merchants_disputes_are_neither_listed_nor_counted(desk: Desk) -> None:
    desk.disputed()

    assert ask(listed, key=OTHER_SHOP).json["totalItems"] == 0
    assert ask(stats, key=OTHER_SHOP).json["open"] == 0
    assert (ask(listed, key=SECRET).json["totalItems"], ask(stats, key=SECRET).json["open"]) == (1, 1)


@pytest.mark.parametrize(("environment", "key", "told"), [("live", LIVE, 1), ("test", SECRET, 0)])
def test_operators_hear_of_a_live_answer(
    desk: Desk, capsys: pytest.CaptureFixture[str], environment: str, key: str, told: int
) -> None:
    path = desk.disputed(Environment(environment))
    capsys.readouterr()

    assert ask(respond, ANSWER, key=key, path=path).json["status"] == "UNDER_REVIEW"
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "DisputesAnswered" in line]
    assert [line["DisputesAnswered"] for line in lines] == [[1.0]] * told


def test_a_live_dispute_is_decided_by_its_bank_only(desk: Desk) -> None:
    path = desk.disputed(Environment.LIVE)

    refused = ask(advance, {"to": "WON"}, key=LIVE, path=path)
    assert (refused.status, refused.json["code"]) == (403, "test_key_required")


def test_an_answer_says_how_it_goes_to_the_bank(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    by_hand, sent = desk.disputed(), desk.disputed()
    assert ask(respond, ANSWER, key=SECRET, path=by_hand).json["delivery"] == "BY_HAND"
    monkeypatch.setattr(core, "dispute_desks", lambda: FakeDesks(FakeDesk()))

    assert ask(respond, ANSWER, key=SECRET, path=sent).json["delivery"] == "WAITING"

    (shown,) = ask(show, key=SECRET, path=sent).json["responses"]
    assert (shown["delivery"], shown["accepted"], shown["deliveredAt"], shown["refusal"]) == (
        "WAITING",
        False,
        None,
        None,
    )


def test_a_dispute_is_given_up_without_a_text_or_a_file(desk: Desk) -> None:
    path = desk.disputed()

    assert ask(respond, {}, key=SECRET, path=path).status == 400
    assert ask(respond, {"accept": True, "evidence": ["ev_1"]}, key=SECRET, path=path).status == 400
    assert ask(respond, {"accept": "yes"}, key=SECRET, path=path).status == 400
    assert ask(respond, {"accept": True}, key=SECRET, path=path).json["status"] == "UNDER_REVIEW"

    (shown,) = ask(show, key=SECRET, path=path).json["responses"]
    assert (shown["accepted"], shown["response"]) == (True, "")
