"""The page on which a customer enters a card: the one that is open, or the next when that is spent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain import ids
from shared.domain.errors import IllegalTransition, OutcomeUnknown, TooManyTries, Unavailable
from shared.domain.payment import MAX_CARD_TRIES, Mode, Payment
from shared.ports.connectors import PageOutcome, PageState
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, change
from shared.usecases.payment.open_page import with_page
from shared.usecases.payment.record_card_outcome import take_outcome


def page_to_pay_on(payment: Payment, *, world: World) -> Payment:
    """The payment with a page that takes a card now: the one it has, or the next if that is spent.

    What the page came to is recorded first. A payment that waits for no card any more is returned as it is. Safe to
    call at any time and from several browsers at once: one of their pages is kept, and nobody was shown another.
    Raises IllegalTransition for a payment that never had a page, TooManyTries when ``MAX_CARD_TRIES`` cards were
    tried, Unavailable when the gateway does not answer.
    """
    if payment.saved_card is not None or payment.challenge is not None or payment.mode is Mode.ALTERNATIVE:
        raise IllegalTransition("this payment has no card page", code="no_card_page")
    try:
        outcome = world.gateways.card(payment).page_outcome(payment)
        seen = take_outcome(payment, outcome, world=world)
        if not _is_spent(outcome) or seen.page_id != payment.page_id or not _can_be_paid(seen, world.now()):
            return seen
        opened = _next_page(seen, world)
    except OutcomeUnknown as error:  # a question, or an opening: nothing can have moved
        raise Unavailable("the card gateway does not answer; try again") from error
    return change(seen, lambda current, now: _with_next(current, seen, opened, now), world=world)


def _next_page(payment: Payment, world: World) -> Payment:
    number = max(payment.card_tries, payment.page_number) + 1
    if number > MAX_CARD_TRIES:
        raise TooManyTries("too many cards were tried on this payment")
    return with_page(payment, ids.page_id(world.entropy(15)), number, world.entropy(16), world=world)


def _with_next(current: Payment, seen: Payment, opened: Payment, now: datetime) -> Decision | None:
    """The new page, in place of the one that was seen spent; None when somebody else was first, or it is over."""
    if current.page_id != seen.page_id or not _can_be_paid(current, now):
        return None
    secrets = (*current.client_secrets, *opened.client_secrets[len(seen.client_secrets) :])
    page = replace(current, page_id=opened.page_id, redirect_url=opened.redirect_url, card_page=opened.card_page)
    return Decision(replace(page, client_secrets=secrets))


def _can_be_paid(payment: Payment, now: datetime) -> bool:
    return payment.takes_card and not payment.is_expired(now)


def _is_spent(outcome: PageOutcome) -> bool:
    """Whether its gateway takes no more card there, though none was accepted and nobody gave up."""
    return outcome.closed and outcome.state in (PageState.OPEN, PageState.DECLINED)
