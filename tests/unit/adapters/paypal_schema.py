"""What PayPal's API takes, as JSON Schema of our own: only the fields that are sent, and nothing beside them.

The facts (names, required fields, enumerations, lengths and patterns) are those of PayPal's own descriptions in the
folder openapi of https://github.com/paypal/paypal-rest-api-specifications (Apache-2.0), of which nothing is copied
here. Read on 2026-11-22, from a stored copy of that repository:

* checkout_orders_v2.json, version 2.13, at commit 48c2f25f0aa58af7676936c5b2bab194a1924f57
* payments_payment_v2.json, version 2.9, at commit 01d2dd43478102de7a68cfe0c1c4a3868d41f55f
* vault_payment_tokens_v3.json, version 3.1, at commit 2e9b5282b7e2da94f887f850da4c9ad279fb4b33: paths alone
* https://developer.paypal.com/api/orders/v2/definitions/paypal_wallet_stored_credential: who has an account charged,
  which version 2.13 of the orders does not have yet
* notifications_webhooks_v1.json, at commit 6f8a0f13ff2aca372ec1087352e5a13eb5060600: a webhook's id alone, which is a
  setting (``PayPalSettings``)

Where they leave room, this is the narrower: a currency is three capitals (they: three characters), an address is http
(they: a URI), both addresses are sent (they: neither has to be), a refund's ``custom_id`` has the pattern by which
an order shows it. PayPal keeps a PayPal-Request-Id for six hours for orders, and for 45 days for captures, voids and
refunds.
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


_ID: Final = "[A-Z0-9]{1,36}"  # of an order; others are shorter
_PAID_ID: Final = "[A-Z0-9]{1,20}"  # of an authorisation or a capture


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
    locale={
        "type": "string",
        "pattern": "^[a-z]{2}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$",
        "minLength": 2,
        "maxLength": 11,
    },
)
_VAULT: Final = _body(
    ["store_in_vault", "usage_type"],
    store_in_vault={"enum": ["ON_SUCCESS"]},
    usage_type={"enum": ["MERCHANT", "PLATFORM"]},
    customer_type={"enum": ["CONSUMER", "BUSINESS"]},
    permit_multiple_payment_tokens={"type": "boolean"},
)
_STORED: Final = _body(
    ["payment_initiator"],
    payment_initiator={"enum": ["CUSTOMER", "MERCHANT"]},
    usage={"enum": ["FIRST", "SUBSEQUENT", "DERIVED"]},
    usage_pattern={
        "enum": [
            *("IMMEDIATE", "DEFERRED", "RECURRING_PREPAID", "RECURRING_POSTPAID"),
            *("THRESHOLD_PREPAID", "THRESHOLD_POSTPAID", "SUBSCRIPTION_PREPAID", "SUBSCRIPTION_POSTPAID"),
            *("UNSCHEDULED_PREPAID", "UNSCHEDULED_POSTPAID", "INSTALLMENT_PREPAID", "INSTALLMENT_POSTPAID"),
        ]
    },
)
_SAVED: Final = _body(
    ["vault_id"],
    vault_id={"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[0-9a-zA-Z_-]+$"},
    stored_credential=_STORED,
)
_BUYER: Final = _body([], experience_context=_CONTEXT, attributes=_body([], vault=_VAULT))
_UNIT: Final = _body(["amount"], amount=MONEY, custom_id=_OWN, description=_OWN)
# By the path of a POST; None where no body is described.
BODIES: Final[dict[str, dict[str, Any] | None]] = {
    "/v2/checkout/orders": _body(
        ["intent", "purchase_units"],
        intent={"enum": ["CAPTURE", "AUTHORIZE"]},
        purchase_units={"type": "array", "minItems": 1, "maxItems": 10, "items": _UNIT},
        payment_source=_body(
            ["paypal"], paypal=_body([], experience_context=_CONTEXT, attributes=_body([], vault=_VAULT))
        ),
    ),
    f"/v2/checkout/orders/{_ID}/authorize": _body([]),
    f"/v2/checkout/orders/{_ID}/capture": _body([], payment_source=_body(["paypal"], paypal=_SAVED)),
    f"/v2/payments/authorizations/{_PAID_ID}/capture": _body(
        [], amount=MONEY, final_capture={"type": "boolean"}, invoice_id=_OWN
    ),
    f"/v2/payments/authorizations/{_PAID_ID}/void": None,
    f"/v2/payments/captures/{_PAID_ID}/refund": _body(
        [], amount=MONEY, custom_id={**_OWN, "pattern": r"^[A-Za-z0-9\-_.,]*$"}
    ),
}
_TOKEN: Final = "/v3/vault/payment-tokens/[0-9a-zA-Z_-]{1,36}"
# The paths of every GET, and of every DELETE.
ASKED: Final = (f"/v2/checkout/orders/{_ID}", f"/v2/payments/captures/{_PAID_ID}", _TOKEN)
DELETED: Final = (_TOKEN,)
REQUEST_ID: Final = {"type": "string", "minLength": 1, "maxLength": 108}
PREFER: Final = {"type": "string", "minLength": 1, "maxLength": 25, "pattern": "^[a-zA-Z=]*$"}
