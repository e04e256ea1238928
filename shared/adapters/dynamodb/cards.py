"""Saved cards table: a wallet per customer with the uses of its cards beside it, numbers, and tokens to delete."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.due import due_at, due_before, stamp
from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.writing import Item, conditional, number, put_if, text
from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment, Payment
from shared.domain.record import dataclass
from shared.domain.saved_card import Discard, SavedCard, Wallet
from shared.ports.cards import WalletChange

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_WALLET: Final = "WALLET"
_USE: Final = "USE#"
_DISCARD: Final = "DISCARD"


@dataclass(frozen=True, slots=True)
class DynamoCards:
    """The port ``Cards``."""

    client: DynamoDBClient
    table: str

    def wallet(self, merchant_id: MerchantId, environment: Environment, customer_id: str) -> Wallet:
        wallet = Wallet(merchant_id, environment, customer_id)
        uses: dict[int, Item] = {}
        request: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": text(_customer(merchant_id, environment, customer_id))},
            "ConsistentRead": True,
        }
        while True:
            page = self.client.query(**request)
            for item in page["Items"]:
                if item["sk"]["S"] == _WALLET:
                    wallet = _from_item(dict(item))
                else:
                    uses[int(item["sk"]["S"].removeprefix(_USE))] = dict(item)
            if "LastEvaluatedKey" not in page:
                return replace(wallet, cards=tuple(_used(card, uses.get(card.number)) for card in wallet.cards))
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def customer_of(self, merchant_id: MerchantId, environment: Environment, number: int) -> str:
        item = self._get(owner(merchant_id, environment), _card_key(number))
        if item is None:
            raise NotFound("there is no such card")
        return str(item["customerId"]["S"])

    def last_number(self, merchant_id: MerchantId, environment: Environment) -> int:
        item = self._get(owner(merchant_id, environment), "NUMBERS")
        return int(item["last"]["N"]) if item else 0

    def any_at(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> bool:
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.table,
            FilterExpression="sk = :wallet OR sk = :discard",
            ExpressionAttributeValues={":wallet": text(_WALLET), ":discard": text(_DISCARD)},
            ConsistentRead=True,
        )
        wanted = (merchant_id, environment, gateway)
        return any(
            (card.merchant_id, card.environment, card.gateway) == wanted
            for page in pages
            for item in page["Items"]
            for card in _cards_of(dict(item))
        )

    def save(self, change: WalletChange) -> Wallet | None:
        wallet, item = change.wallet, _to_item(change.wallet)
        condition, values = "attribute_not_exists(pk)", None
        if wallet.version:
            condition, values = "version = :version", {":version": number(wallet.version)}
        beside = self._numbers(change)
        beside += [{"Put": {"TableName": self.table, "Item": _discard_item(d)}} for d in change.discards]
        refused = put_if(self.client, self.table, item, condition, values, beside)
        if refused is None:
            return None
        # By the wallet or by the number; what refused it does not say which, so the wallet is read again.
        return self.wallet(wallet.merchant_id, wallet.environment, wallet.customer_id)

    def due(self, now: datetime, limit: int) -> list[Discard]:
        return [from_text(Discard, item["body"]["S"]) for item in due_before(self.client, self.table, now, limit)]

    def postpone(self, discard: Discard) -> None:
        conditional(
            lambda: self.client.put_item(
                TableName=self.table, Item=_discard_item(discard), ConditionExpression="attribute_exists(pk)"
            )
        )

    def discarded(self, discard: Discard) -> None:
        item = _discard_item(discard)
        self.client.delete_item(TableName=self.table, Key={"pk": item["pk"], "sk": item["sk"]})

    def _get(self, pk: str, sk: str) -> Item | None:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return None if item is None else dict(item)

    def _numbers(self, change: WalletChange) -> list[dict[str, Any]]:
        """The counter moves only in the write that puts the card it counts."""
        wallet = change.wallet
        numbers = text(owner(wallet.merchant_id, wallet.environment))
        entries: list[dict[str, Any]] = []
        if change.added is not None:
            taken: dict[str, Any] = {
                "TableName": self.table,
                "Item": {"pk": numbers, "sk": text("NUMBERS"), "last": number(change.added)},
                "ConditionExpression": "attribute_not_exists(pk)",
            }
            if change.added > 1:
                taken["ConditionExpression"] = "#last = :before"
                taken["ExpressionAttributeNames"] = {"#last": "last"}
                taken["ExpressionAttributeValues"] = {":before": number(change.added - 1)}
            card = {"pk": numbers, "sk": text(_card_key(change.added)), "customerId": text(wallet.customer_id)}
            entries += [{"Put": taken}, {"Put": {"TableName": self.table, "Item": card}}]
        if change.deleted is not None:
            key = {"pk": numbers, "sk": text(_card_key(change.deleted))}
            entries.append({"Delete": {"TableName": self.table, "Key": key}})
        return entries


def use_of(payment: Payment, table: str) -> dict[str, Any]:
    """The write that counts one use of the payment's saved card. Unguarded: the payment's own write is the guard."""
    assert payment.customer_id is not None
    assert payment.saved_card is not None
    assert payment.completed_at is not None
    pk = _customer(payment.merchant_id, payment.environment, payment.customer_id)
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": text(pk), "sk": text(f"{_USE}{payment.saved_card}")},
            "UpdateExpression": "ADD usageCount :one SET lastUsedAt = :at",
            "ExpressionAttributeValues": {":one": number(1), ":at": text(stamp(payment.completed_at))},
        }
    }


def _customer(merchant_id: str, environment: str, customer_id: str) -> str:
    return f"{owner(merchant_id, environment)}#{customer_id}"


def _card_key(card_number: int) -> str:
    return f"CARD#{card_number}"


def _used(card: SavedCard, use: Item | None) -> SavedCard:
    if use is None:
        return card
    last = datetime.fromisoformat(use["lastUsedAt"]["S"])
    return replace(card, usage_count=int(use["usageCount"]["N"]), last_used_at=last)


def _to_item(wallet: Wallet) -> Item:
    # Uses are items of their own: a charge counts without waiting for whoever changes the wallet.
    plain = tuple(replace(card, usage_count=0, last_used_at=None) for card in wallet.cards)
    return {
        "pk": text(_customer(wallet.merchant_id, wallet.environment, wallet.customer_id)),
        "sk": text(_WALLET),
        "version": number(wallet.version + 1),
        "body": text(to_text(replace(wallet, cards=plain, version=0))),
    }


def _from_item(item: Item) -> Wallet:
    return replace(from_text(Wallet, item["body"]["S"]), version=int(item["version"]["N"]))


def _cards_of(item: Item) -> tuple[SavedCard, ...]:
    if item["sk"]["S"] == _DISCARD:
        return (from_text(Discard, item["body"]["S"]).card,)
    return _from_item(item).cards


def _discard_item(discard: Discard) -> Item:
    return {
        "pk": text(f"DISCARD#{discard.id}"),
        "sk": text(_DISCARD),
        "body": text(to_text(discard)),
        **due_at(discard.due_at, discard.id),
    }
