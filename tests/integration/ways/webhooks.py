"""Webhooks: self-service, the stream, the queue, what waited in the table; and an endpoint that is gone."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from shared.bootstrap import runtime
from tests.integration.ways.payments import VISA, bought
from tests.integration.ways.watching import Watch, after
from tests.receiver import Receiver


def gone(watch: Watch) -> None:
    """A merchant's only endpoint, which is no more."""
    with Receiver(answer=lambda request, before: 410) as receiver:
        mine = {"id": watch.ask("merchant.webhooks_create", None, {"url": receiver.url()})["id"]}
        watch.ask("merchant.webhooks_test", mine)
        watch.run("webhook.fan_out", stream(mine["id"]))
        _delivered(watch)
        watch.ask("merchant.webhooks_delete", mine)


def told(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = {"id": watch.ask("merchant.webhooks_create", None, {"url": "http://127.0.0.1:9/hook"})["id"]}
    paused = {"id": watch.ask("merchant.webhooks_create", None, {"url": "http://127.0.0.1:9/paused"}, once="p")["id"]}
    for module in ("list", "get", "deliveries"):
        watch.ask(f"merchant.webhooks_{module}", mine)
    for module in ("rotate_secret", "test"):
        watch.ask(f"merchant.webhooks_{module}", mine, once=module)
    watch.ask("merchant.webhooks_update", paused, {"status": "PAUSED"})
    watch.ask("merchant.webhooks_update", paused, {"status": "ENABLED"})
    watch.ask("merchant.webhooks_update", paused, {"status": "PAUSED"})
    payment = bought(watch, VISA, notifyUrl="http://127.0.0.1:9/own")
    watch.run("webhook.fan_out", stream(payment))
    _delivered(watch)
    delivery = watch.ask("merchant.webhooks_deliveries", mine)["deliveries"][0]
    watch.ask("merchant.transaction_deliveries", {"transactionId": payment})
    watch.ask("merchant.deliveries_replay", {"id": delivery["id"]}, once="one")
    watch.ask("merchant.webhooks_replay", mine, query={"since": "2026-01-01T00:00:00Z"}, once="all")
    _delivered(watch)
    watch.ask("merchant.events")
    with after(monkeypatch, minutes=20):
        watch.run("webhook.requeue", {})
    for endpoint in (mine, paused):
        watch.ask("merchant.webhooks_delete", endpoint)


def stream(about: str = "") -> dict[str, Any]:
    """What the events' stream brings: everything, or what happened to one payment or endpoint."""
    items = boto3.client("dynamodb").scan(TableName="EventsTable")["Items"]
    wanted = [item for item in items if about in ("", item["subject"]["S"])]
    return {"Records": [{"eventName": "INSERT", "dynamodb": {"NewImage": item}} for item in wanted]}


def untold(watch: Watch, event: dict[str, Any]) -> None:
    """What follows from ``event`` cannot be told, is set aside, and is tried again: in vain, and then not."""
    (item, *_) = [
        image for each in event["Records"] if (image := each["dynamodb"]["NewImage"])["type"]["S"] == "PAID"
    ]
    nobodys = item | {
        "sk": {"S": f"{item['sk']['S'][:-2]}z{item['sk']['S'][-1]}"},
        "subject": {"S": "TXN_20260101_NOBODY"},
    }
    boto3.client("dynamodb").put_item(TableName="EventsTable", Item=nobodys)
    for image in (item | {"subject": nobodys["subject"]}, nobodys):
        watch.run("payment.receipt", {"Records": [{"eventName": "INSERT", "dynamodb": {"NewImage": image}}]})
        (record,) = received("RECEIPTS_QUEUE_URL")
        watch.run("payment.receipt", {"Records": [record]})
        boto3.client("sqs").delete_message(
            QueueUrl=runtime.setting("RECEIPTS_QUEUE_URL"), ReceiptHandle=record["receiptHandle"]
        )
    boto3.client("dynamodb").delete_item(TableName="EventsTable", Key={"pk": nobodys["pk"], "sk": nobodys["sk"]})


def _delivered(watch: Watch) -> None:
    """Everything that is in the queue now, and what its delivery puts there."""
    batches = 0
    while records := received("DELIVERIES_QUEUE_URL"):
        watch.run("webhook.deliver", {"Records": records})
        batches += 1
        if batches == 1:  # and as the queue may, once more
            again = [record | {"attributes": {"ApproximateReceiveCount": "2"}} for record in records]
            watch.run("webhook.deliver", {"Records": again})
    assert batches


def received(setting: str) -> list[dict[str, Any]]:
    queue, url = boto3.client("sqs"), runtime.setting(setting)
    found = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])
    return [
        {
            "messageId": message["MessageId"],
            "body": message["Body"],
            "receiptHandle": message["ReceiptHandle"],
            "attributes": {"ApproximateReceiveCount": "1"},
        }
        for message in found.get("Messages", [])
    ]
