"""What a gateway declares that it cannot do is refused before anything is opened or written there."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.abilities import Abilities
from shared.domain.card_data import CardData
from shared.domain.errors import Unprocessable
from shared.domain.money import Money
from shared.domain.payment import Mode
from shared.usecases.payment.start_payment import NewPayment, start_payment
from tests.unit.usecases.moody import a_moody_till
from tools.testing.builders import a_credential, euro

CARD = CardData("4532491111111111", "Ada Rossi", 12, 2030, "123")


@pytest.mark.parametrize(
    ("able", "order", "code"),
    [
        (Abilities(partial_capture=False), {"mode": Mode.PREAUTH_VOUCHER_CAPTURE}, "mode_not_supported"),
        (Abilities(hold_days=0), {"mode": Mode.PREAUTH_VOUCHER_CAPTURE}, "mode_not_supported"),
        (Abilities(tokens=False), {"mode": Mode.SALE_WITH_TOKENIZATION}, "mode_not_supported"),
        (Abilities(currencies=frozenset({"USD"})), {"mode": Mode.SALE_DIRECT}, "currency_not_supported"),
        (Abilities(server_to_server=False), {"mode": Mode.SALE_DIRECT, "card": CARD}, "not_supported"),
    ],
)
def test_what_a_gateway_cannot_do_is_refused_at_once(able: Abilities, order: dict[str, Any], code: str) -> None:
    till, gateways = a_moody_till()
    gateways.abilities = able
    card = order.pop("card", None)

    with pytest.raises(Unprocessable) as caught:
        start_payment(
            NewPayment(euro(10_00), "https://pages.example", **order),
            a_credential(),
            world=till.world,
            seed=b"x" * 64,
            card=card,
        )

    assert caught.value.error_code == code
    assert till.world.payments.all() == []
    assert gateways.asked == []


def test_what_it_can_do_is_done() -> None:
    till, gateways = a_moody_till()
    gateways.abilities = Abilities(partial_capture=False, tokens=False, currencies=frozenset({"JPY"}))
    order = NewPayment(Money(1000, "JPY"), "https://pages.example", Mode.SALE_DIRECT)

    assert start_payment(order, a_credential(), world=till.world, seed=b"x" * 64).payment.amount.minor == 1000
