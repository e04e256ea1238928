"""What PayPal's issues mean: which of our ten words a decline is, and which say that a call was made before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.domain.decline import Decline

DONE: Final = "00"  # the word for a success, as operations print it
# Refusals that spend no order: the buyer has not agreed to it, or has to go back to PayPal for it.
NOT_AGREED: Final = frozenset({"ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED"})
# The order has to be asked: what it is over for may be our own call, whose answer was lost.
DONE_BEFORE: Final = frozenset({"ORDER_ALREADY_AUTHORIZED", "ORDER_ALREADY_CAPTURED", "ORDER_COMPLETED_OR_VOIDED"})
# So too of a capture or refund: the order is asked whether it bears our key before it counts as refused.
MAY_BE_OURS: Final = frozenset(
    {"AUTHORIZATION_ALREADY_CAPTURED", "MAX_CAPTURE_COUNT_EXCEEDED", "DUPLICATE_INVOICE_ID", "DUPLICATE_TRANSACTION"}
    | {"CAPTURE_FULLY_REFUNDED", "REFUND_AMOUNT_EXCEEDED", "MAX_NUMBER_OF_REFUNDS_EXCEEDED"}
)
UNDER_WAY: Final = frozenset({"ORDER_COMPLETION_IN_PROGRESS"})  # PayPal is at it: no answer yet, and no refusal
# Of an order that is asked for: refused once for what it says, it is whenever it is sent, and none was ever made.
OF_THE_BODY: Final = frozenset(
    {"AMOUNT_MISMATCH", "CANNOT_BE_NEGATIVE", "CANNOT_BE_ZERO_OR_NEGATIVE", "MAX_VALUE_EXCEEDED"}
    | {"DECIMAL_PRECISION", "DECIMALS_NOT_SUPPORTED", "INVALID_CURRENCY_CODE"}
)
GONE: Final = frozenset({"PREVIOUSLY_VOIDED", "AUTHORIZATION_VOIDED", "AUTHORIZATION_EXPIRED"})

_WORDS: Final[Mapping[Decline, tuple[str, ...]]] = {
    Decline.LIMIT_EXCEEDED: (
        *("TRANSACTION_LIMIT_EXCEEDED", "TRANSACTION_RECEIVING_LIMIT_EXCEEDED", "AUTHORIZATION_AMOUNT_EXCEEDED"),
        *("MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED", "MAX_AUTHORIZATION_COUNT_EXCEEDED", "MAX_VALUE_EXCEEDED"),
    ),
    # A saved account too, or what its first payment was: there is nothing to be charged any more.
    Decline.CARD_EXPIRED: (
        *("CARD_EXPIRED", "REFERENCED_CARD_EXPIRED", "TOKEN_EXPIRED"),
        *("PAYPAL_TRANSACTION_ID_EXPIRED", "PNREF_EXPIRED"),
    ),
    Decline.INVALID_CARD: (
        *("AGREEMENT_ALREADY_CANCELLED", "BILLING_AGREEMENT_NOT_FOUND", "BILLING_AGREEMENT_ID_MISMATCH"),
        *("TOKEN_ID_NOT_FOUND", "MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE"),
    ),
    Decline.CARD_NOT_SUPPORTED: (
        *("CURRENCY_NOT_SUPPORTED_FOR_COUNTRY", "CARD_BRAND_NOT_SUPPORTED", "DOMESTIC_TRANSACTION_REQUIRED"),
        *("PAYEE_BLOCKED_TRANSACTION", "UNSUPPORTED_INTENT_FOR_PAYMENT_SOURCE"),
        *("PAYMENT_TYPE_NOT_SUPPORTED_FOR_INTENT", "TRANSACTION_BLOCKED_BY_PAYEE", "PAYMENT_SOURCE_NOT_SUPPORTED"),
        # What this account takes no money by, while it may by another.
        *("NOT_ENABLED_FOR_CARD_PROCESSING", "PAYEE_NOT_ENABLED_FOR_CARD_PROCESSING", "SETUP_ERROR_FOR_BANK"),
        *("NOT_ENABLED_FOR_BANK_PROCESSING", "PAYEE_NOT_ENABLED_FOR_BANK_PROCESSING"),
        *("CURRENCY_NOT_SUPPORTED_FOR_BANK", "BANK_NOT_SUPPORTED_FOR_VERIFICATION"),
        *("INVALID_CURRENCY_CODE", "PAYMENT_SOURCE_CANNOT_BE_USED"),
    ),
    Decline.AUTHENTICATION_REQUIRED: ("PAYER_ACTION_REQUIRED",),
    # The shop's own account, and nothing that another way of paying would mend.
    Decline.TRY_AGAIN_LATER: (
        *("AUTH_CAPTURE_NOT_ENABLED", "PAYEE_ACCOUNT_LOCKED_OR_CLOSED", "PAYEE_ACCOUNT_RESTRICTED"),
        *("PAYEE_FX_RATE_ID_EXPIRED", "DECLINED_DUE_TO_RELATED_TXN"),
        *("PAYEE_ACCOUNT_INVALID", "NOT_ENABLED_TO_VAULT_PAYMENT_SOURCE"),
    ),
    Decline.SESSION_EXPIRED: ("ORDER_EXPIRED",),
}
DECLINES: Final = {issue: word for word, issues in _WORDS.items() for issue in issues}


def reason(issue: str) -> Decline:
    """INSTRUMENT_DECLINED, PAYER_CANNOT_PAY and whatever has no row: declined."""
    return DECLINES.get(issue, Decline.CARD_DECLINED)
