"""Delete tokens at their gateways; housekeeping asks again until each is confirmed gone."""

from __future__ import annotations

from contextlib import suppress

from shared.domain.errors import GatewayError, OutcomeUnknown, Unavailable
from shared.domain.saved_card import Discard
from shared.ports import Cards, Vault, World


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


def sweep_discards(limit: int, *, world: World, cards: Cards, vault: Vault) -> tuple[int, list[tuple[str, str]]]:
    """Try every deletion that is due; how many, and (id, reason) of those still not confirmed."""
    failed: list[tuple[str, str]] = []
    due = cards.due(world.now(), limit)
    for discard in due:
        # Put back first: whatever goes wrong below, the others are owed their turn.
        cards.postpone(discard.tried(world.now()))
        try:
            if not forget(discard, world=world, cards=cards, vault=vault):
                failed.append((discard.id, "not_confirmed"))
        except Exception as error:
            failed.append((discard.id, error.error_code if isinstance(error, GatewayError) else type(error).__name__))
    return len(due), failed
