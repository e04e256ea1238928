"""Every shell command of the runbooks is run here, as it stands there, against a gateway of its own.

``ENV=prod`` is this machine's gateway, and ``aws`` a program that knows what botocore knows of AWS. What stands in a
line or a table, beside the text, is looked at word by word: its targets, operations and parameters exist.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import boto3
import pytest

from tests.aws_stand_in import parse
from tests.client import Client, until, voucher
from tools.local.cloud import sdk_environment
from tools.local.deploy import STACK
from tools.local.stack import Gateway, start_gateway

ROOT: Final = Path(__file__).parents[2]
RUNBOOKS: Final = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
BLOCK: Final = re.compile(r"^```(?:bash|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE: Final = re.compile(r"`((?:aws|make) [^`]+)`")
SUBSTITUTED: Final = re.compile(r"\$\([^()]*\)")
TARGETS: Final = frozenset(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
# What the ``make`` that started the tests says to those below it; an operator's is nobody's sub-make.
UNDER_MAKE: Final = frozenset({"MAKEFLAGS", "MAKELEVEL", "MFLAGS"})
# Where an operator is stopped, here as there, because there is nothing to be settled: the words it ends with.
STOPPED: Final = {"make settle": "no open operation"}


@dataclass
class Night:
    """Somebody at a terminal, with a stack, a merchant and a payment of it."""

    gateway: Gateway
    folder: Path
    client: Client
    words: dict[str, str] = field(default_factory=dict)

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        port = urlsplit(self.gateway.origin).port
        here = script.replace("S=payment-gateway ", f"S={STACK} ").replace("ENV=prod", f"PORT={port}")
        cloud = sdk_environment(self.gateway.stack.cloud.endpoint)
        terminal = {name: value for name, value in os.environ.items() if name not in UNDER_MAKE}
        environment = terminal | cloud | self.words | {"PATH": f"{self.folder}:{os.environ['PATH']}", "S": STACK}
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", here],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )


def blocks(runbook: Path) -> list[str]:
    return [match[1] for match in BLOCK.finditer(runbook.read_text())]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    gateway = start_gateway(0, {"CheckoutTimeoutSeconds": "600", "WebhookRetryIntervalSeconds": "2"})
    try:
        folder = tmp_path_factory.mktemp("bin")
        aws = folder / "aws"
        aws.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m tests.aws_stand_in "$@"\n')
        aws.chmod(0o755)
        client = Client(gateway.base_url)
        standing = Night(gateway, folder, client)
        made = json.loads(standing.run("make merchant NAME=Nightly ENV=prod").stdout)
        standing.words |= {"MERCHANT": made["merchantId"], "KEY": made["keys"]["sk_test"]}
        standing.words["PAYMENT"] = client.paid()["transactionId"]
        yield standing
    finally:
        gateway.stop()


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda path: path.stem)
def test_every_block_of_a_runbook_runs_as_it_stands(night: Night, runbook: Path) -> None:
    before = ""
    for block in blocks(runbook):
        done = night.run(before + block)
        stopped = next((words for command, words in STOPPED.items() if block.startswith(command)), None)
        if stopped is not None:
            assert stopped in done.stderr
        else:
            assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, f"{block}\n{done.stderr}"
        if "() {" in block:  # what is defined once is used below
            before = block


def commands() -> list[tuple[str, str]]:
    return [(path.stem, match[1]) for path in RUNBOOKS for match in INLINE.finditer(path.read_text())]


@pytest.mark.parametrize(("runbook", "command"), commands())
def test_a_command_in_the_text_names_what_exists(runbook: str, command: str) -> None:
    said = command.replace("\\|", "|")
    while SUBSTITUTED.search(said):
        for inner in SUBSTITUTED.findall(said):
            if inner.startswith("$(aws "):
                checked(inner[2:-1])
        said = SUBSTITUTED.sub("x", said)
    checked(said)


def checked(command: str) -> None:
    if command.startswith("make "):
        assert command.split()[1] in TARGETS
        return
    words = shlex.split(re.split(r" \| | && |; |\.\.\.", command)[0])
    if words[1:3] != ["logs", "tail"] and len(words) > 2:  # a program of its own that follows a log
        parse(words[1:])


def test_what_was_lost_comes_back_from_the_copies_and_the_payment_goes_on_to_its_end(night: Night) -> None:
    preamble, stop, copy, refill, start, *_ = blocks(ROOT / "docs" / "runbooks" / "restore.md")
    client = night.client
    # Half way: the hold is placed, the customer has not chosen.
    open_payment = client.init(150.00)
    client.card(open_payment)
    done = client.paid(voucher(5000))
    for block in (stop, copy):
        assert night.run(preamble + block).returncode == 0
    emptied(night, "PaymentsTableName")
    emptied(night, "EventsTableName")
    assert client.call("GET", f"/api/payment/transaction/{done['transactionId']}").status_code == 404

    put_back = night.run(preamble + refill)

    assert put_back.returncode == 0, put_back.stderr
    assert json.loads(put_back.stdout)["PaymentsTable"]["putBack"] > 0
    night.words["PAYMENT"] = done["transactionId"]
    assert night.run(preamble + start).returncode == 0
    assert client.choose(open_payment, voucher(5000)).status_code == 202
    ended = until(lambda: client.transaction(open_payment), lambda seen: seen["status"] == "SUCCESS", seconds=90)
    book = client.book(open_payment)
    assert (ended["breakdown"]["cardAmount"], book["captured"], book["released"]) == (100.0, 100.0, 50.0)
    assert client.transaction(done)["status"] == "SUCCESS"
    assert json.loads(night.run(preamble + refill).stdout)["PaymentsTable"]["putBack"] == 0


def emptied(night: Night, output: str) -> None:
    """Somebody's mistake: every item of a table is gone."""
    record = json.loads(night.gateway.record.read_text())
    make: Any = boto3.client
    database = make("dynamodb", endpoint_url=record["endpoint"], region_name=record["region"])
    name = record["outputs"][output]
    for item in database.scan(TableName=name)["Items"]:
        database.delete_item(TableName=name, Key={"pk": item["pk"], "sk": item["sk"]})
