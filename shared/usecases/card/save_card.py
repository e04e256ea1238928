"""Save the card of a successful payment with tokenization, with the customer's consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain import ids
from shared.domain.card import Card
from shared.domain.errors import (
    Conflict,
    IllegalTransition,
    InvalidRequest,
    OutcomeUnknown,
    Unavailable,
    Unprocessable,
)
from shared.domain.gateway_name import name_asked_for
from shared.domain.payment import PAID, Mode, Payment
from shared.domain.saved_card import FIRST_RETRY, Discard, SavedCard, Wallet
from shared.ports.cards import Cards, Vault, WalletChange
from shared.ports.connectors import PageOutcome
from shared.ports.world import World
from shared.usecases.card.change_wallet import change_wallet
from shared.usecases.card.forget_tokens import forget_soon
from shared.usecases.payment.changing import Decision, change


def save_card(
    payment: Payment, customer_id: str, gateway: str | None, *, world: World, cards: Cards, vault: Vault
) -> tuple[SavedCard, Wallet]:
    """The saved card and the wallet it is in, with the customer's consent: what was said on our page, and when.

    Where no page of ours asked, the call is the merchant's word that the customer agreed, and is recorded as such.

    Safe to repeat: the same card is found again, whatever payment it comes from, and its newest token replaces
    the older one. ``gateway`` is how replies name the gateway from now on; None leaves that as it is.
    Raises IllegalTransition for a payment that was not successful, Unprocessable for one without tokenization,
    InvalidRequest for another gateway or customer, Conflict for a card that was deleted or whose
    customer said no.
    """
    asked_for = _check(payment, customer_id, gateway)
    outcome = _asked(payment, world)
    payment = change(payment, lambda p, now: _bound(p, customer_id), world=world)
    dropped: list[Discard] = []

    def decide(wallet: Wallet) -> WalletChange | None:
        now = world.now()
        known = wallet.same_as(_card(payment, customer_id, outcome, now))
        number = known.number if known else cards.last_number(payment.merchant_id, payment.environment) + 1
        card = _card(payment, customer_id, outcome, now, number)
        if card.token_mark in wallet.forgotten and known is None:
            raise Conflict("this card was deleted; the customer has to enter it again", code="card_deleted")
        name = asked_for if gateway is not None or known is None else known.gateway_name
        if known and card.token_mark in (known.token_mark, *wallet.forgotten):
            dropped.clear()  # it is saved already, with this token or a newer one
            return None if name == known.gateway_name else WalletChange(wallet.with_name(known, name))
        card = replace(card, sealed=vault.seal(_token(outcome), card.context), gateway_name=name)
        dropped[:] = [Discard(known, now + FIRST_RETRY)] if known else []
        return WalletChange(wallet.with_card(card), added=None if known else number, discards=tuple(dropped))

    wallet = cards.wallet(payment.merchant_id, payment.environment, customer_id)
    wallet = change_wallet(wallet, decide, world=world, cards=cards)
    for discard in dropped:
        forget_soon(discard, world=world, cards=cards, vault=vault)
    saved = wallet.same_as(_card(payment, customer_id, outcome, world.now()))
    assert saved is not None
    return saved, wallet


def _check(payment: Payment, customer_id: str, gateway: str | None) -> str:
    """What replies are to call the gateway by."""
    asked_for = name_asked_for(payment.gateway, payment.environment, gateway)
    if payment.mode is not Mode.SALE_WITH_TOKENIZATION:
        raise Unprocessable("only the card of a SALE_WITH_TOKENIZATION can be saved", code="not_tokenized")
    if payment.status not in PAID:
        raise IllegalTransition(f"the card of a payment in status {payment.status} cannot be saved")
    if payment.consent is not None and not payment.consent.given:
        raise Conflict("the customer did not agree that this card is saved", code="no_consent")
    if payment.customer_id not in (None, customer_id):
        raise InvalidRequest("the payment belongs to another customerId", code="another_customer", param="customerId")
    return asked_for


def _asked(payment: Payment, world: World) -> PageOutcome:
    """The card as its gateway knows it. We keep no token until a card is saved, so this is the first time."""
    try:
        outcome = world.gateways.card(payment).page_outcome(payment)
    except OutcomeUnknown as error:  # a question: nothing can have happened
        raise Unavailable("the card gateway does not answer; try again") from error
    if outcome.token_comes:
        raise Unavailable("the card gateway has no token for this card yet; try again")
    if outcome.token is None or (outcome.card is None and outcome.account is None):
        raise Unprocessable("the gateway has no token for this card", code="not_tokenized")
    return outcome


def _bound(payment: Payment, customer_id: str) -> Decision | None:
    """The first customer a payment's card is saved for is its customer."""
    _check(payment, customer_id, None)
    return None if payment.customer_id else Decision(replace(payment, customer_id=customer_id))


def _token(outcome: PageOutcome) -> str:
    assert outcome.token is not None
    return outcome.token


def _card(payment: Payment, customer_id: str, outcome: PageOutcome, now: datetime, number: int = 0) -> SavedCard:
    """The card as it would be saved, its token not sealed yet; number 0 while it has none."""
    # An account is known by its gateway's name and has nothing printed on it.
    known = outcome.card or Card(payment.gateway.upper(), "", "", account=outcome.account or "")
    return SavedCard(
        number=number,
        merchant_id=payment.merchant_id,
        environment=payment.environment,
        customer_id=customer_id,
        gateway=payment.gateway,
        brand=known.brand,
        last4=known.last4,
        expiry=known.expiry,
        sealed="",
        token_mark=ids.fingerprint(_token(outcome)),
        saved_from=payment.id,
        consent_at=payment.consent.at if payment.consent else now,
        consent=payment.consent,
        fingerprint=outcome.fingerprint,
        account=known.account,
    )
