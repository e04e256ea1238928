"""Look at a voucher before the choice: what its issuer says of it, with nothing spent, reserved or told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.errors import OutcomeUnknown, TooManyTries, Unavailable
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.domain.voucher import MAX_VOUCHER_CHECKS, Validation, Voucher
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, change
from shared.usecases.payment.choose_tender import check_awaits_choice, check_takes_vouchers
from shared.usecases.payment.issuers import candidates, judge


@dataclass(frozen=True, slots=True)
class Looked:
    """``payment`` with this check counted, and ``voucher`` as its issuer judged it, which is named if it knows it.

    ``said`` is the issuer's word; None where there is none: it does not answer, or nobody ``asked``, because whoever
    may have issued the code cannot be asked about it without reserving it.
    """

    payment: Payment
    voucher: Voucher
    said: Validation | None = None
    asked: bool = True


def check_voucher(payment: Payment, otp: str, *, world: World) -> Looked:
    """What the issuer says of a code.

    Counted before the issuer is asked, and a repeated call counts again: the count bounds what can be guessed. The
    word holds for this moment alone, the flow validates once more what is chosen. Raises IllegalTransition unless
    a choice is awaited and vouchers may pay a part, TooManyTries after the last check; the choice stays open then.
    """
    payment = change(payment, _counted, world=world)
    # Never a reference of a voucher that is chosen.
    looked_at = Voucher.entered(f"{payment.id}:C{payment.voucher_checks}", otp, payment.amount.zero())
    if not all(provider.abilities.looks for _, provider in candidates(payment, otp, world.gateways)):
        return Looked(payment, looked_at, asked=False)
    try:
        voucher, said = judge(payment, looked_at, world.gateways)
    except (OutcomeUnknown, Unavailable):
        return Looked(payment, looked_at)
    return Looked(payment, (voucher if said.known else looked_at).judged(said), said)


def _counted(payment: Payment, now: datetime) -> Decision:
    check_awaits_choice(payment, now)
    check_takes_vouchers(payment)
    if payment.voucher_checks >= MAX_VOUCHER_CHECKS:
        raise TooManyTries("no more vouchers can be looked at; they are judged when they are chosen")
    return Decision(replace(payment, voucher_checks=payment.voucher_checks + 1))
