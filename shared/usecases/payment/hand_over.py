"""Keep the token that an acquirer's script made of a card on a page of ours, then have it authorised."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.card import PAYER, CardPage
from shared.domain.errors import IllegalTransition, InvalidRequest
from shared.domain.ids import PageId
from shared.domain.payment import Payment
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, change
from shared.usecases.payment.record_card_outcome import record_card_outcome

_OVER: Final = "this payment takes no card any more"
_SPENT: Final = "this page takes no card any more"


def hand_over(payment: Payment, page_id: PageId, token: str, payer: str, *, world: World) -> Payment:
    """The payment after what its card came to. A page takes one token, from one browser, and what is repeated once.

    ``payer`` is the SHA-256 of the client secret of the browser that brings it, which opens the payment to it once
    the card is accepted. Raises IllegalTransition for a page that is not the newest, has another browser's token or
    whose payment is over, InvalidRequest for a token that its gateway does not know, Unprocessable at a gateway
    without such a page, Unavailable when nobody can say.
    """
    page = payment.card_page
    if page is None or page.page_id != page_id:
        raise IllegalTransition(_SPENT, code="page_spent")
    if PAYER not in page.handle:
        payment = _handed(payment, page, token, payer, world)
    now_kept = payment.card_page.handle.get(PAYER) if payment.card_page else None
    if payment.page_id != page_id or now_kept is None:
        raise IllegalTransition(_SPENT, code="page_spent")
    if now_kept != payer:
        raise IllegalTransition("a card was entered on this page already", code="page_paid")
    return record_card_outcome(payment.id, world=world, known=payment)


def _handed(payment: Payment, page: CardPage, token: str, payer: str, world: World) -> Payment:
    """The payment with a token on its page: this one, or what was brought before."""
    _check_open(payment, world.now())
    try:
        handed = world.gateways.card(payment).recognise(payment, token)
    except InvalidRequest:
        # It is used up by whoever brought it first: perhaps this browser, whose other call still runs.
        now_there = world.payments.get(payment.id)
        if now_there.card_page is None or PAYER not in now_there.card_page.handle:
            raise
        return now_there
    kept = {**handed.handle, PAYER: payer}
    return change(payment, lambda current, now: _with(current, page, kept, now), world=world)


def _with(payment: Payment, page: CardPage, kept: dict[str, str], now: datetime) -> Decision | None:
    """None where somebody else's token came first; whoever asks sees whose it is."""
    current = payment.card_page
    if current is None or current.page_id != page.page_id or PAYER in current.handle:
        return None
    _check_open(payment, now)
    return Decision(replace(payment, card_page=replace(current, handle={**current.handle, **kept})))


def _check_open(payment: Payment, now: datetime) -> None:
    if not payment.takes_card:
        raise IllegalTransition(_OVER, code="ended")
    if payment.is_expired(now):
        raise IllegalTransition(_OVER, code="expired")
