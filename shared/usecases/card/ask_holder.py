"""Where the holder of a saved card confirms what its bank would not take without them."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha512
from typing import TYPE_CHECKING

from shared.domain.decline import Decline
from shared.domain.errors import GatewayError
from shared.domain.payment import Mode, Payment

if TYPE_CHECKING:
    from shared.domain.merchant import Credential
    from shared.ports.world import World


def page_for_holder(
    charged: Payment, credential: Credential, *, world: World, seed: bytes, repeated: bool = False
) -> Payment | None:
    """A payment of the same order, with a page for the card's holder; None unless the bank asked for them.

    Its ids come from ``seed``, which is that of the charge: the same call finds the same one. None too where the
    merchant's gateway opens no page now: the charge was declined whether or not there is another way.
    """
    if charged.failure is None or charged.failure.code != Decline.AUTHENTICATION_REQUIRED:
        return None
    from shared.usecases.payment.start_payment import NewPayment, start_payment  # for the few that are asked for

    order = NewPayment(
        amount=charged.amount,
        pages_origin=charged.pages_origin,
        mode=Mode.SALE_DIRECT,
        description=charged.description,
        email=charged.email,
        customer_id=charged.customer_id,
        family=charged.family,
        reference=charged.reference,
    )
    own = sha512(b"holder" + seed).digest()
    with suppress(GatewayError):
        return start_payment(order, credential, world=world, seed=own, repeated=repeated).payment
    return None
