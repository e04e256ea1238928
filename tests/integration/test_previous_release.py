"""What this release writes is read by the previous one and the other way round: both serve while one takes over.

Events alone are read one way: v0.2.0 does not look into the partitions they are spread over since (rollback.md).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from tools.local.deploy import ROOT
from tools.rehearsal.trees import previous

# Run in the tree of either release, with its own handlers, tables and helpers.
PROGRAM: Final = """
import json, sys
import boto3
from shared.bootstrap import core
from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from tests.integration.ways.payments import paid_in_every_way, refused_vouchers
from tests.integration.ways.watching import Watch
from tools.testing.in_process import in_process

TABLES = ("PaymentsTable", "EventsTable")


def write():
    watch = Watch()
    paid_in_every_way(watch)
    refused_vouchers(watch)
    return {name: boto3.client("dynamodb").scan(TableName=name)["Items"] for name in TABLES}


def read(items):
    for name in TABLES:
        for item in items[name]:
            boto3.client("dynamodb").put_item(TableName=name, Item=item)
    watch, payments, events = Watch(), {}, {}
    for item in items["EventsTable"]:
        merchant, environment, *_ = item["pk"]["S"].split("#")
        try:
            event = core.events().get(MerchantId(merchant), Environment(environment), item["sk"]["S"])
        except NotFound:
            continue
        events[event.id] = [event.type.value, event.subject, event.sequence]
    for payment in {item["subject"]["S"] for item in items["EventsTable"] if item["subject"]["S"].startswith("TXN_")}:
        seen = watch.ask("payment.transaction", {"transactionId": payment})
        payments[payment] = [seen["status"], seen["capturedAmount"], seen["vouchers"], seen["releasedAmount"]]
    return {"payments": payments, "events": events}


with in_process():
    task = json.load(sys.stdin)
    print("ANSWER" + json.dumps(write() if task is None else read(task), sort_keys=True))
"""


def run(tree: Path, task: object) -> Any:
    environment = {**os.environ, "PYTHONPATH": str(tree), "POWERTOOLS_SERVICE_NAME": "gateway"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tree,
        env=environment,
        input=json.dumps(task),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (answer,) = [line for line in done.stdout.splitlines() if line.startswith("ANSWER")]
    return json.loads(answer.removeprefix("ANSWER"))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return previous(tmp_path_factory.mktemp("previous"))[1]


@pytest.mark.parametrize("way", ["forth", "back"])
def test_payments_and_events_of_one_release_are_read_alike_by_the_other(before: Path, way: str) -> None:
    writer, reader = (before, ROOT) if way == "forth" else (ROOT, before)
    written = run(writer, None)

    own, others = run(writer, written), run(reader, written)

    assert len(own["payments"]) >= 5
    assert len(own["events"]) == len(written["EventsTable"])
    assert others["payments"] == own["payments"]
    if way == "forth":
        assert others["events"] == own["events"]
