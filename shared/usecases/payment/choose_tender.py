"""Claim how a held payment is settled: by the customer's choice, or by the merchant's direct call."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.course import where
from shared.domain.errors import IllegalTransition, InvalidAmount, InvalidRequest, TooManyTries
from shared.domain.ids import PaymentId
from shared.domain.money import Money
from shared.domain.payment import (
    AWAITING_CHOICE,
    MAX_VOUCHER_TRIES,
    Ending,
    Payment,
    Status,
    Tender,
)
from shared.domain.record import dataclass
from shared.domain.voucher import MAX_VOUCHERS_PER_CHOICE, Voucher, check_otps
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, change, wake


@dataclass(frozen=True, slots=True)
class TenderChoice:
    """``otps`` for VOUCHERS; ``amount`` for a CAPTURE of less than the whole; ``by`` says who asks for one."""

    tender: Tender
    otps: tuple[str, ...] = ()
    amount: Money | None = None
    by: str = ""
    accepts_loss: bool = False  # of vouchers that are used whole: what they are worth beyond what is left to pay


def choose_tender(
    payment_id: PaymentId, choice: TenderChoice, *, world: World, known: Payment | None = None
) -> Payment:
    """Record the choice in one conditional write and wake the machine, which does the work.

    Of several choices at once one wins; the others raise IllegalTransition. Also raised in sale modes, before
    the card is held, after the deadline and after the end, and for vouchers where they may pay nothing more.
    Raises InvalidRequest or InvalidAmount for a choice that makes no sense, TooManyTries after the tenth voucher
    try. ``known`` is the payment if the caller has just read it.
    """
    if choice.tender is Tender.VOUCHERS:
        check_otps(list(choice.otps))
    payment = known or world.payments.get(payment_id)
    payment = change(payment, lambda p, now: decide_choice(p, choice, now), world=world)
    wake(payment, world=world)
    return payment


def decide_choice(payment: Payment, choice: TenderChoice, now: datetime) -> Decision:
    check_awaits_choice(payment, now)
    if choice.tender is Tender.VOUCHERS:
        check_takes_vouchers(payment)
        if payment.voucher_tries >= MAX_VOUCHER_TRIES:
            raise TooManyTries("no more vouchers can be tried on this payment; it can still be paid by card")
    chosen = replace(payment.moved(Status.PROCESSING, now), tender=choice.tender, failure=None, settled_by=choice.by)
    if choice.tender is Tender.VOUCHERS:
        return Decision(_with_vouchers(replace(chosen, accepts_loss=choice.accepts_loss), choice.otps))
    if choice.tender is Tender.CAPTURE and choice.amount is not None:
        chosen = replace(chosen, amount_due=_amount_due(payment, choice.amount))
    if choice.tender is Tender.VOID:
        chosen = replace(chosen, ending=Ending.VOIDED)
    return Decision(chosen)


def check_awaits_choice(payment: Payment, now: datetime) -> None:
    """Raise IllegalTransition unless the customer may choose now how this payment is settled."""
    if not payment.mode.has_flow:
        raise IllegalTransition(f"a payment in mode {payment.mode} is settled at once; nothing can be chosen")
    if payment.status not in AWAITING_CHOICE:
        raise IllegalTransition(f"a payment in status {payment.status} is not waiting for a choice")
    if payment.ending is not None or payment.is_expired(now):
        raise IllegalTransition("the checkout has expired", code="expired")


def check_takes_vouchers(payment: Payment) -> None:
    """Raise IllegalTransition when vouchers may pay nothing (more) of this payment, whoever else may."""
    if not payment.open_to_vouchers:
        told = "vouchers pay no more of this purchase; the rest is by card"
        raise IllegalTransition(told, code="voucher_amount_reached")


def _amount_due(payment: Payment, amount: Money) -> Money:
    if payment.amount < amount:
        raise InvalidAmount(f"at most the authorised {payment.amount.major} can be captured", code="amount_too_large")
    if amount < payment.spent:
        raise InvalidAmount(f"vouchers already pay {payment.spent.major}", code="amount_too_small")
    return amount


def _with_vouchers(payment: Payment, otps: tuple[str, ...]) -> Payment:
    paying = sum(voucher.counts for voucher in payment.vouchers)
    if paying and paying + len(otps) > MAX_VOUCHERS_PER_CHOICE:
        told = f"at most {MAX_VOUCHERS_PER_CHOICE} vouchers can be used in one payment, and {paying} pay already"
        raise InvalidRequest(told, param="vouchers")
    attempt = payment.voucher_tries + 1
    nothing = payment.amount.zero()
    entered = tuple(
        Voucher.entered(f"{payment.id}:V{len(payment.vouchers) + n}", otp, nothing, attempt)
        for n, otp in enumerate(otps, start=1)
    )
    return replace(payment, vouchers=(*payment.vouchers, *entered), voucher_tries=attempt)


def is_settled(payment: Payment) -> bool:
    """Whether the machine has done what a direct capture or void asked for."""
    return payment.is_final and where(payment) == "done"
