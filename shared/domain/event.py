"""What happened, told once: the outbox record that every notice and the catch-up list are made from.

An event carries facts in our words. How a family names it and writes it is the family's own: what is frozen here is
complete enough that no format reads the payment again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from shared.domain.card import Card
from shared.domain.ids import (
    CustomerId,
    DisputeId,
    EndpointId,
    EventId,
    LinkId,
    MerchantId,
    OrderId,
    PageId,
    PaymentId,
    RefundId,
)
from shared.domain.money import Money
from shared.domain.operation import Kind
from shared.domain.payment import PAYGLOBE, Ending, Environment, Failure, Mode, Status
from shared.domain.record import dataclass
from shared.domain.refund import RefundStatus
from shared.domain.statuses import DisputeStatus, LinkStatus, OrderStatus, Reason, Source


class EventType(StrEnum):
    """What can happen. Stored and streamed under these words, so none is ever renamed."""

    PREAUTHORISED = "PREAUTHORISED"  # the whole amount is held
    VOUCHERS_SPENT = "VOUCHERS_SPENT"
    PAID = "PAID"
    FAILED = "FAILED"  # a try, or with CHECKOUT_ENDED beside it the payment
    VOIDED = "VOIDED"
    CHECKOUT_ENDED = "CHECKOUT_ENDED"  # nothing more can be paid, however it ended
    REFUNDED = "REFUNDED"
    REFUND_FAILED = "REFUND_FAILED"
    RETURNED = "RETURNED"  # money that came after the end, or was not what was due, went back or could not
    CHARGED_BACK = "CHARGED_BACK"  # the first dispute of a payment was lost; the dispute's own events tell which
    DISPUTE_CREATED = "DISPUTE_CREATED"
    DISPUTE_UPDATED = "DISPUTE_UPDATED"
    DISPUTE_CLOSED = "DISPUTE_CLOSED"
    LINK_PAID = "LINK_PAID"
    LINK_EXPIRED = "LINK_EXPIRED"
    LINK_CANCELLED = "LINK_CANCELLED"
    ORDER_PAID = "ORDER_PAID"
    ORDER_EXPIRED = "ORDER_EXPIRED"
    ENDPOINT_TEST = "ENDPOINT_TEST"
    ENDPOINT_DISABLED = "ENDPOINT_DISABLED"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """The gateway's last word on the card."""

    code: str = ""
    message: str = ""
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class VoucherFacts:
    """A voucher that pays a part. ``spent`` is None while its spending is not confirmed."""

    serial_number: str
    spent: Money | None = None
    code: str = ""
    message: str = ""
    reference: str | None = None
    issuer: str = ""  # whose it is; empty in facts of before that was told


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment at one moment; ``operation`` is what the event is about, ``ended_at`` its end or that moment."""

    id: PaymentId
    status: Status
    mode: Mode
    amount: Money
    card_part: Money  # what the card pays or would pay
    spent: Money  # by vouchers
    authorised: Money
    captured: Money
    operation: Kind
    gateway: str
    page_id: PageId
    created_at: datetime
    ended_at: datetime
    completed_at: datetime | None = None
    card: CardFacts | None = None
    vouchers: tuple[VoucherFacts, ...] = ()
    description: str = ""
    customer_id: str | None = None
    link_id: str | None = None
    attention: str | None = None
    failure: Failure | None = None
    ending: Ending | None = None  # why an unpaid payment ended, where nobody refused it
    declined: bool = False  # by card, and its last word was no
    charged_back: bool = False  # a bank said once that a dispute of it is lost
    country: str = ""  # the payer's, where it was asked for
    reference: str = ""
    order_id: OrderId | None = None
    method: str = ""
    family_data: dict[str, str] = field(default_factory=dict)
    shown_card: Card | None = None  # what may be shown of it
    most_by_voucher: Money | None = None  # as the merchant said; None also in what was told before that could be said
    unaddressed: bool = False  # nobody to write to; False in what was told before that was said, too


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """Money that went back just now, and how much of the payment has by then.

    ``asked`` is what the refund was for in all; None in facts of before that was told. A refund to card and vouchers
    may arrive in parts: ``continued`` when an event before this one told of the same refund.
    """

    id: RefundId
    amount: Money
    total: Money
    remaining: Money
    reason: str = ""
    asked: Money | None = None
    status: RefundStatus = RefundStatus.SUCCESS
    created_at: datetime | None = None
    settled_at: datetime | None = None
    reference: str = ""
    vouchers: Mapping[str, Money] = field(default_factory=dict)  # what of ``amount`` went back to them, by issuer
    continued: bool = False  # also in facts of before that was told


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """A dispute as it stood when the event happened.

    ``lost`` are the minor units of ``currency``, the payment's, that are the customer's now and were not at the
    event before; less than nothing where the bank gave them back. ``by_method``: of a payment that was no card's.
    """

    id: DisputeId
    payment_id: PaymentId
    amount: Money
    reason: Reason
    status: DisputeStatus
    source: Source
    created_at: datetime
    deadline: datetime | None = None
    lost: int = 0
    currency: str = ""
    by_method: bool = False


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order as it stood when the event happened."""

    id: OrderId
    status: OrderStatus
    amount: Money
    customer_id: CustomerId
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    reference: str = ""
    family_data: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A payment link as it stood when the event happened."""

    id: LinkId
    status: LinkStatus
    amount: Money
    url: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    customer_id: str | None = None
    remind_every: int = 0
    family_data: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EndpointFacts:
    """A webhook endpoint that is tried, or was ``disabled`` for that reason."""

    id: EndpointId
    url: str
    disabled: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an event is about: a payment (with the refund of it), a dispute, an order, a link, or an endpoint."""

    payment: PaymentFacts | None = None
    refund: RefundFacts | None = None
    dispute: DisputeFacts | None = None
    endpoint: EndpointFacts | None = None
    order: OrderFacts | None = None
    link: LinkFacts | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """``subject`` is the id of what it is about, and ``sequence`` counts the events of one subject from 1.

    ``notify_url`` is the payment's own webhook address, told beside the merchant's endpoints; ``family`` says how
    the payment began, and so how that address is spoken to.
    """

    id: EventId
    type: EventType
    merchant_id: MerchantId
    environment: Environment
    subject: str
    sequence: int
    created_at: datetime
    facts: Facts
    notify_url: str | None = None
    family: str = PAYGLOBE
