"""PayGlobe's notices: the guide's flat payment, Stripe's envelope, or both; signed for three kinds of receiver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import simplejson

from shared.domain import signature
from shared.domain.delivery import Schedule
from shared.domain.event import Event, EventType, Facts, PaymentFacts, RefundFacts, VoucherFacts
from shared.domain.money import Money
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.families.payglobe.dispute_views import told_dispute
from shared.families.payglobe.views import iso, payment_method
from shared.ports.webhooks import Outgoing, Signing

API_VERSION: Final = "2023-10-16"
DELIVERIES: Final = 10
# What receivers know each event by, and the name by which Stripe's libraries give its object a type; fields that
# they do not know stay readable.
PUBLISHED: Final = {
    EventType.PREAUTHORISED: ("payment_intent.processing", "payment_intent"),
    EventType.VOUCHERS_SPENT: ("payment_intent.processing", "payment_intent"),
    EventType.PAID: ("payment_intent.succeeded", "payment_intent"),
    EventType.FAILED: ("payment_intent.payment_failed", "payment_intent"),
    EventType.VOIDED: ("payment_intent.canceled", "payment_intent"),
    EventType.CHECKOUT_ENDED: ("checkout.session.completed", "checkout.session"),
    EventType.REFUNDED: ("charge.refunded", "charge"),
    EventType.DISPUTE_CREATED: ("charge.dispute.created", "dispute"),
    EventType.DISPUTE_UPDATED: ("charge.dispute.updated", "dispute"),
    EventType.DISPUTE_CLOSED: ("charge.dispute.closed", "dispute"),
    EventType.ENDPOINT_TEST: ("endpoint.test", "webhook_endpoint"),
    EventType.ENDPOINT_DISABLED: ("endpoint.disabled", "webhook_endpoint"),
}
NAMES: Final = frozenset(name for name, _ in PUBLISHED.values())
TEST_MESSAGE: Final = "A test of your webhook endpoint: no payment happened."

Content = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PayGlobeFormat:
    """Ten deliveries a fixed interval apart; ``content`` says what of an event the body holds."""

    content: Callable[[Event], Content]
    names: frozenset[str] = NAMES

    def name(self, event: Event) -> str | None:
        published = PUBLISHED.get(event.type)
        return published and published[0]

    def body(self, event: Event) -> bytes:
        """ASCII, so that a receiver's platform charset cannot change what was signed; exact decimals (``150.00``)."""
        return str(simplejson.dumps(self.content(event), use_decimal=True, separators=(",", ":"))).encode("ascii")

    def render(self, signing: Signing) -> Outgoing:
        body = self.body(signing.event)
        return Outgoing("POST", signing.url, _headers(signing, body), body)

    def schedule(self, interval_seconds: int, environment: Environment) -> Schedule:
        return Schedule((interval_seconds,) * (DELIVERIES - 1))


def flat(event: Event) -> Content:
    """The guide's flat object: amounts are Decimal major units, times ISO 8601 UTC.

    Alone it serves receivers that refuse fields they do not know; id and type are in the headers ``webhook-id`` and
    ``X-PayGlobe-Event``.
    """
    facts = event.facts
    if facts.payment is not None:
        return {**_payment(facts.payment), **(_refund(facts.refund) if facts.refund else {})}
    return told_dispute(facts.dispute) if facts.dispute is not None else _endpoint(facts, event.type)


def envelope(event: Event) -> Content:
    """The event as Stripe's libraries read it, with the place it has among its subject's events."""
    name, kind = PUBLISHED[event.type]
    return {
        "id": event.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": int(event.created_at.timestamp()),
        "type": name,
        "livemode": event.environment is Environment.LIVE,
        "pending_webhooks": 0,
        "sequence": event.sequence,
        "data": {"object": {"id": event.subject, "object": kind} | dict(flat(event))},
        "request": None,
    }


