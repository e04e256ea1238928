"""Cards that a shop itself sends: put to an intent, confirmed, and shown to their bank where that wants it."""

from __future__ import annotations

from typing import Final

from tools.testing.far_sides.stripe.books import DECLINES, Account, Card, Intent, Refused

# Its bank wants to see its holder, who passes or does not.
ASKED_BY_BANK: Final = "4000000000003220"
_UNCONFIRMED: Final = frozenset({"requires_payment_method", "requires_confirmation"})


def made(account: Account, number: str, holder: str) -> Card:
    """Raises Refused for a card that cannot be, with its number in the text, and where no number may be sent."""
    if not account.raw_cards:
        raise Refused(402, "card_error", "", "Sending credit card numbers directly is generally unsafe.")
    if not _checks(number):
        raise Refused(402, "card_error", "incorrect_number", f"The card number {number} is incorrect.")
    card = Card(account.number("pm"), number, holder=holder)
    account.cards[card.id] = card
    return card


def put(account: Account, intent: Intent, card: Card) -> None:
    if intent.status not in _UNCONFIRMED:
        raise account.unexpected(intent, "updated")
    intent.card, intent.status = card, "requires_confirmation"


def confirm(account: Account, intent: Intent, return_url: str) -> None:
    """It is charged, declined, or its bank wants its holder. Raises Refused."""
    if intent.status != "requires_confirmation" or intent.card is None:
        raise account.unexpected(intent, "confirmed")
    intent.return_url = return_url
    if intent.card.number == ASKED_BY_BANK:
        intent.status = "requires_action"
        return
    if intent.card.number not in DECLINES:
        account.paid_with(intent, intent.card)
        return
    code, why = DECLINES[intent.card.number]
    told = {"type": "card_error", "code": code, "decline_code": why, "message": "Your card was declined."}
    intent.status, intent.error, intent.card = "requires_payment_method", told, None
    raise Refused(402, "card_error", code, "Your card was declined.", decline_code=why, payment_intent=intent)


def been_to_bank(account: Account, intent: Intent, *, passes: bool) -> bool:
    """What the holder did there; False when nobody waits for them."""
    if intent.status != "requires_action" or intent.card is None:
        return False
    if passes:
        account.paid_with(intent, intent.card)
        return True
    told = {"type": "invalid_request_error", "code": "payment_intent_authentication_failure", "message": "No."}
    intent.status, intent.error = "requires_payment_method", told
    return True


def _checks(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number) if digit.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return len(digits) == len(number) >= 12 and (sum(digits[::2]) + sum(doubled)) % 10 == 0
