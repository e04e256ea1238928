"""Disputes: by signed messages and by the sandbox's bank, listed, answered with a file, decided, expired."""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
import pytest

from shared.adapters.settings import ConnectorSettings
from shared.bootstrap import core
from shared.domain.answering import ANYTHING, Takes
from shared.domain.dispute import Dispute, Response
from shared.domain.errors import OutcomeUnknown
from shared.domain.operation import Answer, State
from shared.ports.disputes import Exhibit
from tests.integration.ways.payments import VISA, bought
from tests.integration.ways.watching import Watch, after
from tests.integration.ways.webhooks import stream
from tests.promises import keep_promise
from tools.contract.routes import handler
from tools.testing.calling import example_event
from tools.testing.fakes import FakeDesks

DISPUTED: Final = "4000000000000259"


def disputes_in_every_way(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = bought(watch, VISA)
    for status in ("OPEN", "EVIDENCE_REQUIRED"):
        _psp_says(watch, payment, status)
    _psp_says(watch, "TXN_UNKNOWN", "OPEN")
    watch.run("payment.receipt", stream())
    bought(watch, DISPUTED)
    watch.run("payment.receipt", stream())
    watch.ask("dispute.list", query={"status": "OPEN", "startDate": "2026-01-01"})
    watch.ask("dispute.list", query={"page": "1", "size": "1"})
    watch.ask("dispute.stats")
    first, second = (d["disputeId"] for d in watch.ask("dispute.list")["disputes"])
    watch.ask("dispute.get", {"disputeId": first})
    _answered(watch, {"disputeId": second}, monkeypatch)
    _known_later(watch, monkeypatch)
    for read in (lambda: watch.ask("dispute.list"), lambda: watch.ask("dispute.stats"), lambda: None):
        _psp_says(watch, payment, "OPEN", number=str(uuid.uuid4()))
        with after(monkeypatch, days=31):
            read()
            watch.run("housekeeping.disputes", {})


@dataclass(frozen=True, slots=True)
class _Desk:
    """A PSP that signs in, asks to be said everything twice, and refuses it then."""

    settings: ConnectorSettings
    takes: Takes = ANYTHING

    def answer(self, dispute: Dispute, response: Response, exhibits: Sequence[Exhibit]) -> Answer:
        assert [exhibit.content for exhibit in exhibits] == [b"x"]
        self.settings.credentials.forget(dispute.merchant_id, dispute.environment, "sandbox")
        self.settings.signed_in(dispute, "sandbox", lambda known: None)
        raise OutcomeUnknown("no answer")

    def accept(self, dispute: Dispute, response: Response) -> Answer:
        return Answer(State.SUCCEEDED)

    def lookup(self, dispute: Dispute, response: Response) -> Answer:
        return Answer(State.REFUSED, "too_late", "The bank has decided")


def _answered(watch: Watch, dispute: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "dispute_desks", lambda: FakeDesks(_Desk(core.connector_settings())))
    file = watch.ask("dispute.evidence", dispute, once="file")
    answer = {"response": "Delivered", "evidence": [file["evidenceId"]]}
    watch.ask("dispute.respond", dispute, answer, once="early")
    boto3.client("s3").put_object(Bucket="evidence", Key=file["upload"]["fields"]["key"], Body=b"x")
    watch.ask("dispute.respond", dispute, answer, once="answer")
    watch.run("housekeeping.disputes", {})
    with after(monkeypatch, minutes=5):
        watch.run("housekeeping.disputes", {})
    watch.ask("dispute.respond", dispute, {"accept": True}, once="given up")
    watch.ask("sandbox.dispute_advance", dispute, {"to": "WON"})


def _known_later(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message about a payment that is not there yet when it comes."""
    payment = bought(watch, VISA)
    database = boto3.client("dynamodb")
    found = database.scan(TableName="PaymentsTable")["Items"]
    (item,) = (each for each in found if each["pk"]["S"] == payment and "body" in each)
    database.delete_item(TableName="PaymentsTable", Key={"pk": item["pk"], "sk": item["sk"]})
    _psp_says(watch, payment, "OPEN", number="CB-early")
    database.put_item(TableName="PaymentsTable", Item=item)
    with after(monkeypatch, hours=1):
        watch.run("housekeeping.disputes", {})


def _psp_says(watch: Watch, payment: str, status: str, number: str = "CB-1") -> None:
    event: dict[str, Any] = example_event("dispute.psp")
    then = datetime.now(UTC)
    message = json.loads(event["body"]) | {
        "disputeId": number,
        "transactionId": payment,
        "status": status,
        "eventTime": then.isoformat(),
        "responseDeadline": (then + timedelta(days=20)).isoformat(),
    }
    event["body"] = json.dumps(message)
    event["headers"]["X-IGFS-Signature"] = hmac.digest(b"local_igfs_secret", event["body"].encode(), "sha256").hex()
    reply = watch.run("dispute.psp", event)
    assert reply["statusCode"] in (200, 202), reply["body"]
    keep_promise(handler("dispute.psp"), reply["statusCode"], reply["body"])
