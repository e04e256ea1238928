"""The storage ports on three grounds: in memory, on moto, and on the local cloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamodb.allowances import DynamoAllowances
from shared.adapters.dynamodb.bells import DynamoBells
from shared.adapters.dynamodb.books import DynamoBooks
from shared.adapters.dynamodb.cards import DynamoCards
from shared.adapters.dynamodb.customers import DynamoCustomers
from shared.adapters.dynamodb.disputes import DynamoDisputes
from shared.adapters.dynamodb.events import DynamoEvents
from shared.adapters.dynamodb.figures import DynamoFigures
from shared.adapters.dynamodb.idempotency import DynamoIdempotency
from shared.adapters.dynamodb.links import DynamoLinks
from shared.adapters.dynamodb.logos import DynamoLogos
from shared.adapters.dynamodb.merchants import DynamoMerchants
from shared.adapters.dynamodb.operators import DynamoOperators
from shared.adapters.dynamodb.orders import DynamoOrders
from shared.adapters.dynamodb.payments import DynamoPayments
from shared.adapters.dynamodb.people import DynamoDoings, DynamoPeople
from shared.ports.allowances import Allowances
from shared.ports.books import Books
from shared.ports.cards import Cards
from shared.ports.customers import Customers
from shared.ports.disputes import Disputes
from shared.ports.events import Events
from shared.ports.figures import MerchantFigures
from shared.ports.idempotency import Idempotency
from shared.ports.inbound import Bells
from shared.ports.links import Links
from shared.ports.logos import Logos
from shared.ports.merchants import Merchants
from shared.ports.operators import Operators
from shared.ports.orders import Orders
from shared.ports.payments import Payments
from shared.ports.people import Doings, People
from tools.contract.routes import template
from tools.testing.fakes import (
    FakeAllowances,
    FakeBells,
    FakeBooks,
    FakeCards,
    FakeCustomers,
    FakeDisputes,
    FakeDoings,
    FakeFigures,
    FakeIdempotency,
    FakeLinks,
    FakeLogos,
    FakeMerchants,
    FakeOperators,
    FakeOrders,
    FakePayments,
    FakePeople,
)
from tools.testing.fakes.clock import NOON

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLES = (
    "PaymentsTable",
    "EventsTable",
    "MerchantsTable",
    "IdempotencyTable",
    "SandboxTable",
    "LinksTable",
    "CardsTable",
    "DisputesTable",
    "CustomersTable",
    "OrdersTable",
    "OfficeTable",
)
_OF_PAYMENTS = ("PaymentsTable", "EventsTable", "IdempotencyTable", "CardsTable")
_OF_DISPUTES = ("DisputesTable", "PaymentsTable", "EventsTable")
_OF_ORDERS = ("OrdersTable", "PaymentsTable", "EventsTable")
_WANTED = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


@dataclass(frozen=True, slots=True)
class Storage:
    payments: Payments
    events: Events
    merchants: Merchants
    claims: Idempotency
    books: Books
    links: Links
    cards: Cards
    disputes: Disputes
    allowances: Allowances
    bells: Bells
    customers: Customers
    orders: Orders
    figures: MerchantFigures
    logos: Logos
    operators: Operators
    people: People
    doings: Doings


def in_memory() -> Storage:
    claims = FakeIdempotency()
    payments = FakePayments(claims=claims)
    merchants = FakeMerchants()
    return Storage(
        payments,
        payments.events,
        merchants,
        claims,
        FakeBooks(),
        FakeLinks(payments.events),
        FakeCards(payments.uses),
        FakeDisputes(payments),
        FakeAllowances(),
        FakeBells(),
        FakeCustomers(),
        FakeOrders(payments),
        FakeFigures(),
        FakeLogos(),
        FakeOperators(),
        FakePeople(merchants),
        FakeDoings(),
    )


def in_dynamodb(client: DynamoDBClient, prefix: str = "") -> Storage:
    """The real adapters over tables that ``create_tables`` made with the same prefix."""
    return Storage(
        DynamoPayments(client, *(f"{prefix}{name}" for name in _OF_PAYMENTS)),
        DynamoEvents(client, f"{prefix}EventsTable"),
        DynamoMerchants(client, f"{prefix}MerchantsTable", lambda: NOON),
        DynamoIdempotency(client, f"{prefix}IdempotencyTable"),
        DynamoBooks(client, f"{prefix}SandboxTable"),
        DynamoLinks(client, f"{prefix}LinksTable", f"{prefix}EventsTable"),
        DynamoCards(client, f"{prefix}CardsTable"),
        DynamoDisputes(client, *(f"{prefix}{name}" for name in _OF_DISPUTES)),
        DynamoAllowances(client, f"{prefix}IdempotencyTable"),
        DynamoBells(client, f"{prefix}IdempotencyTable"),
        DynamoCustomers(client, f"{prefix}CustomersTable"),
        DynamoOrders(client, *(f"{prefix}{name}" for name in _OF_ORDERS)),
        DynamoFigures(client, f"{prefix}OfficeTable"),
        DynamoLogos(client, f"{prefix}MerchantsTable"),
        DynamoOperators(client, f"{prefix}MerchantsTable"),
        DynamoPeople(client, f"{prefix}MerchantsTable"),
        DynamoDoings(client, f"{prefix}OfficeTable"),
    )


def create_tables(client: Any, prefix: str = "") -> None:
    """Make the tables with the keys and indexes that the template gives them."""
    for name in TABLES:
        properties = template()["Resources"][name]["Properties"]
        keys = {key: properties[key] for key in _WANTED if key in properties}
        client.create_table(TableName=f"{prefix}{name}", BillingMode="PAY_PER_REQUEST", **keys)
