"""Sandbox table: versioned JSON documents, the books of a gateway and a provider that do not exist."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from shared.adapters.dynamodb.writing import number, put_if, text
from shared.domain.errors import OutcomeUnknown, StaleWrite, Unavailable
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_NO_ANSWER: Final = (BotoCoreError, ClientError)


@dataclass(frozen=True, slots=True)
class DynamoBooks:
    """The port ``Books``."""

    client: DynamoDBClient
    table: str

    def load(self, kind: str, doc_id: str) -> tuple[dict[str, Any], int]:
        try:
            item = self.client.get_item(
                TableName=self.table,
                Key={"pk": {"S": f"{kind}#{doc_id}"}, "sk": {"S": "DOC"}},
                ConsistentRead=True,
            ).get("Item")
        except _NO_ANSWER as error:
            raise Unavailable("the sandbox cannot read its books; try again") from error
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
        condition, values = "attribute_not_exists(pk)", None
        if version:
            condition, values = "version = :version", {":version": number(version)}
        try:
            return put_if(self.client, self.table, item, condition, values) is None
        except (*_NO_ANSWER, StaleWrite) as error:
            # The SDK has tried several times: whatever the last one came to, an earlier one may have been written.
            raise OutcomeUnknown("the sandbox does not know whether it wrote its books") from error
