"""``make copy-tables`` and ``make refill``: the record tables as they were at a moment; and back what is missing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import click
from botocore.exceptions import ClientError

from shared.domain.errors import InvalidRequest, Unavailable
from tools.ops.merchant import at_a_target
from tools.ops.target import Target

# Counters and claims live for hours, and the sandbox's books are nobody's money.
NOT_RECORDS: Final = frozenset({"IdempotencyTable", "SandboxTable"})
# What is told is decided by the deliveries that are there: they come before the events, which are streamed.
FIRST: Final = ("MerchantsTable", "DeliveriesTable")
_SUFFIX: Final = "-copy"
_LOOK_SECONDS: Final = 5
_MOST_SECONDS: Final = 6 * 3600  # a large table takes hours


@dataclass(frozen=True, slots=True)
class Tables:
    """The record tables of a stack, and the copies of them that stand beside."""

    at: Target

    def copy(self, moment: datetime | None) -> dict[str, str]:
        """Restore each table beside itself, as it was then (None: as late as can be had), and wait. Name by name."""
        database = self.at.client("dynamodb")
        names = self._names()
        for name in names.values():
            when = {"UseLatestRestorableTime": True} if moment is None else {"RestoreDateTime": moment}
            try:
                database.restore_table_to_point_in_time(
                    SourceTableName=name, TargetTableName=f"{name}{_SUFFIX}", **when
                )
            except ClientError as error:
                if error.response["Error"]["Code"] not in ("TableAlreadyExistsException", "TableInUseException"):
                    raise
        for name in names.values():
            self._wait_for(f"{name}{_SUFFIX}")
        return {logical: f"{name}{_SUFFIX}" for logical, name in names.items()}

    def refill(self) -> dict[str, dict[str, int]]:
        """Put back each item of the copies that is missing. What is there stays as it is; repeating does no harm."""
        return {logical: self._refilled(name) for logical, name in self._names().items()}

    def _names(self) -> dict[str, str]:
        pages = (
            self.at.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.at.stack)
        )
        tables = {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for page in pages
            for each in page["StackResourceSummaries"]
            if each["ResourceType"] == "AWS::DynamoDB::Table" and each["LogicalResourceId"] not in NOT_RECORDS
        }
        return {logical: tables[logical] for logical in sorted(tables, key=lambda name: (name not in FIRST, name))}

    def _wait_for(self, name: str) -> None:
        deadline = time.monotonic() + _MOST_SECONDS
        while self.at.client("dynamodb").describe_table(TableName=name)["Table"]["TableStatus"] != "ACTIVE":
            if time.monotonic() > deadline:
                raise Unavailable(f"{name} is still being made; call again")
            time.sleep(_LOOK_SECONDS)

    def _refilled(self, name: str) -> dict[str, int]:
        counts = {"looked": 0, "putBack": 0}
        for item in self._items(f"{name}{_SUFFIX}"):
            counts["looked"] += 1
            counts["putBack"] += self._put_back(name, item)
        return counts

    def _items(self, name: str) -> Iterator[dict[str, Any]]:
        for page in self.at.client("dynamodb").get_paginator("scan").paginate(TableName=name, ConsistentRead=True):
            yield from page["Items"]

    def _put_back(self, name: str, item: dict[str, Any]) -> bool:
        try:
            self.at.client("dynamodb").put_item(
                TableName=name, Item=item, ConditionExpression="attribute_not_exists(pk)"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True


@click.group()
def main() -> None:
    """Copies of the record tables, and back."""


@main.command()
@at_a_target
@click.option("--moment", default="")
def copy(at: Target, moment: str) -> dict[str, str]:
    """Copy every record table as it was at ``moment``."""
    return Tables(at).copy(_moment(moment))


@main.command()
@at_a_target
def refill(at: Target) -> dict[str, dict[str, int]]:
    """Put back what is missing from the copies."""
    return Tables(at).refill()


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidRequest("MOMENT is a moment such as 2026-11-22T03:00:00Z") from None
    if moment.tzinfo is None:
        raise InvalidRequest("MOMENT needs its time zone: 2026-11-22T03:00:00Z")
    return moment


if __name__ == "__main__":
    main()
