"""Counters of disputes, for all time and by day: moved only in the transaction that moves the dispute."""

from __future__ import annotations

from typing import Any, Final

from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.writing import Item, number, text
from shared.domain.dispute import Dispute
from shared.domain.statuses import DisputeStatus
from shared.ports.disputes import Tally

_COUNT: Final = "count"
_MINOR: Final = "minor"


def to_updates(table: str, before: Dispute | None, after: Dispute) -> list[dict[str, Any]]:
    """The writes that take ``before`` out of the counters and put ``after`` in; none when nothing counted changed."""
    moves: dict[str, int] = {}
    if before is not None:
        _add(moves, before, -1)
    _add(moves, after, 1)
    moves = {name: value for name, value in moves.items() if value}
    if not moves:
        return []
    pk = text(f"COUNT#{owner(after.merchant_id, after.environment)}")
    return [
        {"Update": {"TableName": table, "Key": {"pk": pk, "sk": text(sk)}, **_addition(moves)}}
        for sk in ("ALL", f"DAY#{after.created_at.date()}")
    ]


def read_counters(item: Item) -> list[Tally]:
    """The counters of one item, those at zero left out."""
    found = []
    for name, value in item.items():
        status, _, rest = name.partition("#")
        currency, _, kind = rest.partition("#")
        if kind == _COUNT and int(value["N"]):
            minor = int(item[f"{status}#{currency}#{_MINOR}"]["N"])
            found.append(Tally(DisputeStatus(status), currency, int(value["N"]), minor))
    return found


def _add(moves: dict[str, int], dispute: Dispute, sign: int) -> None:
    place = f"{dispute.status}#{dispute.amount.currency}"
    moves[f"{place}#{_COUNT}"] = moves.get(f"{place}#{_COUNT}", 0) + sign
    moves[f"{place}#{_MINOR}"] = moves.get(f"{place}#{_MINOR}", 0) + sign * dispute.amount.minor


def _addition(moves: dict[str, int]) -> dict[str, Any]:
    numbered = list(enumerate(moves.items()))
    return {
        "UpdateExpression": "ADD " + ", ".join(f"#n{n} :v{n}" for n, _ in numbered),
        "ExpressionAttributeNames": {f"#n{n}": name for n, (name, _) in numbered},
        "ExpressionAttributeValues": {f":v{n}": number(value) for n, (_, value) in numbered},
    }
