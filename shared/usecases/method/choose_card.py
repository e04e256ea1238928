"""A card as one of the methods: its page is opened when it is chosen, and closed when it is left for another."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain import ids
from shared.domain.card import CardPage
from shared.domain.errors import GatewayNotConfigured, IllegalTransition, OutcomeUnknown, TooManyTries, Unavailable
from shared.domain.payment import AWAITING_CARD, MAX_CARD_TRIES, Mode, Payment
from shared.ports.world import World
from shared.usecases.method.choose_method import check_choosable
from shared.usecases.payment.changing import Decision, change
from shared.usecases.payment.open_page import with_page
from shared.usecases.payment.record_card_outcome import take_outcome


def choose_card(payment: Payment, method: str, *, world: World) -> Payment:
    """The payment on a card page: from here on it is a sale by card like any other. Safe to repeat.

    Raises IllegalTransition where another method was begun or the payment is over, TooManyTries after
    ``MAX_CARD_TRIES`` pages, GatewayNotConfigured, Unavailable.
    """
    if payment.mode is not Mode.ALTERNATIVE:
        return payment
    check_choosable(payment, world.now())
    if not payment.gateway:
        raise GatewayNotConfigured("no card gateway is configured for this merchant")
    number = max(payment.card_tries, payment.page_number if payment.card_page else 0) + 1
    if number > MAX_CARD_TRIES:
        raise TooManyTries("too many cards were tried on this payment")
    sale = replace(payment, mode=Mode.SALE_DIRECT, method=method, method_choice=None)
    page_id = payment.page_id if number == 1 else ids.page_id(world.entropy(15))
    try:
        opened = with_page(sale, page_id, number, world.entropy(16), world=world)
    except OutcomeUnknown as error:  # an opening: no money moves by it
        raise Unavailable("the card gateway does not answer; try again") from error

    whoever_comes_back = opened.client_secrets[len(sale.client_secrets) :]

    def decide(current: Payment, now: datetime) -> Decision | None:
        if current.mode is not Mode.ALTERNATIVE:
            return None  # somebody else opened it first: theirs is kept, and nobody was shown this one
        check_choosable(current, now)
        return Decision(
            replace(
                current,
                mode=Mode.SALE_DIRECT,
                method=method,
                method_choice=None,
                page_id=opened.page_id,
                redirect_url=opened.redirect_url,
                card_page=opened.card_page,
                client_secrets=(*current.client_secrets, *whoever_comes_back),
            )
        )

    return change(payment, decide, world=world)


def leave_card(payment: Payment, pay_url: str, *, world: World) -> Payment:
    """The payment without its card page, for another method. A card that was accepted meanwhile stands.

    Raises IllegalTransition when it is paid or over, or its gateway cannot promise that the page takes no more card;
    Unavailable when it does not answer.
    """
    if payment.mode is Mode.ALTERNATIVE:
        return payment
    try:
        outcome = world.gateways.card(payment).close_page(payment)
    except OutcomeUnknown as error:
        raise Unavailable("the card gateway does not answer; try again") from error
    payment = take_outcome(payment, outcome, world=world)

    def decide(current: Payment, now: datetime) -> Decision | None:
        if current.mode is Mode.ALTERNATIVE:
            return None
        if not _can_be_left(current) or not outcome.closed:
            raise IllegalTransition(f"a payment in status {current.status} stays with its card")
        page = current.card_page or CardPage(current.page_number, current.page_id, now)
        return Decision(replace(current, mode=Mode.ALTERNATIVE, redirect_url=pay_url, card_page=page))

    return change(payment, decide, world=world)


def _can_be_left(payment: Payment) -> bool:
    """While no card is accepted, agreed to or being decided about."""
    return payment.status in AWAITING_CARD and payment.ending is None and not payment.open_operations()
