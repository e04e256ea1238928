"""Tables with many payment links, disputes and saved cards in them, written by the storage adapters themselves."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from shared.adapters.dynamodb.cards import DynamoCards
from shared.adapters.dynamodb.disputes import DynamoDisputes
from shared.adapters.dynamodb.links import DynamoLinks
from shared.domain import ids
from shared.domain.dispute import Dispute, Word
from shared.domain.ids import MerchantId, PaymentId
from shared.domain.money import Money
from shared.domain.payment import Environment
from shared.domain.payment_link import LinkType, PaymentLink
from shared.domain.saved_card import SavedCard, Wallet
from shared.domain.statuses import DisputeStatus, Reason, Source
from shared.ports.cards import WalletChange
from shared.ports.disputes import DisputeChange
from tools.contract.routes import template
from tools.ops.onboarding import DEMO_ID
from tools.testing.resources import create_table

# A list, the handler that answers it, and what it is asked.
LISTS: Final = {
    "payment links": ("payment_link.list", {"limit": "20"}),
    "disputes": ("dispute.list", {"size": "20"}),
    "a customer's 20 saved cards": ("token_payment.list", {"customerId": "customer-0"}),
}
_TABLES: Final = {"LINKS_TABLE": "LinksTable", "DISPUTES_TABLE": "DisputesTable", "CARDS_TABLE": "CardsTable"}
_BATCH: Final = 25  # items that DynamoDB takes at once
_CARDS: Final = 20
_OWNER: Final = MerchantId(DEMO_ID)


def fill(database: Any, count: int, environment: Mapping[str, str]) -> dict[str, str]:
    """Make tables that hold ``count`` of everything; returns what of the handlers' environment names them."""
    resources = template()["Resources"]
    tables = {name: f"{logical}{count}" for name, logical in _TABLES.items()}
    for name, logical in _TABLES.items():
        create_table(database, tables[name], resources[logical]["Properties"])
    writer = BatchWriter(database)
    links = DynamoLinks(writer, tables["LINKS_TABLE"], "")  # type: ignore[arg-type]
    for link in _links(count):
        links.create(link)
    disputes = DynamoDisputes(
        writer,  # type: ignore[arg-type]
        tables["DISPUTES_TABLE"],
        environment["PAYMENTS_TABLE"],
        environment["EVENTS_TABLE"],
    )
    for dispute in _disputes(count):
        disputes.save(DisputeChange(dispute, before=None))
    cards = DynamoCards(writer, tables["CARDS_TABLE"])  # type: ignore[arg-type]
    for change in _wallets(count):
        cards.save(change)
    writer.finish()
    return tables


@dataclass(slots=True)
class BatchWriter:
    """A database client for adapters that write new items only: puts go out in batches, counters once at the end."""

    database: Any
    _items: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    _sums: dict[tuple[str, str, str], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def put_item(self, **request: Any) -> None:
        """Keep the item; what it is conditioned on holds, since everything is new."""
        item, table = request["Item"], request["TableName"]
        self._items[table, item["pk"]["S"], item.get("sk", {}).get("S", "")] = item
        if len(self._items) >= _BATCH:
            self._write()

    def transact_write_items(self, TransactItems: list[dict[str, Any]]) -> None:
        for entry in TransactItems:
            if "Put" in entry:
                self.put_item(**entry["Put"])
            else:
                self._add(**entry["Update"])

    def finish(self) -> None:
        """Write what is left, and the counters."""
        self._write()
        for (table, pk, sk), sums in self._sums.items():
            numbers = {name: {"N": str(value)} for name, value in sums.items()}
            self.database.put_item(TableName=table, Item={"pk": {"S": pk}, "sk": {"S": sk}, **numbers})

    def _add(self, **update: Any) -> None:
        """An update that only ADDs, as those of the counters do."""
        sums = self._sums[update["TableName"], update["Key"]["pk"]["S"], update["Key"]["sk"]["S"]]
        for place, name in update["ExpressionAttributeNames"].items():
            amount = int(update["ExpressionAttributeValues"][place.replace("#n", ":v")]["N"])
            sums[name] = sums.get(name, 0) + amount

    def _write(self) -> None:
        tables: dict[str, list[Any]] = defaultdict(list)
        for (table, _, _), item in self._items.items():
            tables[table].append({"PutRequest": {"Item": item}})
        if tables and self.database.batch_write_item(RequestItems=dict(tables)).get("UnprocessedItems"):
            raise RuntimeError("the local cloud took only a part")
        self._items.clear()


def _moments(count: int) -> Iterator[datetime]:
    """One for each item, half a second apart until now: no two at once, none so old that it is due."""
    now = datetime.now(UTC)
    return (now - timedelta(milliseconds=500 * n) for n in range(count))


def _links(count: int) -> Iterator[PaymentLink]:
    for at in _moments(count):
        yield PaymentLink(
            id=ids.link_id(secrets.token_bytes(8)),
            merchant_id=_OWNER,
            merchant_name="Bottega Demo",
            environment=Environment.TEST,
            amount=Money(1500, "EUR"),
            type=LinkType.LINK,
            pages_origin="https://pages.example.com",
            created_at=at,
            expires_at=at + timedelta(days=30),
            description="Order 12345",
            due_at=at + timedelta(days=30),
        )


def _disputes(count: int) -> Iterator[Dispute]:
    for n, at in enumerate(_moments(count)):
        yield Dispute(
            id=ids.dispute_id("bench", str(n)),
            merchant_id=_OWNER,
            environment=Environment.TEST,
            payment_id=ids.payment_id(at, n.to_bytes(10, "big")),
            source=Source.SANDBOX,
            psp_id=f"bench-{n}",
            amount=Money(1500, "EUR"),
            reason=Reason.FRAUDULENT,
            status=DisputeStatus.OPEN,
            asked=Word(DisputeStatus.OPEN, at),
            facts_at=at,
            created_at=at,
            deadline=at + timedelta(days=10),
            deadline_at=at,
            held=1500,
        )


def _wallets(count: int) -> Iterator[WalletChange]:
    """One customer with twenty cards among others with one each, ``count`` cards in all."""
    now = datetime.now(UTC)
    wallet = Wallet(_OWNER, Environment.TEST, "customer-0")
    for number in range(1, count + 1):
        if number > _CARDS:
            wallet = Wallet(_OWNER, Environment.TEST, f"customer-{number}")
        wallet = wallet.with_card(_card(number, wallet.customer_id, now))
        yield WalletChange(wallet, added=number)


def _card(number: int, customer: str, now: datetime) -> SavedCard:
    return SavedCard(
        number=number,
        merchant_id=_OWNER,
        environment=Environment.TEST,
        customer_id=customer,
        gateway="sandbox",
        brand="VISA",
        last4="4242",
        expiry="12/49",
        sealed="A" * 240,
        token_mark=f"{number:064x}",
        saved_from=PaymentId(f"TXN_20261121_{number:016d}"),
        consent_at=now,
    )
