"""The world of the use cases, and what it is made of. Adapters are built when they are first asked for.

What is imported here is what most functions need. Those that only ask who calls, or only read, import ``callers`` or
``records`` instead: connectors and what they know of payments are a fifth of a cold start.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from shared.adapters import aws
from shared.adapters.connectors import Connectors
from shared.adapters.later import later
from shared.adapters.measured import MeasuredDisputes, MeasuredGateways
from shared.adapters.settings import ConnectorSettings
from shared.adapters.step_functions import StepFunctionsFlow
from shared.bootstrap import runtime, sandbox
from shared.bootstrap.callers import allowances as allowances
from shared.bootstrap.callers import doings as doings
from shared.bootstrap.callers import idempotency as idempotency
from shared.bootstrap.callers import merchants as merchants
from shared.bootstrap.callers import operators as operators
from shared.bootstrap.callers import people as people
from shared.bootstrap.records import customers as customers
from shared.bootstrap.records import orders as orders
from shared.bootstrap.records import payments as payments
from shared.bootstrap.tables import event_ids, tables
from shared.ports.world import World

if TYPE_CHECKING:
    from shared.adapters.circuit import Circuits
    from shared.adapters.letters import SqsLetters
    from shared.adapters.psp_http import PspHttp
    from shared.domain.abilities import Abilities
    from shared.ports.cards import Cards, Vault
    from shared.ports.credentials import Credentials
    from shared.ports.disputes import DisputeDesks, Disputes, EvidenceStore
    from shared.ports.events import Events
    from shared.ports.figures import MerchantFigures
    from shared.ports.inbound import Bells
    from shared.ports.links import Links
    from shared.ports.logos import Logos
    from shared.ports.messages import Messenger


@cache
def logos() -> Logos:
    from shared.adapters.dynamodb.logos import DynamoLogos

    return DynamoLogos(aws.client("dynamodb"), runtime.setting("MERCHANTS_TABLE"))


@cache
def events() -> Events:
    from shared.adapters.dynamodb.events import DynamoEvents

    return DynamoEvents(tables(), runtime.setting("EVENTS_TABLE"))


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
def figures() -> MerchantFigures:
    from shared.adapters.dynamodb.figures import DynamoFigures

    return DynamoFigures(tables(), runtime.setting("OFFICE_TABLE"))


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
