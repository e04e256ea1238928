"""What must hold at rest between payments and what they are for: payment links and saved cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.simulator.visitors import CUSTOMER
from shared.adapters.card_gateways.sandbox import PAGE
from shared.domain import ids
from shared.domain.payment import PAID, Payment, Status
from shared.domain.payment_link import LinkStatus, PaymentLink
from tests.builders import a_credential

if TYPE_CHECKING:
    from local.simulator.simulation import Simulation


def links_agree(simulation: Simulation) -> None:
    for link in simulation.stored_links.all():
        mine = [payment for payment in simulation.payments.all() if payment.link_id == link.id]
        _link_is_over(simulation, link, mine)


def _link_is_over(simulation: Simulation, link: PaymentLink, mine: list[Payment]) -> None:
    fail = simulation.fail
    if link.status is LinkStatus.PENDING or link.due_at is not None:
        fail(f"{link.id} is {link.status} for ever, due {link.due_at}")
    ours = link.opening.payment_id if link.opening else None
    paid = [payment for payment in mine if payment.status in PAID]
    if link.status is LinkStatus.PAID and ours not in {payment.id for payment in paid}:
        fail(f"{link.id} is PAID and its payment is not")
    for payment in paid:
        is_its_own = link.status is LinkStatus.PAID and payment.id == ours
        if not is_its_own and payment.status is not Status.REFUNDED and payment.attention is None:
            fail(f"{link.id} is {link.status} and {payment.id} is kept: {payment.status}")


def wallets_agree(simulation: Simulation) -> None:
    credential, fail = a_credential(), simulation.fail
    cards = simulation.stored_cards
    if cards.discards:
        fail(f"tokens {sorted(cards.discards)} were never deleted at their gateway")
    wallet = cards.wallet(credential.merchant.id, credential.environment, CUSTOMER)
    if wallet.cards and wallet.find(wallet.default or 0) is None:
        fail(f"the default card {wallet.default} is not in the wallet")
    if len(wallet.cards) > 1:
        fail(f"one card was saved {len(wallet.cards)} times")
    payments = simulation.payments.all()
    for card in wallet.cards:
        charged = [p for p in payments if p.saved_card == card.number and p.status in PAID]
        if card.usage_count != len(charged):
            fail(f"card {card.number} was charged {len(charged)} times and counts {card.usage_count}")
    kept = {card.token_mark for card in wallet.cards}
    at_gateway = {ids.fingerprint(str(book["token"])) for book in _books(simulation, payments) if "token" in book}
    if not kept <= at_gateway or at_gateway & set(wallet.forgotten):
        fail(f"{len(kept)} tokens are saved, {len(at_gateway)} at the gateway, {len(wallet.forgotten)} forgotten")


def _books(simulation: Simulation, payments: list[Payment]) -> list[dict[str, object]]:
    return [simulation.books.load(PAGE, payment.page_id)[0] for payment in payments]
