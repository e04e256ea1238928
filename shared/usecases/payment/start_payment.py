"""Create a payment: open the card page, write the record, start its flow."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.domain import ids
from shared.domain.course import next_look
from shared.domain.errors import NotFound, Unavailable
from shared.domain.ids import MerchantId, OrderId, PageId, PaymentId
from shared.domain.merchant import Credential, KeyKind
from shared.domain.method import MethodChoice, Payer
from shared.domain.money import Money
from shared.domain.payment import PAYGLOBE, Mode, Payment, Status
from shared.domain.psp_reference import references
from shared.domain.record import dataclass
from shared.ports.idempotency import Claim
from shared.ports.payments import Change
from shared.ports.world import World
from shared.usecases.payment.open_page import with_page

if TYPE_CHECKING:
    from shared.domain.card_data import CardData


@dataclass(frozen=True, slots=True)
class NewPayment:
    """What a caller asks for. ``pages_origin`` is where the hosted pages live, without a trailing slash."""

    amount: Money
    pages_origin: str
    mode: Mode | None = None
    most_by_voucher: Money | None = None  # vouchers of all issuers together pay no more of it; None: all of it
    description: str = ""
    email: str | None = None
    language: str = ""
    customer_id: str | None = None
    callback_url: str | None = None
    error_url: str | None = None
    return_url: str | None = None
    notify_url: str | None = None
    link_id: str | None = None
    ends_by: datetime | None = None  # it can be paid no longer than until then
    family: str = PAYGLOBE
    reference: str = ""
    order_id: OrderId | None = None
    method: str = ""
    method_choice: MethodChoice | None = None
    pay_url: str = ""  # where a payment is paid whose method may be chosen, or chosen again, there
    holder_url: str = ""  # where the holder of a card that is presented comes back to from their bank
    payer: Payer | None = None
    family_data: dict[str, str] = field(default_factory=dict)
    new_id: Callable[[datetime, bytes], PaymentId] = ids.payment_id  # the family's form of it, from the seed


@dataclass(frozen=True, slots=True)
class Started:
    """A payment that was made, and what its pages may call with."""

    payment: Payment
    client_secret: str | None  # only for a secret key


def start_payment(
    order: NewPayment,
    credential: Credential,
    *,
    world: World,
    seed: bytes,
    repeated: bool = False,
    answer: Callable[[Started], Claim | None] | None = None,
    card: CardData | None = None,
    create: Callable[[Change], Payment | None] | None = None,
) -> Started:
    """Create the payment and answer with it. What ``answer`` makes of it is kept in the same write.

    The ids come from ``seed`` (64 bytes), so that the same request with the same Idempotency-Key finds the
    same payment instead of making a second one; ``repeated`` says that it may have begun on the day before, whose
    date is in the id then. A ``card`` is presented at the gateway before anything is written, and forgotten; no money
    moves until its holder was asked. ``create`` writes it in the place of ``payments.create``, with
    what it belongs to. Raises InvalidRequest for such a card that is not taken, for a mode that the merchant may not
    use and where it must be said what vouchers may pay and is not, GatewayNotConfigured for a live key without a live
    gateway, Unprocessable for what that gateway cannot do, and Forbidden for a suspended merchant.
    """
    begun = _begun_yesterday(order, credential, world, seed) if repeated else None
    payment = begun or _created(order, credential, world, seed, answer, card, create or world.payments.create)
    if payment.mode.has_flow and not payment.is_final:
        # Written first: a start that fails here is made up for by housekeeping within minutes, and a repeated
        # call starts what housekeeping started, never an older one beside it.
        with suppress(Unavailable):
            world.flow.start(payment.id, payment.executions)
    return Started(payment, _secret(payment, credential, seed))


def _created(
    order: NewPayment,
    credential: Credential,
    world: World,
    seed: bytes,
    answer: Callable[[Started], Claim | None] | None,
    card: CardData | None,
    create: Callable[[Change], Payment | None],
) -> Payment:
    credential.merchant.check_active()
    payment = _draft(order, credential, world, seed)
    if payment.mode is not Mode.ALTERNATIVE:
        abilities = world.gateways.card(payment).abilities
        payment = replace(payment, captures_whole=not abilities.partial_capture)
        abilities.check(payment, presented=card is not None, lasts=timedelta(seconds=world.checkout_seconds))
        holder = order.holder_url.replace("{transactionId}", payment.id) if card is not None else None
        payment = with_page(payment, payment.page_id, 1, _token(seed), world=world, holder_url=holder)
    if card is not None:
        from shared.usecases.payment.present_card import with_card  # few payments bring their card along

        payment = with_card(payment, card, world=world)
    payment = replace(payment, due_at=next_look(payment, payment.created_at))
    answered = answer(Started(payment, _secret(payment, credential, seed))) if answer else None
    return create(Change(payment, answered=answered, references=references(payment))) or payment


def _token(seed: bytes) -> bytes:
    """What the address ends with at which the browser comes back: the same for the same seed."""
    return hmac.digest(seed[32:], b"return", "sha256")[:16]


def _begun_yesterday(order: NewPayment, credential: Credential, world: World, seed: bytes) -> Payment | None:
    """What a call that died before midnight had written, if it came that far."""
    try:
        payment = world.payments.get(order.new_id(world.now() - timedelta(days=1), seed))
    except NotFound:
        return None
    ours = (payment.merchant_id, payment.environment) == (credential.merchant.id, credential.environment)
    return payment if ours else None


def _secret(payment: Payment, credential: Credential, seed: bytes) -> str | None:
    return ids.client_secret(payment.id, seed[32:]) if credential.kind is KeyKind.SECRET else None


def _draft(order: NewPayment, credential: Credential, world: World, seed: bytes) -> Payment:
    now = world.now()
    merchant, account, environment = credential.merchant, credential.account, credential.environment
    mode = order.mode if order.mode is Mode.ALTERNATIVE else account.mode(order.mode)
    if order.link_id is None:  # of a link it was said, or need not be yet, when it was made
        account.check_voucher_amount(mode, order.most_by_voucher)
    gateway, provider = account.connectors(Mode.ALTERNATIVE if order.pay_url else mode)
    payment_id = order.new_id(now, seed)
    page = ids.page_id(seed[10:])
    draft = Payment(
        id=payment_id,
        merchant_id=MerchantId(merchant.id),
        merchant_name=merchant.name,
        environment=environment,
        amount=order.amount,
        mode=mode,
        most_by_voucher=order.most_by_voucher,
        status=Status.PENDING,
        gateway=gateway,
        provider=provider,
        providers=() if order.pay_url or mode is Mode.ALTERNATIVE else account.other_providers,
        connector_id=account.card_gateway.id if account.card_gateway and mode is not Mode.ALTERNATIVE else "",
        page_id=PageId(page),
        redirect_url=order.pay_url.replace("{transactionId}", payment_id),
        pages_origin=order.pages_origin,
        created_at=now,
        expires_at=now + timedelta(seconds=world.checkout_seconds),
        description=order.description,
        email=order.email,
        language=order.language,
        customer_id=order.customer_id,
        callback_url=order.callback_url and order.callback_url.replace("{transactionId}", payment_id),
        error_url=order.error_url and order.error_url.replace("{transactionId}", payment_id),
        return_url=order.return_url and order.return_url.replace("{transactionId}", payment_id),
        notify_url=order.notify_url and order.notify_url.replace("{transactionId}", payment_id),
        frame_origins=account.origins,
        brand=merchant.brand,
        declines=credential.declines,
        link_id=order.link_id,
        family=order.family,
        reference=order.reference,
        order_id=order.order_id,
        method=order.method,
        method_choice=order.method_choice,
        payer=order.payer,
        family_data=order.family_data,
        ends_by=order.ends_by,
        client_secrets=(ids.fingerprint(ids.client_secret(payment_id, seed[32:])),)
        if credential.kind is KeyKind.SECRET
        else (),
        executions=1,
    )
    return draft.open_until(draft.expires_at)
