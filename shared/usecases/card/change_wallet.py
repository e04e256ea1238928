"""How a customer's wallet is changed: decide on what was read, write it if nobody wrote first; default, delete."""

from __future__ import annotations

from collections.abc import Callable

from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.saved_card import FIRST_RETRY, Discard, SavedCard, Wallet
from shared.ports.cards import Cards, Vault, WalletChange
from shared.ports.world import World
from shared.usecases.card.forget_tokens import forget_soon
from shared.usecases.contended import Overtaken, stored, until_written


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose cards: a merchant's in one environment."""

    merchant_id: MerchantId
    environment: Environment


def change_wallet(
    wallet: Wallet, decide: Callable[[Wallet], WalletChange | None], *, world: World, cards: Cards
) -> Wallet:
    """Write what ``decide`` makes of the wallet; again on the newer one if somebody wrote first. None: nothing to do.

    Raises what ``decide`` raises, and StaleWrite after too many lost races.
    """

    def write(current: Wallet) -> Wallet | Overtaken[Wallet]:
        change = decide(current)
        return current if change is None else stored(change.wallet, cards.save(change))

    return until_written(wallet, write, what="the customer's wallet", pause=world.pause)


def set_default(number: int, customer_id: str, holder: Holder, *, world: World, cards: Cards) -> SavedCard:
    """Make this card the customer's only default. Safe to repeat. Raises NotFound."""
    wallet = cards.wallet(holder.merchant_id, holder.environment, customer_id)

    def decide(current: Wallet) -> WalletChange | None:
        changed = current.with_default(number)
        return None if current.default == number else WalletChange(changed)

    return change_wallet(wallet, decide, world=world, cards=cards).card(number)


def delete_card(
    number: int, customer_id: str | None, holder: Holder, *, world: World, cards: Cards, vault: Vault
) -> None:
    """Take the card out of its wallet, then its token out of the gateway.

    The card is gone with the first write, which also notes the token; a gateway that does not confirm is asked
    again by housekeeping. Raises NotFound, also for a card of another customer than ``customer_id``.
    """
    owner = cards.customer_of(holder.merchant_id, holder.environment, number)
    if customer_id not in (None, owner):
        raise NotFound("there is no such card")
    dropped: list[Discard] = []

    def decide(current: Wallet) -> WalletChange:
        card, now = current.card(number), world.now()
        dropped[:] = [Discard(card, now + FIRST_RETRY)]
        return WalletChange(current.without(card, now), deleted=number, discards=tuple(dropped))

    change_wallet(cards.wallet(holder.merchant_id, holder.environment, owner), decide, world=world, cards=cards)
    forget_soon(dropped[0], world=world, cards=cards, vault=vault)
