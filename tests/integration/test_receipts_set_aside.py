"""What a customer cannot be told is set aside: the others are told meanwhile, and it is tried again."""

from __future__ import annotations

from typing import Any

import boto3

from tools.contract.routes import handler
from tools.testing.calling import sample
from tools.testing.resources import Context

NOBODY = "TXN_20260101_NOBODY"


def event_of(payment_id: str, number: int) -> dict[str, Any]:
    """A record of the events' stream, of a payment that was complete."""
    (record,) = sample("payment.receipt")["Records"]
    image = record["dynamodb"]["NewImage"]
    event_id = image["sk"]["S"]  # its last digit says where it is kept
    own = {"sk": {"S": f"{event_id[:-2]}{number}{event_id[-1]}"}, "subject": {"S": payment_id}}
    return {**record, "dynamodb": {"NewImage": image | own}}


def told(*records: dict[str, Any]) -> dict[str, Any]:
    return dict(handler("payment.receipt")({"Records": list(records)}, Context()))


def waiting(stack: dict[str, str], **attributes: str) -> list[dict[str, Any]]:
    found = boto3.client("sqs").receive_message(QueueUrl=stack["RECEIPTS_QUEUE_URL"], MaxNumberOfMessages=10)
    return [
        {
            "messageId": message["MessageId"],
            "body": message["Body"],
            "receiptHandle": message["ReceiptHandle"],
            "attributes": {"ApproximateReceiveCount": "1"} | attributes,
        }
        for message in found.get("Messages", [])
    ]


def test_an_event_that_cannot_be_told_delays_no_other_and_waits_by_its_name(stack: dict[str, str]) -> None:
    lost = event_of(NOBODY, 1)

    assert told(lost, event_of(NOBODY, 2)) == {"sent": 0}

    bodies = [message["body"] for message in waiting(stack)]
    assert len(bodies) == 2
    assert lost["dynamodb"]["NewImage"]["sk"]["S"] in bodies[0]
    assert NOBODY not in "".join(bodies)


def test_what_was_set_aside_comes_back_ever_later_until_it_can_be_told(stack: dict[str, str]) -> None:
    lost = event_of(NOBODY, 1)
    boto3.client("dynamodb").put_item(TableName=stack["EVENTS_TABLE"], Item=lost["dynamodb"]["NewImage"])
    told(lost)
    (message,) = waiting(stack)

    kept = told(message)

    assert kept == {"batchItemFailures": [{"itemIdentifier": message["messageId"]}]}
    assert waiting(stack) == []  # not before its time
    settled = lost["dynamodb"]["NewImage"] | {"type": {"S": "PREAUTHORISED"}}
    boto3.client("dynamodb").put_item(TableName=stack["EVENTS_TABLE"], Item=settled)
    assert told(message) == {"batchItemFailures": []}
