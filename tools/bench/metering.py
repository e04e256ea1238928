"""What our AWS clients are asked for in this process: the calls in order, and the capacity that DynamoDB charges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import boto3

from shared.adapters import aws
from tools.bench.units import Item, Table, read_units, writes
from tools.contract.routes import template

SANDBOX: Final = "SandboxTable"  # the sandbox's own books stand for somebody else's system
_ENTRIES: Final = ("Put", "Update", "Delete", "ConditionCheck")


@dataclass(slots=True)
class Used:
    """What one visit to a handler asked of AWS."""

    calls: list[str] = field(default_factory=list)
    writes: int = 0
    reads: Decimal = Decimal(0)
    # Write units by (table, index or "", partition key).
    partitions: Counter[tuple[str, str, str]] = field(default_factory=Counter)


class Meter:
    """Listens to our clients of DynamoDB, Step Functions and SQS; needs their AWS to be in this process."""

    def __init__(self) -> None:
        self.visits: list[tuple[str, Used]] = []
        self.woken: list[dict[str, str]] = []  # what SendTaskSuccess was given
        self._used = Used()
        self._database = boto3.client("dynamodb")  # another client than the handlers': it counts nothing
        self._tables = {
            name: Table.of(resource["Properties"])
            for name, resource in template()["Resources"].items()
            if resource["Type"] == "AWS::DynamoDB::Table"
        }
        for service in ("dynamodb", "stepfunctions", "sqs"):
            events = aws.client(service).meta.events
            events.register(f"before-parameter-build.{service}.*", self._before)
            events.register(f"after-call.{service}.*", self._after)
            events.register(f"after-call-error.{service}.*", self._forget)

    @contextmanager
    def visit(self, name: str) -> Iterator[Used]:
        """Everything asked for inside belongs to the visit ``name``."""
        self._used = Used()
        self.visits.append((name, self._used))
        try:
            yield self._used
        finally:
            self._used = Used()

    def by_name(self) -> Counter[str]:
        """AWS calls of each visited name."""
        counts: Counter[str] = Counter()
        for name, used in self.visits:
            counts[name] += len(used.calls)
        return counts

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: object) -> None:
        if model.name == "SendTaskSuccess":
            self.woken.append(params)
        if params.get("TableName") == SANDBOX:
            return
        self._used.calls.append(model.name)
        context["metered"] = (
            params,
            [(table, key, self._image(table, key)) for table, key in self._written(model.name, params)],
        )

    def _after(self, parsed: Mapping[str, Any], model: Any, context: dict[str, Any], **_: object) -> None:
        if "metered" not in context:
            return
        params, images = context.pop("metered")
        transactional = model.name == "TransactWriteItems"
        for table, key, before in images:
            after = self._image(table, key)
            for index, partition, units in writes(self._tables[table], before, after, transactional=transactional):
                self._used.writes += units
                self._used.partitions[table, index, partition] += units
        if model.name in ("GetItem", "Query"):
            found = parsed.get("Items") or ([parsed["Item"]] if "Item" in parsed else [])
            self._used.reads += read_units(found, consistent=bool(params.get("ConsistentRead")))

    def _forget(self, context: dict[str, Any], **_: object) -> None:
        context.pop("metered", None)

    def _written(self, operation: str, params: dict[str, Any]) -> list[tuple[str, Item]]:
        if operation == "TransactWriteItems":
            entries = [entry[kind] for entry in params["TransactItems"] for kind in _ENTRIES if kind in entry]
        else:
            entries = [params] if operation in ("PutItem", "UpdateItem", "DeleteItem") else []
        return [(entry["TableName"], self._key(entry)) for entry in entries]

    def _key(self, entry: Mapping[str, Any]) -> Item:
        if "Key" in entry:
            return dict(entry["Key"])
        return {name: entry["Item"][name] for name in self._tables[entry["TableName"]].keys}

    def _image(self, table: str, key: Item) -> Item | None:
        return self._database.get_item(TableName=table, Key=dict(key), ConsistentRead=True).get("Item")
