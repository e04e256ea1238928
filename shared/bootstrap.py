"""The composition root: the only reader of the environment and builder of adapters. Nothing is built at import."""

from __future__ import annotations

import os
import random
import secrets
import time
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from shared.adapters import aws
from shared.adapters.connectors import Connectors
from shared.adapters.dynamodb.books import DynamoBooks
from shared.adapters.dynamodb.events import DynamoEvents, from_item
from shared.adapters.dynamodb.idempotency import DynamoIdempotency
from shared.adapters.dynamodb.merchants import DynamoMerchants
from shared.adapters.dynamodb.payments import DynamoPayments
from shared.adapters.measured import MeasuredGateways, MeasuredPayments
from shared.adapters.messaging.captured import CapturedMessages
from shared.adapters.settings import ConnectorSettings
from shared.adapters.step_functions import StepFunctionsFlow
from shared.adapters.voucher_providers.sandbox import VOUCHER, voucher_id
from shared.ports.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.adapters.card_gateways.sandbox_page import SandboxCardPage, TestCard
    from shared.adapters.sqs import SqsQueue
    from shared.domain.dispute import Dispute, DisputeStatus, Notice
    from shared.domain.event import Event
    from shared.ports.allowances import Allowances
    from shared.ports.cards import Cards, Vault
    from shared.ports.disputes import Disputes, DisputeSource, EvidenceStore
    from shared.ports.events import Events
    from shared.ports.idempotency import Idempotency
    from shared.ports.links import Links
    from shared.ports.merchants import Merchants
    from shared.ports.messages import Messenger
    from shared.ports.payments import Payments
    from shared.ports.webhooks import Deliveries, WebhookWorld


def now() -> datetime:
    return datetime.now(UTC)


def entropy(count: int) -> bytes:
    return secrets.token_bytes(count)


def pause(attempt: int) -> None:
    """Full jitter between tries of a contended write, at most 0.4 s."""
    time.sleep(random.uniform(0, min(0.4, 0.01 * 2**attempt)))  # noqa: S311 - jitter, not a secret


def setting(name: str) -> str:
    return os.environ[name]


def flag(name: str) -> bool:
    return os.environ.get(name, "false").lower() == "true"


def allow_private_targets() -> bool:
    """Whether merchants' addresses may be on this machine: the local cloud only."""
    return flag("ALLOW_PRIVATE_TARGETS")


@cache
def payments() -> Payments:
    stored = DynamoPayments(
        aws.client("dynamodb"),
        setting("PAYMENTS_TABLE"),
        setting("EVENTS_TABLE"),
        setting("IDEMPOTENCY_TABLE"),
        setting("CARDS_TABLE"),
    )
    return cast("Payments", MeasuredPayments(stored))


@cache
def merchants() -> Merchants:
    return DynamoMerchants(aws.client("dynamodb"), setting("MERCHANTS_TABLE"))


@cache
def events() -> Events:
    return DynamoEvents(aws.client("dynamodb"), setting("EVENTS_TABLE"))


@cache
def idempotency() -> Idempotency:
    return DynamoIdempotency(aws.client("dynamodb"), setting("IDEMPOTENCY_TABLE"))


@cache
def allowances() -> Allowances:
    from shared.adapters.dynamodb.allowances import DynamoAllowances

    return DynamoAllowances(aws.client("dynamodb"), setting("IDEMPOTENCY_TABLE"))


@cache
def sandbox_books() -> DynamoBooks:
    return DynamoBooks(aws.client("dynamodb"), setting("SANDBOX_TABLE"))


@cache
def sandbox_page() -> SandboxCardPage:
    from shared.adapters.card_gateways.sandbox_page import SandboxCardPage

    return SandboxCardPage(sandbox_books(), now)


def test_card(*, number: str, holder_name: str, expiry_month: int, expiry_year: int, cvv: str) -> TestCard:
    """What the sandbox's card page takes; its fields are never printed."""
    from shared.adapters.card_gateways.sandbox_page import TestCard

    return TestCard(number, holder_name, expiry_month, expiry_year, cvv)


def sandbox_voucher(merchant_id: str, environment: str, otp: str) -> dict[str, Any]:
    """The sandbox provider's own document of a voucher; empty when it never saw the code."""
    return sandbox_books().load(VOUCHER, voucher_id(merchant_id, environment, otp))[0]


@cache
def captured_messages() -> CapturedMessages:
    return CapturedMessages(sandbox_books(), now)


@cache
def messenger() -> Messenger:
    from shared.adapters.messaging.outgoing import OutgoingMessages

    return OutgoingMessages(
        captured=captured_messages(),
        claims=idempotency(),
        now=now,
        sender=os.environ.get("SENDER_ADDRESS", ""),
        mail=lambda: aws.client("ses"),
        phone=lambda: aws.client("sns"),
    )


