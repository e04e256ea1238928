"""The demo's scene about orders: one declined card, another that pays, a way back that is signed, a refund."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from tools.ops.onboarding import DEMO_CUSTOMER_ID, DEMO_SECRET

if TYPE_CHECKING:
    from tools.local.demo.stage import Demo

DECLINED, ASKS_FOR_A_CODE = "4556891111111112", "4111111111111111"
BACK: Final = "https://shop.example/payment/callback?cart=7"


def scene(demo: Demo) -> None:
    """A shop with an integration of Glomopay's changes the host, and brings its customer's cards along."""
    demo.step("21. A shop with Glomopay's API changes the host: an order of USD 10.00")
    asked = {"customer_id": DEMO_CUSTOMER_ID, "currency": "USD", "amount": 1000, "purpose_code": "P1401"}
    order = demo.call("POST", "/api/v1/orders", asked)
    path = f"/api/v1/orders/{order['id']}"
    demo.check("the order", order["status"], "active")

    demo.step("22. The first card is declined, and the order is paid by another")
    declined = _agreed(demo, _begun(demo, order["id"], DECLINED), None)
    demo.check("the first", (declined["status"], demo.read(path)["status"]), ("failed", "active"))
    begun = _begun(demo, order["id"], ASKS_FOR_A_CODE)
    another = demo.call("POST", "/api/v1/payments", _body(order["id"], DECLINED))
    demo.check("one at a time", another["message"], "The order has an existing in progress payment")
    paid = _agreed(demo, begun, "123456")
    demo.check("the second", (paid["status"], demo.read(path)["status"]), ("success", "paid"))

    demo.step("23. The browser comes back with a word that the shop can check, and a part is refunded")
    said = {name: values[0] for name, values in parse_qs(urlsplit(paid["redirect_url"]).query).items()}
    signed = f"{said['order_id']}|{said['payment_id']}|{said['status']}".encode()
    demo.check("signature", said["signature"], hmac.new(DEMO_SECRET.encode(), signed, "sha256").hexdigest())
    refund = demo.call("POST", "/api/v1/refunds", {"payment_id": begun["payment_id"], "amount": 400})
    demo.check("refund", (refund["status"], refund["amount"]), ("success", 400))
    seen = demo.read(f"/api/payment/transaction/{begun['payment_id']}")
    demo.check("the same payment there", (seen["status"], seen["refundableAmount"]), ("PARTIALLY_REFUNDED", 6.0))


def _body(order_id: str, number: str) -> dict[str, Any]:
    card = {"holder_name": "John Doe", "number": number, "expiry_month": "09", "expiry_year": "2030", "cvv": "123"}
    return {"order_id": order_id, "method": "card", "card": card, "callback_url": BACK}


def _begun(demo: Demo, order_id: str, number: str) -> dict[str, Any]:
    return demo.call("POST", "/api/v1/payments", _body(order_id, number))


def _agreed(demo: Demo, begun: dict[str, Any], code: str | None) -> dict[str, Any]:
    """The customer on the page that the reply leads to."""
    page = parse_qs(urlsplit(begun["next_steps"][0]["payload"]["url"]).query)
    body = {} if code is None else {"otp": code}
    return demo.call("POST", f"/api/v1/authentication/{begun['payment_id']}", body, key=page["authToken"][0])
