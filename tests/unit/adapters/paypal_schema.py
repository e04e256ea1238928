"""What PayPal's API takes, as JSON Schema of our own: only the fields that are sent, and nothing beside them.

The facts (names, required fields, enumerations, lengths and patterns) are those of PayPal's own descriptions of
Orders v2 and Payments v2 (Apache-2.0), checkout_orders_v2.json and payments_payment_v2.json in the folder openapi of
https://github.com/paypal/paypal-rest-api-specifications, of which nothing is copied here.
"""

from __future__ import annotations

from typing import Any, Final

MONEY: Final = {
    "type": "object",
    "required": ["currency_code", "value"],
    "additionalProperties": False,
    "properties": {
        "currency_code": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "value": {"type": "string", "maxLength": 32, "pattern": r"^((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))$"},
    },
}


def _body(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


_OWN: Final = {"type": "string", "minLength": 1, "maxLength": 127}
_URL: Final = {"type": "string", "format": "uri", "pattern": "^https?://"}
_CONTEXT: Final = _body(
    ["return_url", "cancel_url"],
    return_url=_URL,
    cancel_url=_URL,
    user_action={"enum": ["CONTINUE", "PAY_NOW"]},
    shipping_preference={"enum": ["GET_FROM_FILE", "NO_SHIPPING", "SET_PROVIDED_ADDRESS"]},
    locale={"type": "string", "pattern": "^[a-z]{2}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$", "maxLength": 10},
)
_UNIT: Final = _body(["amount"], amount=MONEY, custom_id=_OWN, description={"type": "string", "maxLength": 127})
BODIES: Final[dict[str, dict[str, Any]]] = {
    r"/v2/checkout/orders": _body(
        ["intent", "purchase_units"],
        intent={"enum": ["CAPTURE", "AUTHORIZE"]},
        purchase_units={"type": "array", "minItems": 1, "maxItems": 10, "items": _UNIT},
        payment_source=_body(["paypal"], paypal=_body([], experience_context=_CONTEXT)),
    ),
    r"/v2/checkout/orders/\w{1,36}/authorize": _body([]),
    r"/v2/checkout/orders/\w{1,36}/capture": _body([]),
    r"/v2/payments/authorizations/\w+/capture": _body(
        [], amount=MONEY, final_capture={"type": "boolean"}, invoice_id=_OWN
    ),
    r"/v2/payments/authorizations/\w+/void": _body([]),
    r"/v2/payments/captures/\w+/refund": _body(
        [], amount=MONEY, custom_id={**_OWN, "pattern": r"^[A-Za-z0-9\-_.,]*$"}
    ),
}
REQUEST_ID: Final = {"type": "string", "minLength": 1, "maxLength": 108}
