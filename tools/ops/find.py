"""``make find``: the whole story of a payment in the order of time, from whatever one has of it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import click
from botocore.exceptions import ClientError

from shared.adapters.dynamodb import events as outbox
from shared.adapters.dynamodb.deliveries import DynamoDeliveries
from shared.adapters.dynamodb.spread import spread
from shared.adapters.step_functions import execution_arn
from shared.domain import ids
from shared.domain.delivery import NOTIFY, Delivery, parts_of
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.event import Event
from shared.domain.ids import MerchantId, PaymentId
from shared.domain.payment import MAX_EXECUTIONS, Environment, Payment
from tools.ops.merchant import at_a_target
from tools.ops.story import Line, of_deliveries, of_events, of_log, of_payment, of_refunds, of_steps, table
from tools.ops.target import Target

MOST_PAGES: Final = 200  # of a log that are read for one answer
_BEFORE: Final = timedelta(minutes=1)
_WORD: Final = re.compile(r"[A-Z_]+")


@dataclass(frozen=True, slots=True)
class Finder:
    """Reads everything that a stack knows of a payment; writes nothing."""

    at: Target

    def story(self, payment: Payment) -> list[Line]:
        events = list(self.events(payment))
        return [
            *of_payment(payment, datetime.now(UTC)),
            *of_refunds(self.at.payments.refunds(payment.id)),
            *of_events(events),
            *of_deliveries(self.deliveries(payment, events)),
            *self.steps(payment.id),
            *of_log(self.log(f'"{payment.id}"', payment.created_at - _BEFORE)),
        ]

    def events(self, payment: Payment) -> Iterator[Event]:
        """All that was told of a payment, its order's and link's apart."""
        pages = self.at.client("dynamodb").get_paginator("query")
        owned_by = outbox.owner(payment.merchant_id, payment.environment)
        values = {":since": {"S": ids.event_bound(payment.created_at, bytes(10))}, ":about": {"S": payment.id}}
        for partition in (spread(owned_by, payment.id), owned_by):
            for page in pages.paginate(
                TableName=self._name("EventsTable"),
                KeyConditionExpression="pk = :pk AND sk >= :since",
                FilterExpression="subject = :about",
                ExpressionAttributeValues={":pk": {"S": partition}, **values},
            ):
                yield from map(outbox.from_item, page["Items"])

    def deliveries(self, payment: Payment, events: Iterable[Event]) -> Iterator[Delivery]:
        endpoints = self.at.office.merchants.endpoints(payment.merchant_id, payment.environment)
        names = [*(endpoint.id for endpoint in endpoints if endpoint.id != NOTIFY), NOTIFY]
        for event in events:
            yield from filter(
                None, (self._delivery(payment.merchant_id, payment.environment, name, event.id) for name in names)
            )

    def steps(self, payment_id: PaymentId) -> Iterator[Line]:
        machines = self.at.client("stepfunctions")
        for number in range(1, MAX_EXECUTIONS + 1):
            arn = execution_arn(self.at.outputs["PaymentFlowArn"], payment_id, number)
            try:
                pages = list(machines.get_paginator("get_execution_history").paginate(executionArn=arn))
            except ClientError as error:
                if error.response["Error"]["Code"] == "ExecutionDoesNotExist":
                    return
                raise
            yield from of_steps((event for page in pages for event in page["events"]), arn.rpartition(":")[2])

    def log(self, pattern: str, since: datetime) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """The functions' lines that match. The gateway of this machine writes its own to its terminal."""
        asked = {
            "logGroupName": self._name("LogGroup"),
            "filterPattern": pattern,
            "startTime": int(since.timestamp() * 1000),
        }
        for number, page in enumerate(self.at.client("logs").get_paginator("filter_log_events").paginate(**asked)):
            if number == MOST_PAGES:
                print("the log is longer than what was read of it; narrow the time with DAYS=", file=sys.stderr)
                return
            for event in page["events"]:
                at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
                yield at, _line(event["message"])

    def needing(self, word: str, since: datetime) -> list[Line]:
        """The payments that asked for a person by this word since then, each with its last line."""
        lines: dict[str, Line] = {}
        for at, line in self.log(f'"{word}"', since):
            if line.get("attention") == word and "paymentId" in line:
                lines[line["paymentId"]] = Line(at, "attention", line["paymentId"], word)
        return list(lines.values())

    def of_delivery(self, delivery_id: str) -> Payment:
        """The payment that a delivery tells about. Its id says neither whose it is nor in which environment."""
        parts = parts_of(delivery_id)
        if parts is None:
            raise InvalidRequest("DELIVERY is the id of a delivery, dlv_...")
        endpoint_id, event_id = parts
        for record in self.at.office.merchants.all():
            for environment in Environment:
                if self._delivery(record.merchant.id, environment, endpoint_id, event_id):
                    event = outbox.DynamoEvents(self.at.client("dynamodb"), self._name("EventsTable")).get(
                        record.merchant.id, environment, event_id
                    )
                    return self.at.payments.get(PaymentId(event.subject))
        raise NotFound("there is no such delivery")

    def of_execution(self, name: str) -> Payment:
        arn = (
            name if name.startswith("arn:") else execution_arn(self.at.outputs["PaymentFlowArn"], PaymentId(name), 1)
        )
        found = self.at.client("stepfunctions").describe_execution(executionArn=arn)
        return self.at.payments.get(PaymentId(json.loads(found["input"])["paymentId"]))

    def _delivery(
        self, merchant_id: MerchantId, environment: Environment, endpoint_id: str, event_id: str
    ) -> Delivery | None:
        table_of = DynamoDeliveries(self.at.client("dynamodb"), self._name("DeliveriesTable"), "")
        try:
            return table_of.get(merchant_id, environment, endpoint_id, event_id)
        except NotFound:
            return None

    def _name(self, of: str) -> str:
        name = self.at.outputs.get(f"{of}Name")
        if name is None:
            raise NotFound(f"the stack names no {of} among its outputs: deploy this release first")
        return name


def _line(message: str) -> dict[str, Any]:
    """What a function logged; text that Lambda wrote itself is its own message."""
    try:
        line = json.loads(message)
    except ValueError:
        return {"message": message.strip()}
    return line if isinstance(line, dict) else {"message": message.strip()}


@click.command()
@at_a_target
@click.option("--payment", default="")
@click.option("--attention", default="")
@click.option("--delivery", default="")
@click.option("--execution", default="")
@click.option("--days", default=7)
def main(at: Target, payment: str, attention: str, delivery: str, execution: str, days: int) -> str:
    """Tell the story of a payment; or which payments asked for a person by the word ``attention``."""
    finder = Finder(at)
    if attention:
        if not _WORD.fullmatch(attention):
            raise InvalidRequest("ATTENTION is one of the words in the runbooks, such as OUTCOME_UNKNOWN")
        lines = finder.needing(attention, datetime.now(UTC) - timedelta(days=days))
        return table(lines) or f"nothing asked for a person by {attention} in the last {days} days"
    if delivery:
        found = finder.of_delivery(delivery)
    elif execution:
        found = finder.of_execution(execution)
    elif payment:
        found = at.payments.get(PaymentId(payment))
    else:
        raise InvalidRequest("say what to find: PAYMENT=, ATTENTION=, DELIVERY= or EXECUTION=")
    return table(finder.story(found))


if __name__ == "__main__":
    main()
