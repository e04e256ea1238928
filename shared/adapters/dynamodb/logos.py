"""Merchants table: logos, beside the merchant they are of."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamodb.writing import Item, conditional, number
from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId
from shared.domain.picture import Picture
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoLogos:
    """The port ``Logos``."""

    client: DynamoDBClient
    table: str

    def keep(self, merchant_id: MerchantId, picture: Picture) -> str:
        name = name_of(picture)
        item: Item = {**_key(merchant_id, name), "content": {"B": picture.content}}
        self.client.put_item(TableName=self.table, Item=item)
        return name

    def end(self, merchant_id: MerchantId, name: str, at: datetime) -> None:
        epoch = number(int(at.timestamp()))
        self._change(merchant_id, name, "SET expiresAtEpoch = :at", {":at": epoch})

    def stay(self, merchant_id: MerchantId, name: str) -> None:
        self._change(merchant_id, name, "REMOVE expiresAtEpoch", {})

    def _change(self, merchant_id: MerchantId, name: str, expression: str, values: dict[str, Any]) -> None:
        request: dict[str, Any] = {
            "TableName": self.table,
            "Key": _key(merchant_id, name),
            "UpdateExpression": expression,
            "ConditionExpression": "attribute_exists(pk)",
        }
        if values:
            request["ExpressionAttributeValues"] = values
        conditional(lambda: self.client.update_item(**request))

    def get(self, merchant_id: MerchantId, name: str) -> Picture:
        found = self.client.get_item(TableName=self.table, Key=_key(merchant_id, name)).get("Item")
        if found is None:
            raise NotFound("there is no such logo")
        return Picture(name.rpartition(".")[2], bytes(found["content"]["B"]))


def name_of(picture: Picture) -> str:
    return f"{hashlib.sha256(picture.content).hexdigest()[:32]}.{picture.kind}"


def _key(merchant_id: str, name: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"LOGO#{merchant_id}"}, "sk": {"S": name}}
