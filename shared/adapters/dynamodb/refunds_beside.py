"""Refunds as items beside their payment, and the numbers that merchants gave to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb.codec import to_text
from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.payments_of_family import list_of as payments_of
from shared.adapters.dynamodb.writing import Item, text
from shared.domain.ids import RefundId
from shared.domain.payment import PAYGLOBE, Payment
from shared.domain.refund import Refund, reference_taken
from shared.ports.payments import WantedRefunds

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from shared.adapters.dynamodb import numbered

_NUMBER: Final = "NUMBER"


def puts(payment: Payment, refunds: Sequence[Refund], table: str) -> list[dict[str, Any]]:
    """The writes of refunds, and of their numbers, in the payment's transaction."""
    written = [{"Put": {"TableName": table, "Item": _item(payment, refund)}} for refund in refunds]
    return written + [_number(payment, refund, table) for refund in refunds if refund.reference]


def check_number(refused: Item) -> None:
    """Raises Conflict when what refused a write was a number that another refund has."""
    if refused.get("sk", {}).get("S") == _NUMBER:
        raise reference_taken()


def by_number(client: DynamoDBClient, table: str, owned_by: str, reference: str) -> RefundId | None:
    key = {"pk": {"S": _number_pk(owned_by, reference)}, "sk": {"S": _NUMBER}}
    item = client.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
    return None if item is None else RefundId(item["refundId"]["S"])


def list_of(merchant_id: str, environment: str, family: str) -> str:
    return f"{payments_of(merchant_id, environment, family)}#refunds"


def narrowed(wanted: WantedRefunds) -> numbered.Wanted:
    from shared.adapters.dynamodb import numbered

    told = (("of", wanted.payment_id), ("status", wanted.status))
    given = {name: value for name, value in told if value is not None}
    return numbered.Wanted(
        " AND ".join(f"#{name} = :{name}" for name in given),
        {f":{name}": text(value) for name, value in given.items()},
        {f"#{name}": name for name in given},
    )


def _item(payment: Payment, refund: Refund) -> Item:
    item: Item = {"pk": text(payment.id), "sk": text(f"REFUND#{refund.id}"), "body": text(to_text(refund))}
    if payment.family == PAYGLOBE:
        return item
    from shared.adapters.dynamodb import numbered

    listed = list_of(payment.merchant_id, payment.environment, payment.family)
    place = numbered.listed_as(listed, refund.created_at)
    return {**item, **place, "status": text(refund.status), "of": text(payment.id)}


def _number(payment: Payment, refund: Refund, table: str) -> dict[str, Any]:
    """The same refund writes it again with each of its changes; no other ever does."""
    pk = _number_pk(owner(payment.merchant_id, payment.environment), refund.reference)
    return {
        "Put": {
            "TableName": table,
            "Item": {"pk": text(pk), "sk": text(_NUMBER), "refundId": text(refund.id)},
            "ConditionExpression": "attribute_not_exists(pk) OR refundId = :refund",
            "ExpressionAttributeValues": {":refund": text(refund.id)},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _number_pk(owned_by: str, reference: str) -> str:
    return f"REFUNDNUMBER#{owned_by}#{reference}"
