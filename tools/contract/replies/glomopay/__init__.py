"""What the endpoints of Glomopay answer."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from tools.contract.replies.glomopay.customers import CustomerListReply, CustomerReply
from tools.contract.replies.glomopay.keys import KeyListReply, NewKeyReply
from tools.contract.replies.glomopay.orders import (
    OrderListReply,
    OrderReply,
    PayinListReply,
    PayinReply,
    PublicOrderReply,
)
from tools.contract.replies.glomopay.payments import (
    AuthenticatedReply,
    BegunPaymentReply,
    ChallengeReply,
    PaymentListReply,
    PaymentReply,
)
from tools.contract.replies.glomopay.refunds import GlomopayRefundListReply, GlomopayRefundReply

REPLIES: Final[dict[str, type[BaseModel]]] = {
    "glomopay.customer_create": CustomerReply,
    "glomopay.customer_get": CustomerReply,
    "glomopay.customer_list": CustomerListReply,
    "glomopay.customer_update": CustomerReply,
    "glomopay.payment_create": BegunPaymentReply,
    "glomopay.payment_get": PaymentReply,
    "glomopay.payment_cancel": PaymentReply,
    "glomopay.payment_list": PaymentListReply,
    "glomopay.authentication": ChallengeReply,
    "glomopay.authentication_submit": AuthenticatedReply,
    "glomopay.authentication_cancel": AuthenticatedReply,
    "glomopay.refund_create": GlomopayRefundReply,
    "glomopay.refund_get": GlomopayRefundReply,
    "glomopay.refund_list": GlomopayRefundListReply,
    **{f"glomopay.payin_{name}": PayinReply for name in ("create", "get", "update", "cancel")},
    "glomopay.payin_list": PayinListReply,
    "glomopay.api_keys_list": KeyListReply,
    "glomopay.api_keys_rotate": NewKeyReply,
    "glomopay.order_create": OrderReply,
    "glomopay.order_get": OrderReply,
    "glomopay.order_list": OrderListReply,
    "glomopay.order_public": PublicOrderReply,
}
