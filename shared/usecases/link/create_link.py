"""Create a payment link, and send it if we are to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime, timedelta

from shared.domain import ids
from shared.domain.errors import InvalidRequest
from shared.domain.ids import LinkId
from shared.domain.merchant import Credential
from shared.domain.money import Money
from shared.domain.payment import PAYGLOBE, Mode
from shared.domain.payment_link import LinkType, PaymentLink, Sending
from shared.domain.record import dataclass
from shared.ports.links import Links
from shared.ports.world import World
from shared.usecases.link.send_link import send_link


@dataclass(frozen=True, slots=True)
class NewLink:
    """What a merchant asks for. ``lasts`` is how long it can be paid, ``remind_before`` that long before its end."""

    amount: Money
    pages_origin: str
    lasts: timedelta
    sending: Sending = field(default_factory=Sending)
    most_by_voucher: Money | None = None  # what of it vouchers may pay; None: all of it
    description: str = ""
    name: str = ""
    language: str = ""
    remind_before: timedelta | None = None
    remind_every: int = 0  # days, instead
    mode: Mode | None = None
    customer_id: str | None = None
    family: str = PAYGLOBE
    family_data: dict[str, str] = field(default_factory=dict)
    new_id: Callable[[bytes], LinkId] = ids.link_id  # the family's form of it, from the seed


def create_link(order: NewLink, credential: Credential, *, world: World, links: Links, seed: bytes) -> PaymentLink:
    """The new link; with the same ``seed`` the one it made before, sent once all the same.

    Raises InvalidRequest where it must be said what vouchers may pay and is not, or a reminder has no address or
    comes too early, GatewayNotConfigured when nothing could be charged, Forbidden for a suspended merchant.
    """
    merchant, account = credential.merchant, credential.account
    merchant.check_active()
    account.gateway()  # raises when nothing could be charged
    account.check_voucher_amount(order.mode or account.default_mode, order.most_by_voucher)
    now = world.now()
    link = PaymentLink(
        id=order.new_id(seed),
        merchant_id=merchant.id,
        merchant_name=merchant.name,
        environment=credential.environment,
        amount=order.amount,
        most_by_voucher=order.most_by_voucher,
        type=order.sending.type,
        pages_origin=order.pages_origin,
        created_at=now,
        expires_at=now + order.lasts,
        description=order.description,
        email=order.sending.email,
        name=order.name,
        phone=order.sending.phone,
        language=order.language,
        time_zone=merchant.time_zone,
        frame_origins=account.origins,
        brand=merchant.brand,
        sends=0 if order.sending.type is LinkType.LINK else 1,
        remind_at=_remind_at(order, now + order.lasts),
        remind_every=order.remind_every,
        mode=order.mode,
        customer_id=order.customer_id,
        family=order.family,
        family_data=order.family_data,
    )
    link = link.reminded_at(now) if link.remind_every else replace(link, due_at=link.next_due())
    link = links.create(link) or replace(link, version=1)
    send_link(link, messenger=world.messenger)
    return link


def _remind_at(order: NewLink, expires_at: datetime) -> datetime | None:
    if order.remind_before is None:
        return None
    if order.remind_before >= order.lasts:
        raise InvalidRequest("reminderDays must be fewer than the days the link is valid", param="reminderDays")
    if order.sending.email is None and order.sending.type is not LinkType.SMS:
        raise InvalidRequest(
            "customerEmail is needed to send a reminder", code="email_required", param="customerEmail"
        )
    return expires_at - order.remind_before
