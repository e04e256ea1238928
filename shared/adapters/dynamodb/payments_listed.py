"""Where the index ``found`` keeps a payment: which partition, in which order, and what of it can be sought there."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from shared.adapters.dynamodb.due import stamp
from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.writing import Item, text
from shared.domain.searched import searched

if TYPE_CHECKING:
    from shared.domain.payment import Payment

# One partition takes about 1000 writes a second, and a payment writes its row each time it moves.
SHARDS: Final = 4
_LONGEST: Final = 1500  # characters of what a payment is searched by


def listed_as(payment: Payment) -> Item:
    """The attributes that put a payment into the index."""
    return {
        "listedFor": text(partition(payment.merchant_id, payment.environment, _shard(payment.id))),
        "createdId": text(_place(payment)),
        "amount": {"N": str(payment.amount.major)},
        "family": text(payment.family),
        "gateway": text(payment.called),
        "searched": text(searched(payment)[:_LONGEST]),
    }


def _place(payment: Payment) -> str:
    return f"{stamp(payment.created_at)}#{payment.id}"


def _shard(payment_id: str) -> int:
    return zlib.crc32(payment_id.encode()) % SHARDS


def partition(merchant_id: str, environment: str, shard: int) -> str:
    return f"{owner(merchant_id, environment)}#{shard}"
