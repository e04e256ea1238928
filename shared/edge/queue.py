"""A queue consumer: the messages of a batch side by side, each done with, or handed out again when it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol

from shared.edge.observe import logger

_LONGEST_WAIT_SECONDS: Final = 4 * 3600
# The body and how often it was handed out, to seconds until it is wanted again, or None when it is spent.
Work = Callable[[str, int], int | None]


class Postpone(Protocol):
    def __call__(self, receipt: str, seconds: int) -> None: ...


def wait_seconds(receives: int) -> int:
    """Until the next try of a message that failed ``receives`` times: a minute, and each time twice as long."""
    return int(min(60 * 2 ** (receives - 1), _LONGEST_WAIT_SECONDS))


def consume(records: Sequence[Mapping[str, Any]], work: Work, postpone: Postpone) -> dict[str, Any]:
    """Run ``work`` on the messages side by side, each in a thread of its own, and answer with the ones to keep.

    One message that hangs delays no other. One that raises (our bug, or an outage) comes back after the
    queue's own visibility timeout and ends in the dead-letter queue if that never ends.
    """
    if len(records) == 1:  # delays no other, and a thread would be a tenth of the work
        kept = [_one(records[0], work, postpone)]
    else:
        with ThreadPoolExecutor(max_workers=max(len(records), 1)) as pool:
            kept = list(pool.map(lambda record: _one(record, work, postpone), records))
    again = [record["messageId"] for record, keep in zip(records, kept, strict=True) if keep]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}


def _one(record: Mapping[str, Any], work: Work, postpone: Postpone) -> bool:
    """Whether the message is to be kept."""
    try:
        seconds = work(record["body"], int(record["attributes"]["ApproximateReceiveCount"]))
        if seconds is None:
            return False
        postpone(record["receiptHandle"], seconds)
    except Exception:
        logger().exception("message failed", messageId=record["messageId"])
    return True
