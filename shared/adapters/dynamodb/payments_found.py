"""The index ``found``: a merchant's payments by their time, over several partitions, with what they are sought by.

Of a payment it holds a few hundred bytes, so that one page of it goes past thousands. What is found is read whole,
and judged once more as it is now. Payments of before the index lie in ``merchant`` until they are next written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb.due import stamp
from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.payments_listed import SHARDS, partition
from shared.adapters.dynamodb.whole import read_whole
from shared.adapters.dynamodb.writing import Item, text
from shared.domain.errors import InvalidRequest
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.domain.sought import Sought

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

INDEX: Final = "found"
OLDER: Final = "merchant"
MOST_PAGES: Final = 4  # read of one partition for one call; what lies beyond is the next page's
_FIRST_LOOK: Final = 1000  # rows of each partition: most of what is asked for is recent
_OLDER_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class _Row:
    """Where a payment stands in the list. ``older``: the whole item, where that was what the index held."""

    place: str
    older: Item | None = None

    @property
    def payment_id(self) -> str:
        return self.place.partition("#")[2]


@dataclass(frozen=True, slots=True)
class _Looked:
    """What one partition holds of it, newest first. Nothing beyond ``until`` was looked at; None: it ended."""

    rows: list[_Row]
    until: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One page of a search. ``decode`` makes a payment of its item."""

    client: DynamoDBClient
    table: str
    merchant_id: str
    environment: str
    sought: Sought
    limit: int
    decode: Callable[[Item], Payment]
    cursor: str | None = None

    def page(self) -> tuple[list[Payment], str | None]:
        """The payments, newest first, and where the next page begins; that may be before a page is full."""
        rows, cursor = self._rows()
        found = self._read([row for row in rows if row.older is None])
        older = {row.payment_id: self.decode(row.older) for row in rows if row.older is not None}
        payments = [({**found, **older}).get(row.payment_id) for row in rows]
        return [payment for payment in payments if payment is not None and self.sought.fits(payment)], cursor

    def _rows(self) -> tuple[list[_Row], str | None]:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(max_workers=SHARDS + 1) as pool:
            looked = list(pool.map(lambda look: look(), [*self._looks(), self._look_at_older]))
        beyond = max((each.until for each in looked if each.until is not None), default=None)
        # One that the release before shall find is in both indexes; its narrow row stands for both.
        places = {row.place: row for each in reversed(looked) for row in each.rows}
        rows = [places[place] for place in sorted(places, reverse=True)]
        known = [row for row in rows if beyond is None or row.place >= beyond]
        if len(known) > self.limit:
            return known[: self.limit], known[self.limit - 1].place
        return known, beyond

    def _looks(self) -> Iterator[Callable[[], _Looked]]:
        for shard in range(SHARDS):
            yield partial(self._look, partition(self.merchant_id, self.environment, shard))

    def _look(self, of: str) -> _Looked:
        request = self._request(INDEX, "listedFor", of)
        first = _FIRST_LOOK if self.sought.is_narrow else self.limit + 1
        return self._walked(request, first, lambda item: _Row(item["createdId"]["S"]))

    def _look_at_older(self) -> _Looked:
        """Of these the index holds the whole, and nothing else to judge them by."""

        def judged(item: Item) -> _Row | None:
            return _Row(item["createdId"]["S"], item) if self.sought.fits(self.decode(item)) else None

        request = self._request(OLDER, "merchantEnv", owner(self.merchant_id, self.environment), narrowed=False)
        return self._walked(request, _OLDER_AT_ONCE, judged)

    def _walked(self, request: dict[str, Any], first: int, row: Callable[[Item], _Row | None]) -> _Looked:
        rows: list[_Row] = []
        reached: str | None = None
        request["Limit"] = first
        for _ in range(MOST_PAGES):
            page: Any = self.client.query(**request)
            made = [row(item) for item in page["Items"] if item["createdId"]["S"] != self.cursor]
            rows += [each for each in made if each is not None]
            last = page.get("LastEvaluatedKey")
            reached = last["createdId"]["S"] if last else None
            if last is None or len(rows) > self.limit:
                break
            request.pop("Limit", None)
            request["ExclusiveStartKey"] = last
        return _Looked(rows, reached)

    def _request(self, index: str, hash_key: str, of: str, *, narrowed: bool = True) -> dict[str, Any]:
        since = stamp(self.sought.since) if self.sought.since else "0"
        # A row's place is its moment and more, so that the bare moment comes before all of it.
        until = min(stamp(self.sought.until) if self.sought.until else "~", self._from())
        values = {":of": text(of), ":since": text(min(since, until)), ":until": text(until)}
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": index,
            "KeyConditionExpression": f"{hash_key} = :of AND createdId BETWEEN :since AND :until",
            "ExpressionAttributeValues": values,
            "ScanIndexForward": False,
        }
        parts, names = _narrowed(self.sought, values) if narrowed else ([], {})
        if parts:
            request |= {"FilterExpression": " AND ".join(parts), "ExpressionAttributeNames": names}
        return request

    def _from(self) -> str:
        if not self.cursor:
            return "~"
        if not self.cursor.partition("#")[2]:
            raise InvalidRequest("cursor is not one this list returned", param="cursor")
        return self.cursor

    def _read(self, rows: list[_Row]) -> dict[str, Payment]:
        keys = [{"pk": text(row.payment_id), "sk": text("ROOT")} for row in rows]
        return {item["pk"]["S"]: self.decode(item) for item in read_whole(self.client, self.table, keys)}


def _narrowed(sought: Sought, values: dict[str, Item]) -> tuple[list[str], dict[str, str]]:
    """What is asked of a row, as DynamoDB writes it; its values go into ``values``."""
    parts: list[str] = []
    names: dict[str, str] = {}
    asked = (
        ("family", "=", sought.family and text(sought.family)),
        ("gateway", "=", sought.gateway and text(sought.gateway)),
        ("amount", ">=", None if sought.least is None else {"N": str(sought.least)}),
        ("amount", "<=", None if sought.most is None else {"N": str(sought.most)}),
    )
    for n, (name, relation, value) in enumerate(asked):
        if value:
            parts.append(f"#{name} {relation} :a{n}")
            names[f"#{name}"], values[f":a{n}"] = name, value
    if sought.text:
        parts.append("contains(#searched, :text)")
        names["#searched"], values[":text"] = "searched", text(sought.text.casefold())
    if sought.statuses:
        some = {f":s{n}": text(status) for n, status in enumerate(sorted(sought.statuses))}
        parts.append(f"#status IN ({', '.join(some)})")
        names["#status"] = "status"
        values |= some
    return parts, names
