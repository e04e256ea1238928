"""A gateway or provider rings: whatever it says, it is asked, and what it answers is recorded as by anybody else."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from shared.domain import ids
from shared.domain.errors import NotFound
from shared.domain.ids import PaymentId
from shared.domain.merchant import OwnConnector
from shared.domain.payment import Payment
from shared.domain.psp_reference import PspReference
from shared.ports.inbound import Bells, Told
from shared.ports.world import World
from shared.usecases.payment.ask_open import ask_open

MOST_NAMED: Final = 5  # of one message; it is about one payment, named in several ways


def hear_bell(told: Told, own: OwnConnector, *, world: World, bells: Bells) -> Payment | None:
    """The payment that ``told`` is about, with every answer that its gateway gives by now; None when none is known.

    Only payments of this connector are looked at. One that was asked about moments ago is returned as it is, so that
    a flood of messages costs the gateway a call every three seconds. Safe to repeat and beside anybody who asks.
    """
    payment = _meant(told, own, world)
    if payment is None or not bells.first(payment.id, world.now()):
        return payment
    return ask_open(payment, world=world)


def _meant(told: Told, own: OwnConnector, world: World) -> Payment | None:
    for number in [*told.payments, *told.operations][:MOST_NAMED]:
        named = [PaymentId(number)] if ids.is_id(number) else []
        for payment_id in [*named, *world.payments.by_reference(PspReference(own.name, number))]:
            with suppress(NotFound):
                payment = world.payments.get(payment_id)
                if _is_of(payment, own):
                    return payment
    return None


def _is_of(payment: Payment, own: OwnConnector) -> bool:
    ours = (payment.merchant_id, payment.environment) == (own.merchant_id, own.environment)
    return ours and own.name in (payment.gateway, payment.provider)
