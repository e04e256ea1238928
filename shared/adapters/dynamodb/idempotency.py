"""Idempotency table: one claim per Idempotency-Key, with the answer once there is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.adapters.dynamodb.writing import Item, conditional, number, put_if, text
from shared.domain.record import dataclass
from shared.ports.idempotency import Claim, ClaimState

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEPT = timedelta(hours=24)
TAKEN_OVER_AFTER = timedelta(seconds=60)  # longer than any handler may run
_STILL_THAT_CLAIM = "claimedAt = :claimed AND attribute_not_exists(body)"


@dataclass(frozen=True, slots=True)
class DynamoIdempotency:
    """The port ``Idempotency``."""

    client: DynamoDBClient
    table: str

    def claim(self, key: str, body_hash: str, seed: bytes, now: datetime) -> Claim:
        claim = Claim(ClaimState.NEW, key, body_hash, seed, now)
        there = self._put(claim, "attribute_not_exists(pk) OR expiresAtEpoch <= :now", {":now": number(_epoch(now))})
        if there is None:
            return claim
        stored = _claim(there)
        if stored.body_hash != body_hash:
            return replace(stored, state=ClaimState.MISMATCH)
        if stored.state is ClaimState.REPLAY or now - stored.claimed_at < TAKEN_OVER_AFTER:
            return stored
        mine = replace(stored, state=ClaimState.NEW, claimed_at=now, repeated=True)
        lost = self._put(mine, _STILL_THAT_CLAIM, _of(stored))
        if lost is None:
            return mine
        return _claim(lost) if lost else self.claim(key, body_hash, seed, now)  # released since: it is free again

    def finish(self, claim: Claim, status: int, body: str, now: datetime) -> None:
        # Whoever took the claim over finishes it; a late first caller must not overwrite that answer.
        done = replace(claim, state=ClaimState.REPLAY, status=status, body=body)
        self._put(done, _STILL_THAT_CLAIM, _of(claim))

    def release(self, claim: Claim) -> None:
        conditional(
            lambda: self.client.delete_item(
                TableName=self.table,
                Key={"pk": {"S": claim.key}},
                ConditionExpression=_STILL_THAT_CLAIM,
                ExpressionAttributeValues=_of(claim),
            )
        )

    def reopen(self, claim: Claim) -> None:
        # As old as an abandoned one: the next call takes it over like that.
        self._put(replace(claim, claimed_at=claim.claimed_at - TAKEN_OVER_AFTER), _STILL_THAT_CLAIM, _of(claim))

    def _put(self, claim: Claim, condition: str, values: Item) -> Item | None:
        return put_if(self.client, self.table, to_item(claim), condition, values)


def to_item(claim: Claim) -> Item:
    """The claim as stored; also written by whoever makes its answer true in the same transaction."""
    item: Item = {
        "pk": text(claim.key),
        "bodyHash": text(claim.body_hash),
        "seed": text(claim.seed.hex()),
        "claimedAt": text(claim.claimed_at.isoformat()),
        "expiresAtEpoch": number(_epoch(claim.claimed_at + KEPT)),
    }
    if claim.state is ClaimState.REPLAY:
        item |= {"status": number(claim.status), "body": text(claim.body)}
    return item


def _of(claim: Claim) -> Item:
    return {":claimed": text(claim.claimed_at.isoformat())}


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def _claim(item: Item) -> Claim:
    done = "status" in item
    return Claim(
        ClaimState.REPLAY if done else ClaimState.RUNNING,
        item["pk"]["S"],
        item["bodyHash"]["S"],
        bytes.fromhex(item["seed"]["S"]),
        datetime.fromisoformat(item["claimedAt"]["S"]),
        status=int(item["status"]["N"]) if done else 0,
        body=item["body"]["S"] if done else "",
    )
