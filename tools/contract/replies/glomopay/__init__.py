"""What the endpoints of Glomopay answer."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from tools.contract.replies.glomopay.customers import CustomerListReply, CustomerReply

REPLIES: Final[dict[str, type[BaseModel]]] = {
    "glomopay.customer_create": CustomerReply,
    "glomopay.customer_get": CustomerReply,
    "glomopay.customer_list": CustomerListReply,
    "glomopay.customer_update": CustomerReply,
}
