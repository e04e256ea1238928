"""Payments at the acquirer that are by no card: confirmed at once, and paid at a bank or a counter, or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tools.testing.far_sides.stripe.books import Account, Intent, invalid

# Currencies by kind, and whether a name and an address are asked for.
KINDS: Final[Mapping[str, tuple[frozenset[str], tuple[str, ...]]]] = {
    "ideal": (frozenset({"eur"}), ()),
    "bancontact": (frozenset({"eur"}), ("name",)),
    "p24": (frozenset({"eur", "pln"}), ("email",)),
    "oxxo": (frozenset({"mxn"}), ("name", "email")),
}
SLIP: Final = "oxxo"
_DAY: Final = 86_400
_DETAILS: Final = "payment_method_data[billing_details]"
_DAYS: Final = "payment_method_options[oxxo][expires_after_days]"


def begin(account: Account, intent: Intent, form: Mapping[str, str]) -> None:
    """Raises Refused for what there is no such method for; nothing is left of it then."""
    kind = form.get("payment_method_data[type]", "")
    currencies, needed = KINDS.get(kind, (frozenset(), ()))
    wrong = intent.currency not in currencies or form.get("allowed_payment_method_types[0]") != kind
    missing = [name for name in needed if not form.get(f"{_DETAILS}[{name}]")]
    if wrong or missing or (kind != SLIP and not form.get("return_url")):
        del account.intents[intent.id]
        raise invalid("payment_intent_invalid_parameter" if wrong else "parameter_missing", "It does not fit.")
    intent.kind, intent.status, intent.return_url = kind, "requires_action", form.get("return_url", "")
    if kind == SLIP:
        intent.ends = intent.created + int(form.get(_DAYS, "3")) * _DAY


def action(intent: Intent, origin: str) -> dict[str, Any]:
    """Where the customer goes with it."""
    url = f"{origin}/method/{intent.id}"
    if intent.kind != SLIP:
        return {"type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": intent.return_url}}
    slip = {"number": f"{len(intent.id):014d}", "expires_after": intent.ends, "hosted_voucher_url": url}
    return {"type": "oxxo_display_details", "oxxo_display_details": slip}


def handed_in(account: Account, intent: Intent) -> bool:
    """Cash is at the counter, and comes to the account later, over or not by then; False when it is over."""
    lapse(account, intent)
    if intent.status != "requires_action":
        return False
    intent.status = "processing"
    return True


def paid(account: Account, intent: Intent) -> bool:
    """All of it comes; False when it is over."""
    lapse(account, intent)
    if intent.status not in ("requires_action", "processing"):
        return False
    intent.status, intent.received, intent.charge = "succeeded", intent.amount, account.number("py")
    return True


def refused(intent: Intent, code: str, why: str = "") -> None:
    intent.status = "requires_payment_method"
    intent.error = {"type": "invalid_request_error", "code": code, "decline_code": why, "message": "It was not paid."}


def lapse(account: Account, intent: Intent) -> None:
    """A slip that nobody paid in its time, or a bank's page that was left."""
    if intent.kind and intent.status == "requires_action" and intent.ends and account.seconds() >= intent.ends:
        refused(intent, "payment_intent_payment_attempt_expired")
