"""Charge a saved card: written before it is sent, sent once, asked about when the answer was lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from shared.domain import ids
from shared.domain.card import Card, Initiator
from shared.domain.course import next_look
from shared.domain.errors import NotFound, OutcomeUnknown, StaleWrite, Unavailable
from shared.domain.ids import PaymentId
from shared.domain.merchant import Credential
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import PAYGLOBE, Mode, Payment, Status
from shared.domain.record import dataclass
from shared.domain.saved_card import SavedCard, check_usable
from shared.domain.taking import pending
from shared.ports.cards import Cards, Vault
from shared.ports.payments import Change
from shared.ports.world import World
from shared.usecases.card.charge_card import close_charge, resolve_charge
from shared.usecases.payment.operating import UNKNOWN

UNREACHED: Final = Answer(State.REFUSED, "not_sent", "The card gateway could not be reached; nothing was charged")


@dataclass(frozen=True, slots=True)
class CardOrder:
    """What a merchant wants charged. ``number`` is the saved card's."""

    number: int
    customer_id: str
    amount: Money
    pages_origin: str
    description: str = ""
    email: str | None = None
    family: str = PAYGLOBE
    reference: str = ""
    initiator: Initiator = Initiator.CUSTOMER
    new_id: Callable[[bytes], PaymentId] = ids.token_payment_id  # the family's form of it, from the seed


def charge_saved_card(
    order: CardOrder,
    credential: Credential,
    *,
    world: World,
    cards: Cards,
    vault: Vault,
    seed: bytes,
    repeated: bool = False,
) -> Payment:
    """The payment: SUCCESS, FAILED, or PROCESSING while the gateway's answer is missing (housekeeping asks on).

    The ids come from ``seed`` (64 bytes); ``repeated`` marks an Idempotency-Key taken over from a call that died,
    whose payment is gone on with by asking. Raises NotFound for a card that is not this customer's at this
    merchant in this environment, Unprocessable for an expired one or a gateway that is gone, Forbidden for a
    suspended merchant.
    """
    begun = _begun(order.new_id(seed), credential, world) if repeated else None
    if begun is not None:
        return resolve_charge(begun, world=world)
    merchant, environment = credential.merchant, credential.environment
    merchant.check_active()
    card = cards.wallet(merchant.id, environment, order.customer_id).card(order.number)
    check_usable(card, world.now())
    # Both before anything is written: a vault that is down or a gateway that is gone harms nothing.
    gateway, token = world.gateways.card(card), vault.open(card.sealed, card.context)
    payment = _draft(order, card, credential, world, seed)
    there = world.payments.create(Change(payment))
    if there is not None:
        if there.page_id != payment.page_id:
            raise Unavailable("this payment could not be begun; try again")
        return resolve_charge(there, world=world)
    payment = replace(payment, version=1)
    operation = payment.operations[0]
    answer = _sent(lambda: gateway.charge(payment, operation, token))
    try:
        return close_charge(payment, operation.key, answer, world=world)
    except StaleWrite:
        return payment  # charged or not, only not written down yet: an error would invite a second charge


def _begun(payment_id: PaymentId, credential: Credential, world: World) -> Payment | None:
    """The payment that a call which died had written, if it came that far."""
    try:
        payment = world.payments.get(payment_id)
    except NotFound:
        return None
    ours = (payment.merchant_id, payment.environment) == (credential.merchant.id, credential.environment)
    return payment if ours else None


def _sent(charge: Callable[[], Answer]) -> Answer:
    try:
        return charge()
    except Unavailable:
        return UNREACHED
    except OutcomeUnknown:
        return UNKNOWN


def _draft(order: CardOrder, card: SavedCard, credential: Credential, world: World, seed: bytes) -> Payment:
    """The payment with its one operation in the journal, before anything is sent."""
    now, merchant = world.now(), credential.merchant
    payment = Payment(
        id=order.new_id(seed),
        merchant_id=merchant.id,
        merchant_name=merchant.name,
        environment=credential.environment,
        amount=order.amount,
        mode=Mode.SALE_DIRECT,
        status=Status.PROCESSING,
        gateway=card.gateway,
        gateway_name=card.gateway_name,
        provider=credential.account.provider,
        page_id=ids.page_id(seed[10:]),
        redirect_url="",
        pages_origin=order.pages_origin,
        created_at=now,
        expires_at=now + timedelta(seconds=world.checkout_seconds),
        description=order.description,
        email=order.email,
        customer_id=order.customer_id,
        card=Card(card.brand, card.last4, card.expiry, account=card.account),
        saved_card=card.number,
        initiator=order.initiator,
        family=order.family,
        reference=order.reference,
    )
    payment = payment.with_operation(pending(payment, Kind.SALE, 1, order.amount, now))
    return replace(payment, due_at=next_look(payment, now))
