"""Open a payment link: start its payment, or find the one that was started."""

from __future__ import annotations

from dataclasses import replace

from shared.domain import ids
from shared.domain.errors import InProgress, TooManyTries
from shared.domain.ids import LinkId
from shared.domain.merchant import Credential, KeyKind
from shared.domain.payment import Ending, Failure, Payment, Status
from shared.domain.payment_link import MOST_OPENINGS, Opening, PaymentLink, check_pending
from shared.domain.statuses import LinkStatus
from shared.ports.links import Links
from shared.ports.world import World
from shared.usecases.contended import Overtaken, until_written
from shared.usecases.link.settle_link import LINK, TOO_LATE, standing
from shared.usecases.payment.end_checkout import end_checkout
from shared.usecases.payment.start_payment import NewPayment, start_payment


def open_link(link_id: LinkId, *, world: World, links: Links) -> Payment:
    """The link's payment, waiting to be paid.

    Opened twice, or by two at once, it is the same payment; a new one is made only when the one before can
    succeed no more. Raises IllegalTransition when the link is over, InProgress while its payment is being
    completed, TooManyTries after the twentieth payment that came to nothing.
    """

    def opened(link: PaymentLink) -> Payment | Overtaken[PaymentLink]:
        link, payment = standing(link, world=world, links=links)
        check_pending(link, world.now(), payment)
        if link.opening is not None:
            payment = payment or _start(link, link.opening, world)
            if _can_be_paid(payment, world):
                return _checked_again(link, payment, world, links)
        reserved = _reserved(link, world)
        return Overtaken(links.save(reserved) or replace(reserved, version=reserved.version + 1))

    return until_written(links.get(link_id), opened, what=LINK, pause=world.pause)


def _can_be_paid(payment: Payment, world: World) -> bool:
    """Whether to hand it out again. One whose time is up is ended first, so that two can never both succeed."""
    if payment.is_expired(world.now()):
        payment = end_checkout(payment, Ending.EXPIRED, Failure("expired", "The checkout expired"), world=world)
    if payment.status is Status.PROCESSING:
        raise InProgress("a payment of this link is being completed")
    return not payment.is_final and payment.ending is None


def _reserved(link: PaymentLink, world: World) -> PaymentLink:
    """The payment's ids are settled before it is started: two who open the link at once start the same one."""
    if link.openings >= MOST_OPENINGS:
        raise TooManyTries("this payment link was tried too often; ask the shop for a new one")
    now, seed = world.now(), world.entropy(64)
    opening = Opening(ids.payment_id_of_link(link.id, now, seed), seed.hex(), now)
    return replace(link, opening=opening, openings=link.openings + 1)


def _start(link: PaymentLink, opening: Opening, world: World) -> Payment:
    record = world.merchants.record(link.merchant_id)
    # The customer is not the merchant: no client secret comes of this.
    credential = Credential(record.merchant, link.environment, KeyKind.PUBLISHABLE, record.account(link.environment))
    order = NewPayment(
        amount=link.amount,
        most_by_voucher=link.most_by_voucher,
        pages_origin=link.pages_origin,
        description=link.description,
        email=link.email,
        language=link.language,
        link_id=link.id,
        ends_by=link.expires_at,
        mode=link.mode,
        customer_id=link.customer_id,
        family=link.family,
        family_data=link.family_data,
        new_id=lambda now, seed: ids.payment_id_of_link(link.id, now, seed),
    )
    then = replace(world, now=lambda: opening.at)  # the same id, whenever it is started
    return start_payment(order, credential, world=then, seed=bytes.fromhex(opening.seed)).payment


def _checked_again(link: PaymentLink, payment: Payment, world: World, links: Links) -> Payment:
    """A link that was cancelled while its payment was being started must not be paid."""
    latest = links.get(link.id)
    if latest.status in (LinkStatus.CANCELLED, LinkStatus.EXPIRED):
        end_checkout(payment, Ending.CANCELLED, Failure("cancelled", TOO_LATE), world=world)
    check_pending(latest, world.now())
    return payment
