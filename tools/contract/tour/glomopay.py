"""Glomopay's part of the tour: a customer, an order that is paid server to server, a refund, a payment link."""

from __future__ import annotations

from typing import Final

from tools.contract.tour.step import Step

_CUSTOMER: Final = {
    "name": "Ada Rossi",
    "customer_type": "individual",
    "email": "{{customerId}}@example.com",
    "address": "Via Roma 1",
    "city": "Genova",
    "state": "Liguria",
    "country": "ITA",
}
_CARD: Final = {
    "holder_name": "Ada Rossi",
    "number": "4111111111111111",
    "expiry_month": "09",
    "expiry_year": "2030",
    "cvv": "123",
}
_ORDER: Final = {"customer_id": "{{glomopayCustomer}}", "currency": "USD", "amount": 1000}
_BEGUN: Final = {
    "order_id": "{{orderId}}",
    "method": "card",
    "card": _CARD,
    "callback_url": "https://shop.example/back",
}
_KEPT: Final = {
    "orderPayment": "payment_id",
    "authToken": 'next_steps[0].payload.url.split("authToken=")[1].split("&")[0]',
}
_THE_ORDER: Final = {"id": "{{orderId}}"}
_PAID: Final = {"id": "{{orderPayment}}"}
_PAYIN: Final = {"id": "{{payinId}}"}
_HOLDER: Final = "{{authToken}}"

GLOMOPAY: Final = (
    Step(
        "Glomopay: a customer",
        "glomopay.customer_create",
        body=_CUSTOMER,
        status=201,
        keeps={"glomopayCustomer": "id"},
    ),
    Step("Glomopay: that customer", "glomopay.customer_get", {"id": "{{glomopayCustomer}}"}),
    Step(
        "Glomopay: another telephone",
        "glomopay.customer_update",
        {"id": "{{glomopayCustomer}}"},
        body={"phone": "+393331234567"},
    ),
    Step("Glomopay: customers", "glomopay.customer_list"),
    Step("Glomopay: an order", "glomopay.order_create", body=_ORDER, status=201, keeps={"orderId": "id"}),
    Step("Glomopay: what an app may know of it", "glomopay.order_public", _THE_ORDER, bearer="{{publishableKey}}"),
    Step("Glomopay: a payment", "glomopay.payment_create", body=_BEGUN, status=201, keeps=_KEPT),
    Step("Glomopay: it is given up", "glomopay.payment_cancel", _PAID),
    Step("Glomopay: another payment", "glomopay.payment_create", body=_BEGUN, status=201, keeps=_KEPT),
    Step("Glomopay: what the holder is asked", "glomopay.authentication", _PAID, bearer=_HOLDER),
    Step(
        "Glomopay: the holder's code",
        "glomopay.authentication_submit",
        _PAID,
        body={"otp": "123456"},
        bearer=_HOLDER,
        says={"status": "success"},
    ),
    Step("Glomopay: how the payment stands", "glomopay.payment_get", _PAID, says={"status": "success"}),
    Step("Glomopay: how the order stands", "glomopay.order_get", _THE_ORDER, says={"status": "paid"}),
    Step("Glomopay: orders", "glomopay.order_list"),
    Step("Glomopay: payments", "glomopay.payment_list"),
    Step(
        "Glomopay: a refund",
        "glomopay.refund_create",
        body={"payment_id": "{{orderPayment}}", "amount": 400},
        status=201,
        keeps={"refundId": "id"},
    ),
    Step("Glomopay: that refund", "glomopay.refund_get", {"id": "{{refundId}}"}),
    Step("Glomopay: refunds", "glomopay.refund_list"),
    Step("Glomopay: another order", "glomopay.order_create", body=_ORDER, status=201, keeps={"orderId": "id"}),
    Step("Glomopay: its payment", "glomopay.payment_create", body=_BEGUN, status=201, keeps=_KEPT),
    Step("Glomopay: the holder gives up", "glomopay.authentication_cancel", _PAID, bearer=_HOLDER),
    Step("Glomopay: a payment link", "glomopay.payin_create", body=_ORDER, status=201, keeps={"payinId": "id"}),
    Step("Glomopay: that link", "glomopay.payin_get", _PAYIN, says={"status": "active"}),
    Step("Glomopay: remind its customer", "glomopay.payin_update", _PAYIN, body={"reminder_frequency": 7}),
    Step("Glomopay: links", "glomopay.payin_list"),
    Step("Glomopay: cancel the link", "glomopay.payin_cancel", _PAYIN, says={"status": "cancelled"}),
    Step("Glomopay: keys", "glomopay.api_keys_list"),
)  # fmt: skip
