"""The records and the world of the use cases. Adapters are built when they are first asked for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from shared.adapters import aws
from shared.adapters.connectors import Connectors
from shared.adapters.dynamodb.payments import DynamoPayments
from shared.adapters.later import later
from shared.adapters.measured import MeasuredDisputes, MeasuredGateways, MeasuredPayments
from shared.adapters.settings import ConnectorSettings
from shared.adapters.step_functions import StepFunctionsFlow
from shared.bootstrap import runtime, sandbox
from shared.bootstrap.tables import event_ids, tables
from shared.ports.world import World

if TYPE_CHECKING:
    from shared.adapters.circuit import Circuits
    from shared.adapters.letters import SqsLetters
    from shared.adapters.psp_http import PspHttp
    from shared.domain.abilities import Abilities
    from shared.ports.allowances import Allowances
    from shared.ports.cards import Cards, Vault
    from shared.ports.credentials import Credentials
    from shared.ports.customers import Customers
    from shared.ports.disputes import DisputeDesks, Disputes, EvidenceStore
    from shared.ports.events import Events
    from shared.ports.figures import MerchantFigures
    from shared.ports.idempotency import Idempotency
    from shared.ports.inbound import Bells
    from shared.ports.links import Links
    from shared.ports.logos import Logos
    from shared.ports.merchants import Merchants
    from shared.ports.messages import Messenger
    from shared.ports.operators import Operators
    from shared.ports.orders import Orders
    from shared.ports.payments import Payments
    from shared.ports.people import Doings, People


@cache
def payments() -> Payments:
    stored = DynamoPayments(
        tables(),
        runtime.setting("PAYMENTS_TABLE"),
        runtime.setting("EVENTS_TABLE"),
        runtime.setting("IDEMPOTENCY_TABLE"),
        runtime.setting("CARDS_TABLE"),
    )
    return cast("Payments", MeasuredPayments(stored))


@cache
def merchants() -> Merchants:
    from shared.adapters.dynamodb.merchants import DynamoMerchants

    return DynamoMerchants(tables(), runtime.setting("MERCHANTS_TABLE"), runtime.now)


@cache
def operators() -> Operators:
    from shared.adapters.dynamodb.operators import DynamoOperators

    return DynamoOperators(aws.client("dynamodb"), runtime.setting("MERCHANTS_TABLE"))


@cache
def logos() -> Logos:
    from shared.adapters.dynamodb.logos import DynamoLogos

    return DynamoLogos(aws.client("dynamodb"), runtime.setting("MERCHANTS_TABLE"))


@cache
def events() -> Events:
    from shared.adapters.dynamodb.events import DynamoEvents

    return DynamoEvents(tables(), runtime.setting("EVENTS_TABLE"))


@cache
def idempotency() -> Idempotency:
    from shared.adapters.dynamodb.idempotency import DynamoIdempotency

    return DynamoIdempotency(tables(), runtime.setting("IDEMPOTENCY_TABLE"))


@cache
def allowances() -> Allowances:
    from shared.adapters.dynamodb.allowances import DynamoAllowances

    return DynamoAllowances(tables(), runtime.setting("IDEMPOTENCY_TABLE"))


@cache
def bells() -> Bells:
    from shared.adapters.dynamodb.bells import DynamoBells

    return DynamoBells(tables(), runtime.setting("IDEMPOTENCY_TABLE"))


@cache
def messenger() -> Messenger:
    from shared.adapters.messaging.outgoing import OutgoingMessages

    return OutgoingMessages(
        captured=sandbox.captured_messages(),
        claims=idempotency(),
        now=runtime.now,
        sender=runtime.optional("SENDER_ADDRESS"),
        mail=lambda: aws.client("ses"),
        phone=lambda: aws.client("sns"),
    )


@cache
def links() -> Links:
    from shared.adapters.dynamodb.links import DynamoLinks

    return DynamoLinks(tables(), runtime.setting("LINKS_TABLE"), runtime.setting("EVENTS_TABLE"))


@cache
def cards() -> Cards:
    from shared.adapters.dynamodb.cards import DynamoCards

    return DynamoCards(tables(), runtime.setting("CARDS_TABLE"))


@cache
def customers() -> Customers:
    from shared.adapters.dynamodb.customers import DynamoCustomers

    return DynamoCustomers(tables(), runtime.setting("CUSTOMERS_TABLE"))


@cache
def orders() -> Orders:
    from shared.adapters.dynamodb.orders import DynamoOrders

    return DynamoOrders(
        tables(),
        runtime.setting("ORDERS_TABLE"),
        runtime.setting("PAYMENTS_TABLE"),
        runtime.setting("EVENTS_TABLE"),
    )


@cache
def figures() -> MerchantFigures:
    from shared.adapters.dynamodb.figures import DynamoFigures

    return DynamoFigures(tables(), runtime.setting("OFFICE_TABLE"))


@cache
def people() -> People:
    from shared.adapters.dynamodb.people import DynamoPeople

    return DynamoPeople(aws.client("dynamodb"), runtime.setting("MERCHANTS_TABLE"))


@cache
def doings() -> Doings:
    from shared.adapters.dynamodb.people import DynamoDoings

    return DynamoDoings(aws.client("dynamodb"), runtime.setting("OFFICE_TABLE"))


@cache
def letters() -> SqsLetters:
    from shared.adapters.letters import SqsLetters

    return SqsLetters(aws.client("sqs"), runtime.setting("RECEIPTS_QUEUE_URL"))


@cache
def vault() -> Vault:
    from shared.adapters.vault import KmsVault

    return KmsVault(aws.later("kms"), runtime.setting("CARD_KEY_ARN"))


@cache
def disputes() -> Disputes:
    from shared.adapters.dynamodb.disputes import DynamoDisputes

    stored = DynamoDisputes(
        tables(),
        runtime.setting("DISPUTES_TABLE"),
        runtime.setting("PAYMENTS_TABLE"),
        runtime.setting("EVENTS_TABLE"),
    )
    return cast("Disputes", MeasuredDisputes(stored))


@cache
def dispute_desks() -> DisputeDesks:
    from shared.adapters.dispute_desks import Desks

    return Desks(connector_settings())


@cache
def evidence() -> EvidenceStore:
    from shared.adapters.evidence import S3Evidence

    return S3Evidence(lambda: aws.client("s3"), runtime.setting("EVIDENCE_BUCKET"))


@cache
def connector_settings() -> ConnectorSettings:
    return ConnectorSettings(
        sandbox.sandbox_books(),
        runtime.now,
        later(_credentials),
        later(_http),
        runtime.flag("SANDBOX"),
        later(_circuits),
    )


def able(name: str) -> Abilities:
    """What the card gateway ``name`` can do."""
    from shared.adapters.card_gateways import CARD_GATEWAYS

    return CARD_GATEWAYS[name](connector_settings()).abilities


@cache
def _credentials() -> Credentials:
    from shared.adapters.credentials import SecretsManagerCredentials

    return SecretsManagerCredentials(lambda: aws.client("secretsmanager"), runtime.setting("STACK_NAME"), runtime.now)


@cache
def _circuits() -> Circuits:
    from shared.adapters.circuit import Circuits

    return Circuits(runtime.now)


@cache
def _http() -> PspHttp:
    from shared.adapters.psp_http import PspHttp

    return PspHttp(allow_private=runtime.allow_private_targets())


@cache
def world() -> World:
    return World(
        payments=payments(),
        merchants=later(merchants),  # who asks with a key has read them; steps and sweeps seldom do
        gateways=MeasuredGateways(Connectors(connector_settings())),
        flow=StepFunctionsFlow(aws.later("stepfunctions"), runtime.optional("PAYMENT_FLOW_ARN")),
        messenger=later(messenger),
        now=runtime.now,
        entropy=runtime.entropy,
        checkout_seconds=int(runtime.setting("CHECKOUT_TIMEOUT_SECONDS")),
        pause=runtime.pause,
        event_id=event_ids(),
    )
