"""What the endpoints of Paygol answer."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from tools.contract.replies.paygol.api import CheckoutReply, CreateReply, MethodsReply, StatusReply, TokenReply
from tools.contract.replies.paygol.pages import CheckoutPageReply, MethodActReply

REPLIES: Final[dict[str, type[BaseModel]]] = {
    "paygol.auth_token": TokenReply,
    "paygol.payment_methods": MethodsReply,
    "paygol.payment_create": CreateReply,
    "paygol.payment_webcheckout": CheckoutReply,
    "paygol.payment_status": StatusReply,
    "paygol.checkout": CheckoutPageReply,
    "paygol.checkout_method": CheckoutPageReply,
    "paygol.checkout_start": CheckoutPageReply,
    "paygol.checkout_cancel": CheckoutPageReply,
    "sandbox.method_act": MethodActReply,
}
