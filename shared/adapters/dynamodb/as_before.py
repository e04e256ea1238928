"""While a release may be taken back: what it writes lies where the release before looks, too.

v0.2.0 has every key in one partition. It asks one for what is due (of deliveries eight, named by a digit), finds
forgotten events and a merchant's payments by indexes of before, and events by ids without a place. The last is
``event_id_of_before``; the others are attributes, which are put into each item on its way to DynamoDB.

The price is what v0.2.0 paid: its hot partitions. Goes with the release after this one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb.due import KEY
from shared.adapters.dynamodb.writing import Item, text
from shared.domain.ids import place_of_event

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_PUTS: Final = "provide-client-params.dynamodb.PutItem"
_TRANSACTIONS: Final = "provide-client-params.dynamodb.TransactWriteItems"


def write_as_before(client: DynamoDBClient, deliveries: str) -> None:
    """From now on each item that ``client`` puts can be found by the release before. ``deliveries``: that table."""
    before: dict[str, Callable[..., Any]] = {_PUTS: _put, _TRANSACTIONS: _transaction}
    for event, changed in before.items():
        client.meta.events.register(event, partial(changed, deliveries), unique_id=event)


def _put(deliveries: str, params: dict[str, Any], **_: object) -> dict[str, Any]:
    return {**params, "Item": findable(params["Item"], of_deliveries=params["TableName"] == deliveries)}


def _transaction(deliveries: str, params: dict[str, Any], **_: object) -> dict[str, Any]:
    written = [
        {**each, "Put": _put(deliveries, each["Put"])} if "Put" in each else each for each in params["TransactItems"]
    ]
    return {**params, "TransactItems": written}


def findable(item: Item, *, of_deliveries: bool) -> Item:
    """The item with what the release before finds it by; of an event that it cannot read anyhow, as it is."""
    if place_of_event(item.get("sk", {}).get("S", "")):
        return item
    return {**item, **_due(item, of_deliveries), **_forgotten(item), **_listed(item)}


def _due(item: Item, of_deliveries: bool) -> Item:
    key, _, place = item.get("dueShard", {}).get("S", "").partition("#")
    if key != KEY or not place:
        return {}
    return {"dueShard": text(place if of_deliveries else KEY)}


def _forgotten(item: Item) -> Item:
    return {"unfanned": text("1")} if "unfannedIn" in item else {}


def _listed(item: Item) -> Item:
    if "listedFor" not in item:
        return {}
    owner, _, _ = item["listedFor"]["S"].rpartition("#")
    return {"merchantEnv": text(owner)}