@cache
def links() -> Links:
    from shared.adapters.dynamodb.links import DynamoLinks

    return DynamoLinks(aws.client("dynamodb"), setting("LINKS_TABLE"))


@cache
def cards() -> Cards:
    from shared.adapters.dynamodb.cards import DynamoCards

    return DynamoCards(aws.client("dynamodb"), setting("CARDS_TABLE"))


@cache
def vault() -> Vault:
    from shared.adapters.vault import KmsVault

    return KmsVault(aws.later("kms"), setting("CARD_KEY_ARN"))


@cache
def disputes() -> Disputes:
    from shared.adapters.dynamodb.disputes import DynamoDisputes

    return DynamoDisputes(
        aws.client("dynamodb"), setting("DISPUTES_TABLE"), setting("PAYMENTS_TABLE"), setting("EVENTS_TABLE")
    )


@cache
def evidence() -> EvidenceStore:
    from shared.adapters.evidence import S3Evidence

    return S3Evidence(lambda: aws.client("s3"), setting("EVIDENCE_BUCKET"))


@cache
def dispute_sources() -> list[DisputeSource]:
    from shared.adapters.dispute_secrets import DisputeSecrets
    from shared.adapters.dispute_sources import DISPUTE_SOURCES
    from shared.adapters.dispute_sources.settings import SourceSettings
    from shared.adapters.fetching import fetch

    secrets_of = DisputeSecrets(lambda: aws.client("secretsmanager"), setting("DISPUTE_SECRETS_ARN"), now)
    settings = SourceSettings(secrets_of, fetch)
    return [build(settings) for build in DISPUTE_SOURCES.values()]


def dispute_notice(headers: Mapping[str, str], body: bytes) -> Notice | None:
    """What a PSP's message says; None when it is not about a dispute. Raises Unauthenticated, InvalidRequest."""
    from shared.adapters.dispute_sources.inbound import read_notice
    from shared.ports.disputes import Inbound

    return read_notice(Inbound(headers, body, now()), dispute_sources())


def sandbox_dispute(told: Event) -> Notice | None:
    """The dispute that the sandbox's bank opens because of an event, if any."""
    from shared.adapters.dispute_sources.sandbox import opened_dispute

    return opened_dispute(told, sandbox_books())


def sandbox_bank_says(dispute: Dispute, to: DisputeStatus) -> Notice:
    from shared.adapters.dispute_sources.sandbox import advanced_dispute

    return advanced_dispute(dispute, to, now())


@cache
def world() -> World:
    return World(
        payments=payments(),
        merchants=merchants(),
        gateways=MeasuredGateways(Connectors(ConnectorSettings(sandbox_books(), now))),
        flow=StepFunctionsFlow(aws.later("stepfunctions"), os.environ.get("PAYMENT_FLOW_ARN", "")),
        messenger=messenger(),
        now=now,
        entropy=entropy,
        checkout_seconds=int(setting("CHECKOUT_TIMEOUT_SECONDS")),
        pause=pause,
    )


# ---- webhooks: imported where they are used, since most functions send none ----


@cache
def deliveries() -> Deliveries:
    from shared.adapters.dynamodb.deliveries import DynamoDeliveries

    return DynamoDeliveries(aws.client("dynamodb"), setting("DELIVERIES_TABLE"), setting("EVENTS_TABLE"))


@cache
def deliveries_queue() -> SqsQueue:
    from shared.adapters.sqs import SqsQueue

    return SqsQueue(aws.client("sqs"), setting("DELIVERIES_QUEUE_URL"))


def event_in_stream(image: dict[str, Any]) -> Event:
    """The event in a record of its table's stream."""
    return from_item(image)


@cache
def webhook_world() -> WebhookWorld:
    from shared.adapters.http import PinnedSender
    from shared.adapters.notification_formats import NOTIFICATION_FORMATS
    from shared.adapters.remembered_endpoints import EndpointMemory
    from shared.ports.webhooks import WebhookWorld

    return WebhookWorld(
        merchants=merchants(),
        events=events(),
        deliveries=deliveries(),
        queue=deliveries_queue(),
        sender=PinnedSender(allow_private=allow_private_targets()),
        remembered=EndpointMemory(merchants(), now),
        formats=NOTIFICATION_FORMATS,
        messenger=messenger(),
        now=now,
        entropy=entropy,
        interval_seconds=int(setting("WEBHOOK_RETRY_INTERVAL_SECONDS")),
        allow_private=allow_private_targets(),
        pause=pause,
    )
