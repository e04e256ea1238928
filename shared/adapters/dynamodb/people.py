"""Merchants table: people's one-time links and sessions, by their hashes; office table: what people did."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.works import WORKS_AT, works_pk
from shared.adapters.dynamodb.writing import Item, number, put_if, text, transact
from shared.domain.doing import Doing
from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId, fingerprint
from shared.domain.person import LONGEST, Session, SignInLink
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEPT: Final = timedelta(days=400)
_LINK: Final = "LINK"
_SESSION: Final = "SESSION"


@dataclass(frozen=True, slots=True)
class DynamoPeople:
    """The port ``People``. What is over is dropped by the table itself, sometime, and refused before."""

    client: DynamoDBClient
    table: str

    def works_at(self, email: str) -> list[MerchantId]:
        page = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": works_pk(email)}},
            ConsistentRead=True,
        )
        return [MerchantId(dict(item)["sk"]["S"].removeprefix(WORKS_AT)) for item in page["Items"]]

    def keep_link(self, token: str, link: SignInLink) -> None:
        self.client.put_item(TableName=self.table, Item=_item(_link_pk(token), _LINK, link, link.ends_at))

    def link(self, token: str) -> SignInLink:
        body = self._body(_link_pk(token), _LINK)
        if body is None:
            raise NotFound("this link was used already, or is over")
        return from_text(SignInLink, body)

    def begin(self, link_token: str, session_token: str, session: Session) -> None:
        used = {
            "TableName": self.table,
            "Key": {"pk": text(_link_pk(link_token)), "sk": text(_LINK)},
            "ConditionExpression": "attribute_exists(pk)",
        }
        begun = {
            "TableName": self.table,
            "Item": _session_item(session_token, session),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if transact(self.client, [{"Delete": used}, {"Put": begun}]) is not None:
            raise NotFound("this link was used already, or is over")

    def session(self, token: str) -> Session | None:
        body = self._body(_session_pk(token), _SESSION)
        return from_text(Session, body) if body else None

    def change_session(self, token: str, before: Session, after: Session) -> bool:
        values = {":before": text(to_text(before))}
        return put_if(self.client, self.table, _session_item(token, after), "body = :before", values) is None

    def end(self, token: str) -> None:
        self.client.delete_item(TableName=self.table, Key={"pk": {"S": _session_pk(token)}, "sk": {"S": _SESSION}})

    def _body(self, pk: str, sk: str) -> str | None:
        found = self.client.get_item(
            TableName=self.table, Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True
        ).get("Item")
        return str(dict(found)["body"]["S"]) if found else None


def _link_pk(token: str) -> str:
    return f"SIGNIN#{fingerprint(token)}"


def _session_pk(token: str) -> str:
    return f"SESSION#{fingerprint(token)}"


def _session_item(token: str, session: Session) -> Item:
    return _item(_session_pk(token), _SESSION, session, session.began_at + LONGEST)


def _item(pk: str, sk: str, value: object, ends_at: datetime) -> Item:
    epoch = number(int(ends_at.timestamp()))
    return {"pk": text(pk), "sk": text(sk), "body": text(to_text(value)), "expiresAtEpoch": epoch}


@dataclass(frozen=True, slots=True)
class DynamoDoings:
    """The port ``Doings``: a line each, in the order of time."""

    client: DynamoDBClient
    table: str

    def note(self, doing: Doing) -> None:
        sk = f"{doing.at.isoformat(timespec='microseconds')}#{doing.request_id}"
        self.client.put_item(
            TableName=self.table, Item=_item(_doings_pk(doing.merchant_id), sk, doing, doing.at + KEPT)
        )

    def last(self, merchant_id: MerchantId, most: int) -> list[Doing]:
        page = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": _doings_pk(merchant_id)}},
            ScanIndexForward=False,
            Limit=most,
        )
        items: list[dict[str, Any]] = [dict(item) for item in page["Items"]]
        return [from_text(Doing, item["body"]["S"]) for item in items]


def _doings_pk(merchant_id: str) -> str:
    return f"DOINGS#{merchant_id}"
