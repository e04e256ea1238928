"""Conditional writes: whose item refused one, whether it was our own, and what is worth another try."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared.domain.errors import StaleWrite

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

Item = dict[str, Any]
MOST_TRIES = 6
_CONGESTED = frozenset(
    {"TransactionConflictException", "TransactionConflict", "ThrottlingException", "ThrottlingError"}
    | {
        "ProvisionedThroughputExceededException",
        "ProvisionedThroughputExceeded",
        "TransactionInProgressException",
    }
)


def text(value: str) -> dict[str, str]:
    return {"S": value}


def number(value: int) -> dict[str, str]:
    return {"N": str(value)}


def put_if(
    client: DynamoDBClient,
    table: str,
    item: Item,
    condition: str,
    values: Mapping[str, Any] | None = None,
    beside: Sequence[Mapping[str, Any]] = (),
) -> Item | None:
    """Put ``item`` if ``condition`` holds, together with what ``beside`` lists, all or nothing.

    None when written, else the item that is there ({} if none). Every put carries a nonce: when an answer
    is lost and the SDK sends the put again, the item that refuses it is our own, and that counts as written.
    ``beside`` holds TransactWriteItems entries. One with a condition of its own refuses too, and the answer is then
    the item that it met, of which the caller must make nothing.
    """
    nonce = secrets.token_hex(8)
    request: dict[str, Any] = {
        "TableName": table,
        "Item": {**item, "writeId": text(nonce)},
        "ConditionExpression": condition,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if values:
        request["ExpressionAttributeValues"] = dict(values)
    if beside:
        refused = transact(client, [{"Put": request}, *beside])
    else:
        refused = conditional(lambda: client.put_item(**request))
    if refused is not None and refused.get("writeId", {}).get("S") == nonce:
        return None
    return refused


def conditional(call: Callable[[], object], *, sleep: Callable[[float], None] = time.sleep) -> Item | None:
    """Make one conditional write. None when it was made, else the item that refused it ({} if there is none).

    Throttling and transaction conflicts are tried again with jitter, about six times, then StaleWrite.
    """
    for attempt in range(MOST_TRIES):
        try:
            call()
            return None
        except ClientError as error:
            refused = _refused_item(error)
            if refused is not None:
                return refused
            if not _is_congestion(error):
                raise
        sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - jitter, not a secret
    raise StaleWrite("the record is being changed by too many calls at once; try again")


def transact(client: DynamoDBClient, puts: Sequence[Mapping[str, Any]]) -> Item | None:
    """Write all or nothing. None when written, else the item whose condition refused it ({} if absent)."""
    return conditional(lambda: client.transact_write_items(TransactItems=list(puts)))  # type: ignore[arg-type]


def _refused_item(error: ClientError) -> Item | None:
    response: dict[str, Any] = dict(error.response)
    code = response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        return dict(response.get("Item", {}))
    if code == "TransactionCanceledException":
        for reason in response.get("CancellationReasons", []):
            if reason.get("Code") == "ConditionalCheckFailed":
                return dict(reason.get("Item", {}))
    return None


def _is_congestion(error: ClientError) -> bool:
    response: dict[str, Any] = dict(error.response)
    codes = {response["Error"]["Code"]} | {r.get("Code") for r in response.get("CancellationReasons", [])}
    return bool(codes & _CONGESTED)
