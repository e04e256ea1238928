"""Office table: sums of a merchant's business by the hour, in several partitions, and which events are in them."""

from __future__ import annotations

import zlib
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.writing import number, text, transact
from shared.domain.event import Event
from shared.domain.figures import Figures, HourOf
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

SHARDS: Final = 4
# A stream brings an event again for a day, and the queue of those that failed for two weeks.
REMEMBERED: Final = timedelta(days=30)
_FORM: Final = "%Y-%m-%dT%H"
_SPENT: Final = "spent_"
_RETURNED: Final = "returned_"
_NAMES: Final = tuple(each.name for each in fields(Figures))


@dataclass(frozen=True, slots=True)
class DynamoFigures:
    """The port ``MerchantFigures``."""

    client: DynamoDBClient
    table: str

    def add(self, event: Event, added: HourOf, now: datetime) -> bool:
        told = {
            "pk": text(f"ADDED#{event.id}"),
            "sk": text("ADDED"),
            "expiresAtEpoch": number(int((now + REMEMBERED).timestamp())),
        }
        once: dict[str, Any] = {
            "TableName": self.table,
            "Item": told,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        shard = zlib.crc32(event.id.encode()) % SHARDS
        of = owner(event.merchant_id, event.environment)
        return transact(self.client, [{"Put": once}, self._addition(_pk(of, shard), added)]) is None

    def since(self, merchant_id: MerchantId, environment: Environment, moment: datetime) -> list[HourOf]:
        from concurrent.futures import ThreadPoolExecutor

        of = owner(merchant_id, environment)
        with ThreadPoolExecutor(max_workers=SHARDS) as pool:
            parts = pool.map(lambda shard: self._part(_pk(of, shard), moment), range(SHARDS))
            return [hour for part in parts for hour in part]

    def _part(self, pk: str, moment: datetime) -> list[HourOf]:
        request: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk AND sk >= :since",
            "ExpressionAttributeValues": {":pk": text(pk), ":since": text(moment.strftime(_FORM))},
        }
        found: list[HourOf] = []
        while True:
            page = self.client.query(**request)
            found += [_hour(dict(item), moment) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return found
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _addition(self, pk: str, added: HourOf) -> dict[str, Any]:
        moved = {name: value for name in _NAMES if (value := getattr(added.figures, name))}
        moved |= {f"{_SPENT}{issuer}": minor for issuer, minor in added.spent.items()}
        moved |= {f"{_RETURNED}{issuer}": minor for issuer, minor in added.returned.items()}
        update: dict[str, Any] = {
            "TableName": self.table,
            "Key": {"pk": text(pk), "sk": text(f"{added.hour.strftime(_FORM)}#{added.currency}")},
            "UpdateExpression": "ADD " + ", ".join(f"#n{n} :n{n}" for n in range(len(moved))),
            "ExpressionAttributeNames": {f"#n{n}": name for n, name in enumerate(moved)},
            "ExpressionAttributeValues": {f":n{n}": number(value) for n, value in enumerate(moved.values())},
        }
        return {"Update": update}


def _pk(of: str, shard: int) -> str:
    return f"FIGURES#{of}#{shard}"


def _hour(item: dict[str, Any], like: datetime) -> HourOf:
    hour, _, currency = item["sk"]["S"].partition("#")
    figures = Figures(**{name: int(item[name]["N"]) for name in _NAMES if name in item})
    begun = datetime.strptime(hour, _FORM).replace(tzinfo=like.tzinfo)
    return HourOf(begun, currency, figures, _named(item, _SPENT), _named(item, _RETURNED))


def _named(item: dict[str, Any], prefix: str) -> dict[str, int]:
    """Sums by issuer, which have the issuer in their attribute's name."""
    return {name.removeprefix(prefix): int(value["N"]) for name, value in item.items() if name.startswith(prefix)}
