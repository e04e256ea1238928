"""The local cloud: several side by side, abandoned checkouts end, nothing is left running."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client, until, voucher
from tools.local.stack import Gateway, start_gateway

STARTED = """
import sys
from tools.local.cloud import start_cloud
print(start_cloud().process.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def short() -> Iterator[Gateway]:
    """A gateway beside the session's own, whose checkouts last twelve seconds, and a minute of its schedules ten."""
    gateway = start_gateway(0, {"CheckoutTimeoutSeconds": "12"}, minute=10.0)
    try:
        yield gateway
    finally:
        gateway.stop()


@pytest.fixture(scope="module")
def abandoned(short: Gateway) -> dict[str, Any]:
    """A payment nobody touches, begun before the other tests wait for the deadline."""
    return Client(short.base_url).init()


def test_an_abandoned_checkout_fails_and_its_hold_is_released(short: Gateway, abandoned: dict[str, Any]) -> None:
    client = Client(short.base_url)
    client.submit(client.init())  # what a first call takes is not taken from the twelve seconds below
    held = client.init()
    client.card(held)
    sale = client.init(paymentMode="SALE_DIRECT")

    for payment in (held, abandoned, sale):
        assert client.settled(payment, {"FAILED"}, seconds=150)["lastError"]["code"] == "expired"
    book = client.book(held)
    assert (book["authorised"], book["captured"], book["voided"]) == (150.0, 0.0, 150.0)
    assert client.choose(held, voucher(5000)).status_code == 409


def test_after_the_deadline_no_card_is_taken(short: Gateway, abandoned: dict[str, Any]) -> None:
    client = Client(short.base_url)
    client.settled(abandoned, {"FAILED"}, seconds=150)
    body = {"number": "4242424242424242", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}

    reply = client.using(None).call("POST", f"/sandbox/card-page/{abandoned['igfs']['paymentId']}", body)

    assert reply.status_code == 409
    assert client.book(abandoned)["authorised"] == 0.0


def test_a_get_with_a_body_passes_and_header_names_keep_their_case(short: Gateway) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", short.front.server_address[1], timeout=60)
    body = b'{"pg_serviceid":"123"}'
    connection.request("GET", "/paymentgw/js/payglobe.js", body=body, headers={"Content-Length": str(len(body))})

    names = [name for name, _ in connection.getresponse().getheaders()]

    assert "X-Request-Id" in names
    connection.close()


def test_the_pages_watch_finds_nothing_changed_here(short: Gateway) -> None:
    functions = short.stack.client("lambda")
    every = functions.get_paginator("list_functions").paginate()
    (watch,) = [one for page in every for one in page["Functions"] if one["Handler"] == "housekeeping.pages.handler"]

    said = json.loads(functions.invoke(FunctionName=watch["FunctionName"])["Payload"].read())

    assert (said["changed"], said["looked"] > 20) == (0, True)


def test_two_merchants_do_not_see_each_other(short: Gateway) -> None:
    made = subprocess.run(
        ["make", "--silent", "merchant", "NAME=Other", f"PORT={short.front.server_address[1]}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    other = json.loads(made.stdout.strip().splitlines()[-1])
    mine = Client(short.base_url)
    theirs = mine.using(other["keys"]["sk_test"])
    payment = mine.init()

    assert theirs.call("GET", f"/api/payment/transaction/{payment['id']}").status_code == 404
    assert theirs.call("POST", f"/api/payment/refund/{payment['id']}", {"amount": "x"}).status_code == 404
    assert theirs.call("GET", f"/api/sandbox/payments/{payment['igfs']['paymentId']}").status_code == 404
    live = mine.using(other["keys"]["sk_live"]).call("POST", "/api/payment/init", {"amount": 1})
    assert (live.status_code, live.json()["code"]) == (422, "gateway_not_configured")

    rotated = subprocess.run(
        [
            "make",
            "--silent",
            "rotate-key",
            f"MERCHANT={other['merchantId']}",
            f"KEY={other['keys']['sk_test']}",
            f"PORT={short.front.server_address[1]}",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    fresh = json.loads(rotated.stdout)["key"]
    assert theirs.call("GET", "/api/sandbox/messages").status_code == 401
    assert mine.using(fresh).call("GET", "/api/sandbox/messages").status_code == 200


def test_stopping_leaves_no_process_behind() -> None:
    gateway = start_gateway()
    group = gateway.stack.cloud.process.pid
    Client(gateway.base_url).init()

    gateway.stop()

    until(lambda: _alive(group), lambda alive: not alive)


def test_what_a_killed_gateway_left_behind_is_gone_after_the_next_start(tmp_path: Path) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", STARTED]

    def started() -> subprocess.Popen[str]:
        return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    with started() as killed, started() as other:
        emulator = int(said(killed))
        said(other)
        killed.kill()
        until(lambda: _alive(emulator), lambda alive: not alive)
        left = set(tmp_path.glob("gateway-cloud-*"))
        with started() as next_one:
            said(next_one)
            now = set(tmp_path.glob("gateway-cloud-*"))
            next_one.kill()
        other.kill()

    assert len(left) == 2
    assert (len(left & now), len(now)) == (1, 2)


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


def _alive(group: int) -> list[str]:
    """Processes of the group, zombies apart."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if state[0] != "Z" and int(state[2]) == group and int(entry.name) != os.getpid():
                found.append(entry.name)
    return found
