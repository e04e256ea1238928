"""PayPal's order: how one is asked for, with the buyer at its page or without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from shared.adapters.card_gateways.paypal_wire import to_paypal

if TYPE_CHECKING:
    from shared.domain.payment import Payment
    from shared.ports.connectors import PageRequest

_LONGEST_TEXT: Final = 127  # plain letters; PayPal says that others count for more, so that bytes are counted
_LOCALES: Final = {"it": "it-IT", "en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "pt": "pt-PT"}
# Each payment that saves an account has a token of its own there: what one customer deletes is no other's.
_SAVES: Final = {
    "store_in_vault": "ON_SUCCESS",
    "usage_type": "MERCHANT",
    "customer_type": "CONSUMER",
    "permit_multiple_payment_tokens": True,
}


def order_for(request: PageRequest) -> dict[str, Any]:
    """The order that a buyer is to agree to. Raises Unprocessable for an amount that PayPal has no number for."""
    payment = request.payment
    context = {"return_url": request.return_url, "cancel_url": request.cancel_url or request.return_url}
    context |= {"user_action": "PAY_NOW", "shipping_preference": "NO_SHIPPING"}
    if locale := _LOCALES.get(payment.language[:2].lower()):
        context["locale"] = locale
    paypal: dict[str, Any] = {"experience_context": context}
    if request.tokenize:
        paypal["attributes"] = {"vault": _SAVES}
    return {**_order(payment, sale=request.sale), "payment_source": {"paypal": paypal}}


def order_without_buyer(payment: Payment) -> dict[str, Any]:
    """One that says nothing yet of how it is paid: it charges nobody."""
    return _order(payment, sale=True)


def _order(payment: Payment, *, sale: bool) -> dict[str, Any]:
    unit: dict[str, Any] = {"custom_id": payment.id, "amount": to_paypal(payment.amount)}
    if text := payment.description.strip().encode()[:_LONGEST_TEXT].decode(errors="ignore"):
        unit["description"] = text
    return {"intent": "CAPTURE" if sale else "AUTHORIZE", "purchase_units": [unit]}
