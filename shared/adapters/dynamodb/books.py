"""Sandbox table: versioned JSON documents, the books of a gateway and a provider that do not exist."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamodb.writing import number, put_if, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoBooks:
    """The port ``Books``."""

    client: DynamoDBClient
    table: str

    def load(self, kind: str, doc_id: str) -> tuple[dict[str, Any], int]:
        item = self.client.get_item(
            TableName=self.table,
            Key={"pk": {"S": f"{kind}#{doc_id}"}, "sk": {"S": "DOC"}},
            ConsistentRead=True,
        ).get("Item")
        if item is None:
            return {}, 0
        return json.loads(item["body"]["S"]), int(item["version"]["N"])

    def save(self, kind: str, doc_id: str, doc: dict[str, Any], version: int) -> bool:
        item = {
            "pk": text(f"{kind}#{doc_id}"),
            "sk": text("DOC"),
            "version": number(version + 1),
            "body": text(json.dumps(doc, separators=(",", ":"))),
        }
        if version == 0:
            return put_if(self.client, self.table, item, "attribute_not_exists(pk)") is None
        values = {":version": number(version)}
        return put_if(self.client, self.table, item, "version = :version", values) is None