def union(event: Event) -> Content:
    """The default: both kinds of sample in the guide read it unchanged, flat fields and ``data.object``."""
    return {**flat(event), **envelope(event)}


# By the ``payloadFormat`` of an endpoint.
FORMATS: Final = {
    "union": PayGlobeFormat(union),
    "event": PayGlobeFormat(envelope),
    "flat": PayGlobeFormat(flat),
}


def _headers(signing: Signing, body: bytes) -> dict[str, str]:
    event, timestamp = signing.event, int(signing.now.timestamp())
    return {
        "Content-Type": "application/json",
        "X-PayGlobe-Signature": signature.payglobe(signing.secrets[0], body, signing.encoding),
        "Stripe-Signature": signature.stripe(signing.secrets, body, timestamp),
        "webhook-id": event.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature.standard(signing.secrets, body, event.id, timestamp),
        "X-PayGlobe-Event": PUBLISHED[event.type][0],
        "X-PayGlobe-Delivery": signing.delivery_id,
    }


def _payment(facts: PaymentFacts) -> dict[str, object]:
    used = [_voucher(voucher, facts.amount.zero()) for voucher in facts.vouchers]
    failure = facts.failure
    return {
        "transactionId": facts.id,
        "totalAmount": facts.amount.major,
        "currency": facts.amount.currency,
        "cardAmount": facts.card_part.major,
        "voucherAmount": facts.spent.major,
        "paymentMethod": payment_method(facts.mode, facts.card_part, facts.spent),
        "status": facts.status.value,
        "sessionStart": iso(facts.created_at),
        "sessionEnd": iso(facts.ended_at),
        # From the printed seconds, so that the three fields always agree with one another.
        "sessionDurationSeconds": int(facts.ended_at.timestamp()) - int(facts.created_at.timestamp()),
        "vouchersUsed": len(used),
        "cardGatewayDetails": _card_details(facts),
        "voucherDetails": used[-1] if used else None,
        "vouchers": used,
        "createdAt": iso(facts.created_at),
        "completedAt": iso(facts.completed_at),
        "description": facts.description,
        "customerId": facts.customer_id,
        "paymentMode": facts.mode.value,
        "linkId": facts.link_id,
        "attention": facts.attention,
        "failure": None if failure is None else {"code": failure.code, "message": failure.message},
        # Only where the shop said it: whoever never does is told what was told before there was such a field.
        **({"maxVoucherAmount": facts.most_by_voucher.major} if facts.most_by_voucher is not None else {}),
    }


def _card_details(facts: PaymentFacts) -> dict[str, object]:
    card = facts.card
    return {
        "paymentId": facts.page_id,
        "transactionId": card and card.reference,
        "operationType": facts.operation.value,
        "gateway": facts.gateway,
        "preauthorizedAmount": facts.authorised.major,
        "capturedAmount": facts.captured.major,
        "responseCode": card and card.code,
        "responseMessage": card and card.message,
    }


def _voucher(facts: VoucherFacts, nothing: Money) -> dict[str, object]:
    return {
        "serialNumber": facts.serial_number,
        "operationNumber": facts.reference,
        "spentAmount": (facts.spent or nothing).major,
        "responseCode": facts.code,
        "responseMessage": facts.message,
    }


def _refund(facts: RefundFacts) -> dict[str, object]:
    return {
        "refundId": facts.id,
        "refundAmount": facts.amount.major,
        "totalRefunded": facts.total.major,
        "remainingAmount": facts.remaining.major,
        "reason": facts.reason,
    }


def _endpoint(facts: Facts, event_type: EventType) -> dict[str, object]:
    endpoint = facts.endpoint
    if endpoint is None:
        return {}
    about: dict[str, object] = {"endpointId": endpoint.id, "url": endpoint.url}
    if event_type is EventType.ENDPOINT_TEST:
        return about | {"message": TEST_MESSAGE}
    return about | {"disabledReason": endpoint.disabled}
