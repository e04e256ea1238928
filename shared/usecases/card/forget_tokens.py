"""Delete tokens at their gateways; housekeeping asks again until each is confirmed gone."""

from __future__ import annotations

from contextlib import suppress

from shared.domain.errors import GatewayError, OutcomeUnknown, Unavailable
from shared.domain.saved_card import Discard
from shared.ports.cards import Cards, Vault
from shared.ports.world import World
from shared.usecases.housekeeping.sweeping import Looking, Shift, Swept


class NotConfirmed(GatewayError):
    """A gateway has not said that a token is gone."""

    code = "not_confirmed"


def forget(discard: Discard, *, world: World, cards: Cards, vault: Vault) -> bool:
    """Have the gateway delete the token, then drop our note of it. False when that was not confirmed.

    Deleting twice does no harm: a token that is gone already answers as deleted.
    """
    try:
        token = vault.open(discard.card.sealed, discard.card.context)
        answer = world.gateways.card(discard.card).delete_token(discard.card, token)
    except (OutcomeUnknown, Unavailable):
        return False
    if answer.succeeded:
        cards.discarded(discard)
    return answer.succeeded


def forget_soon(discard: Discard, *, world: World, cards: Cards, vault: Vault) -> None:
    """Try it now. Our side is done already: whatever goes wrong here, housekeeping tries again and says why."""
    with suppress(Exception):
        forget(discard, world=world, cards=cards, vault=vault)


def sweep_discards(limit: int, *, world: World, cards: Cards, vault: Vault, shift: Shift | None = None) -> Swept:
    """Try every deletion that is due. One that is still not confirmed counts as failed."""

    def put_back(discard: Discard) -> None:
        cards.postpone(discard.tried(world.now()))

    def try_again(discard: Discard) -> None:
        put_back(discard)
        if not forget(discard, world=world, cards=cards, vault=vault):
            raise NotConfirmed("the gateway did not confirm that the token is gone")

    how = Looking(_as_it_is, try_again, lane=_connector, name=lambda discard: discard.id, put_back=put_back)
    return (shift or Shift(world.now)).look_at_all(cards.due(world.now(), limit), how)


def _as_it_is(discard: Discard) -> Discard:
    return discard


def _connector(discard: Discard) -> str:
    card = discard.card
    return f"{card.merchant_id}#{card.environment}#{card.gateway}"
