"""A payment link: a request to pay that a merchant sends around, and the payment it leads to."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.brand import PLAIN, Brand
from shared.domain.errors import IllegalTransition, InvalidRequest
from shared.domain.ids import LinkId, MerchantId, PageId, PaymentId
from shared.domain.money import Money
from shared.domain.operation import Kind
from shared.domain.payment import PAID, PAYGLOBE, Ending, Environment, Mode, Payment, Status
from shared.domain.record import dataclass
from shared.domain.statuses import LinkStatus

MOST_DAYS: Final = 365
DEFAULT_DAYS: Final = 30
MOST_SENDS: Final = 5
MOST_OPENINGS: Final = 20  # payments that came to nothing; together with the tries of each this bounds guessing
LOOK_AGAIN: Final = timedelta(minutes=1)


class LinkType(StrEnum):
    """Who brings the link to the customer: the merchant, or we by e-mail or text message."""

    LINK = "LINK"
    MAIL = "MAIL"
    SMS = "SMS"


@dataclass(frozen=True, slots=True)
class Opening:
    """One payment of a link: reserved before it is started, so that all who open the link start the same one."""

    payment_id: PaymentId
    seed: str = field(repr=False)  # hex; the payment's ids and secrets come from it
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentLink:
    """``status`` is what was recorded; ``status_at`` is what holds. ``version`` guards every write."""

    id: LinkId
    merchant_id: MerchantId
    merchant_name: str
    environment: Environment
    amount: Money
    type: LinkType
    pages_origin: str
    created_at: datetime
    expires_at: datetime
    status: LinkStatus = LinkStatus.PENDING
    description: str = ""
    email: str | None = None
    name: str = ""
    phone: str | None = None
    language: str = ""
    time_zone: str = "UTC"  # the merchant's when the link was made: by its clocks the customer is told the deadline
    frame_origins: tuple[str, ...] = ()
    brand: Brand = PLAIN  # its merchant's looks when it was made
    opening: Opening | None = None
    openings: int = 0
    sends: int = 0
    remind_at: datetime | None = None
    paid_at: datetime | None = None
    page_id: PageId | None = None
    auth_code: str | None = None  # the issuer's; None when vouchers paid all of it, or the gateway gave none
    due_at: datetime | None = None  # when housekeeping looks again
    version: int = 0
    mode: Mode | None = None  # of its payments; None: as the merchant's account has it
    customer_id: str | None = None
    remind_every: int = 0  # days; 0: once, or never
    updated_at: datetime | None = None  # when what is shown of it last changed; None: at its creation
    most_by_voucher: Money | None = None  # what of the amount vouchers may pay; None: all of it
    sequence: int = 0  # number of events told so far
    family: str = PAYGLOBE  # how whoever made it speaks
    family_data: dict[str, str] = field(default_factory=dict)  # that family's alone; nothing else reads it

    @property
    def url(self) -> str:
        return f"{self.pages_origin}/pay/link/?id={self.id}"

    def is_over(self, now: datetime) -> bool:
        return now >= self.expires_at

    def status_at(self, now: datetime, payment: Payment | None = None) -> LinkStatus:
        """A link that nobody has marked expired yet is expired all the same, unless ``payment`` is about to pay it.

        ``payment`` is the link's own, as far as it was read.
        """
        completing = payment is not None and is_completing(payment)
        if self.status is LinkStatus.PENDING and self.is_over(now) and not completing:
            return LinkStatus.EXPIRED
        return self.status

    def paid_by(self, payment: Payment) -> PaymentLink | None:
        """This link, paid by ``payment``; None when it waits for another one, or for none any more."""
        if not pays(self, payment):
            return None
        authorised = payment.done(Kind.PREAUTH, Kind.SALE) if payment.captured else []
        return replace(
            self,
            status=LinkStatus.PAID,
            paid_at=payment.completed_at,
            page_id=payment.page_id,
            auth_code=authorised[-1].auth_code if authorised else None,
            remind_at=None,
            due_at=None,
        )

    def closed(self, status: LinkStatus) -> PaymentLink:
        return replace(self, status=status, remind_at=None, due_at=None)

    def reminded_at(self, moment: datetime) -> PaymentLink:
        """This link, after a reminder at ``moment`` or anew from then: the next one comes as often as was asked."""
        following = moment + timedelta(days=self.remind_every) if self.remind_every else None
        link = replace(self, remind_at=following if following and following < self.expires_at else None)
        return replace(link, due_at=link.next_due())

    def next_due(self) -> datetime:
        return min(self.remind_at, self.expires_at) if self.remind_at else self.expires_at


def pays(link: PaymentLink, payment: Payment) -> bool:
    """Whether ``payment`` is the one this pending link was waiting for.

    When it was completed does not matter: its customer could act no longer than the link lasted, and a link stays
    pending for what was done in time.
    """
    if link.status is not LinkStatus.PENDING or payment.status not in PAID:
        return False
    return link.opening is not None and link.opening.payment_id == payment.id


def is_completing(payment: Payment) -> bool:
    """Whether the customer's part is done, and the money is being taken at this moment."""
    return payment.status is Status.PROCESSING and payment.ending in (None, Ending.COVERED)


_OVER: Final = {
    LinkStatus.PAID: ("this payment link was paid already", "link_paid"),
    LinkStatus.EXPIRED: ("this payment link has expired", "link_expired"),
    LinkStatus.CANCELLED: ("this payment link was cancelled", "link_cancelled"),
}


def check_pending(link: PaymentLink, now: datetime, payment: Payment | None = None) -> None:
    """Raises IllegalTransition, saying why, unless the link can still be paid, cancelled or sent."""
    status = link.status_at(now, payment)
    if status is not LinkStatus.PENDING:
        message, code = _OVER[status]
        raise IllegalTransition(message, code=code)


@dataclass(frozen=True, slots=True)
class Sending:
    """How a link reaches its customer, and where. Raises InvalidRequest when there is nowhere to send it to."""

    type: LinkType = LinkType.LINK
    email: str | None = None
    phone: str | None = None

    def __post_init__(self) -> None:
        if self.type is LinkType.MAIL and self.email is None:
            raise InvalidRequest(
                "customerEmail is needed to send the link by e-mail", code="email_required", param="customerEmail"
            )
        if self.type is LinkType.SMS and self.phone is None:
            raise InvalidRequest(
                "customerPhone is needed to send the link by text message",
                code="phone_required",
                param="customerPhone",
            )
