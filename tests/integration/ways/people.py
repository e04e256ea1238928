"""People: invited, signed in, and at work in whatever the dashboard may ask for."""

from __future__ import annotations

import json
from typing import Any

import boto3

from shared.bootstrap import runtime, sandbox
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.families.rights import RIGHTS
from tests.integration.ways.watching import Watch
from tests.integration.ways.webhooks import received
from tools.contract.routes import endpoints
from tools.ops.onboarding import DEMO_ID
from tools.testing.calling import example_event

ORIGIN = "https://pages.example.com"
EMAIL = "owner@bottega-demo.example"


class Desk:
    """Somebody who is signed in, whose browser calls functions as the dashboard does."""

    def __init__(self, watch: Watch) -> None:
        self.watch, self.cookie, self.csrf = watch, "", ""

    def ask(self, module: str, **changed: Any) -> dict[str, Any]:
        event = example_event(module)
        headers = {name: value for name, value in event["headers"].items() if name != "Authorization"}
        headers |= {"Origin": ORIGIN, "Cookie": self.cookie, "X-CSRF-Token": self.csrf, "X-Environment": "test"}
        reply = self.watch.run(module, {**event, "headers": headers, **changed})
        assert reply["statusCode"] < 500, reply["body"]
        self.cookie = reply["headers"].get("Set-Cookie", self.cookie).partition(";")[0]
        said: dict[str, Any] = json.loads(reply["body"]) if reply["body"].startswith("{") else {}
        self.csrf = said.get("csrfToken", self.csrf)
        return said

    def sign_in(self, email: str = EMAIL) -> None:
        with self.watch.aside():
            link = _link_of(email)
        assert self.ask("merchant.session_begin", body=json.dumps({"token": link}))["signedIn"]
        assert self.ask("merchant.session_change")["environment"] == "test"


def _link_of(email: str) -> str:
    mails = sandbox.captured_messages().read(MerchantId(DEMO_ID), Environment.TEST)
    text = next(mail["text"] for mail in mails if mail["to"] == email)
    return str(text.split("/enter/")[1].split()[0])


def people_in_every_way(watch: Watch) -> None:
    """Everything that changes something, as somebody who may: refused for what the samples name, most of it."""
    desk = Desk(watch)
    watch.ask("merchant.people_invite", body={"email": EMAIL, "role": "owner"}, once="people-1")
    watch.ask("merchant.people_invite", body={"email": "nobody", "role": "owner"}, once="people-2")
    desk.ask("merchant.session_ask", body=json.dumps({"email": EMAIL}))
    letters_written(watch)
    desk.sign_in()
    desk.ask("merchant.session_get")
    second = desk.ask("merchant.people_invite", body=json.dumps({"email": "second@shop.example", "role": "read"}))
    for change in ("merchant.people_change", "merchant.people_remove"):
        desk.ask(change, pathParameters={"id": second["id"]})
    for module in _changing():
        desk.ask(module)
    overlapping = {"type": "publishable", "expire_after_in_seconds": 600}
    assert desk.ask("glomopay.api_keys_rotate", body=json.dumps(overlapping))["key"]
    watch.ask("merchant.people_list")
    desk.ask("merchant.people_doings")
    desk.ask("merchant.session_end")
    letters_written(watch)


def letters_written(watch: Watch) -> None:
    """Every letter that was asked for, as the queue brings it."""
    for letter in received("RECEIPTS_QUEUE_URL"):
        watch.run("payment.receipt", {"Records": [letter]})
        queue = {"QueueUrl": runtime.setting("RECEIPTS_QUEUE_URL"), "ReceiptHandle": letter["receiptHandle"]}
        boto3.client("sqs").delete_message(**queue)


def _changing() -> list[str]:
    """Functions by which people change something that is not about people."""
    return [
        module
        for module, endpoint in endpoints().items()
        if RIGHTS.get(f"{endpoint.method} {endpoint.path}")
        and endpoint.method != "GET"
        and not module.startswith(("merchant.session", "merchant.people", "glomopay.api_keys"))
    ]
