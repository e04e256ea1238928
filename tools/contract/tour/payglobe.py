"""PayGlobe's part of the tour: payments, links, saved cards, webhooks, disputes."""

from __future__ import annotations

from typing import Final

from tools.contract.tour.step import NOBODY, Step

_CARD: Final = {
    "number": "4242424242424242",
    "holderName": "Ada Rossi",
    "expiryMonth": 12,
    "expiryYear": 2030,
    "cvv": "123",
}
_CHALLENGED: Final = {**_CARD, "number": "4000002500003155"}
_ASKED: Final = {"outcome": "CHALLENGE"}
_SPENT: Final = {"outcome": "INVALID", "checksLeft": 19}
_PAYMENT: Final = {"transactionId": "{{transactionId}}"}
_PAGE: Final = {"paymentID": "{{paymentId}}"}
_BEGUN: Final = {"transactionId": "transactionId", "paymentId": "igfs.paymentId"}
_LINK: Final = {"id": "{{linkId}}"}
_PERSON: Final = {"id": "{{personId}}"}
_HOOK: Final = {"id": "{{webhookId}}"}
_SAVED: Final = {"cardId": "{{cardId}}"}
_BY: Final = "customerId={{customerId}}"
_BOTH: Final = {"capturedAmount": 100, "voucherAmount": 50, "maxVoucherAmount": 60}
_PART: Final = {"amount": 30.00}
_LATE: Final = {"version": 0, "settings": {"contact": "help@shop.example"}}
_CHANGED: Final = {"code": "settings_changed"}
_NO_LOGO: Final = {"merchantId": "m_demo", "file": "0123456789abcdef0123456789abcdef.png"}
_READY: Final = {"status": "SUCCESS"}


def _begin(what: str, **more: object) -> Step:
    return Step(
        f"Begin {what}", "payment.init", body={"amount": 150.00, "description": "Order 12345", **more}, keeps=_BEGUN
    )


def _pay(what: str) -> Step:
    return Step(f"The customer's card: {what}", "sandbox.card_page_submit", _PAGE, body=_CARD)


PAYGLOBE: Final = (
    _begin("a payment", email="ada@example.com", maxVoucherAmount=60.00),
    Step("What the card page shows", "sandbox.card_page", _PAGE),
    _pay("the whole amount is held"),
    Step(
        "The customer chooses a voucher",
        "payment.voucher_choice",
        _PAYMENT,
        body={"choice": "VOUCHERS", "vouchers": [{"otp": "{{voucher}}"}]},
        status=202,
    ),
    Step("The payment", "payment.transaction", _PAYMENT, until=_READY, says=_BOTH),
    Step("The sandbox's book of the card", "sandbox.payment_book", _PAGE),
    Step("The sandbox's book of the voucher", "sandbox.voucher_book", {"otp": "{{voucher}}"}),
    Step("What a refund would do", "payment.refund", _PAYMENT, "preview=true", _PART, says={"preview": True}),
    Step("Give 30.00 back", "payment.refund", _PAYMENT, body={"amount": 30.00}, says={"remainingAmount": 120}),
    Step("Every refund", "payment.refunds", _PAYMENT),
    Step("Send the receipt again", "payment.receipt_resend", _PAYMENT, says={"timesSent": 1}),
    Step("What was told of it", "merchant.transaction_deliveries", _PAYMENT),
    _begin("a payment whose bank asks for a code"),
    Step("On to the card page", "checkout.card", _PAYMENT, bearer=NOBODY, status=303),
    Step("What the checkout page shows", "checkout.resume", _PAYMENT, bearer=NOBODY, says={"amount": 150}),
    Step("A card whose bank asks for a code", "sandbox.card_page_submit", _PAGE, body=_CHALLENGED, says=_ASKED),
    Step("Nobody has to be asked", "sandbox.card_page_ask", _PAGE),
    Step("The customer enters the code", "sandbox.card_page_challenge", _PAGE, body={"otp": "123456"}),
    Step("Have the gateway asked", "checkout.ask", _PAYMENT, body={}),
    Step("What a voucher is worth", "payment.voucher_check", _PAYMENT, body={"otp": "{{voucher}}"}, says=_SPENT),
    Step("All of it by card", "payment.voucher_choice", _PAYMENT, body={"choice": "CARD_ONLY"}, status=202),
    _begin("a payment that is left on the card page"),
    Step("The customer leaves the card page", "sandbox.card_page_cancel", _PAGE),
    _begin("a payment to capture by hand"),
    _pay("held for a capture"),
    Step("Capture a part", "payment.capture", _PAYMENT, body={"amount": 100.00}, says={"capturedAmount": 100}),
    _begin("a payment to release"),
    _pay("held for a release"),
    Step("Release the hold", "payment.void", _PAYMENT, body={"reason": "Out of stock"}, says={"status": "VOIDED"}),
    _begin("a payment that is given up"),
    Step("The customer gives up", "payment.cancel", _PAYMENT, status=202),
    Step("Payments of the merchant", "merchant.transactions", query="limit=5"),
    Step(
        "Create a payment link",
        "payment_link.create",
        body={"amount": 20.00, "description": "Lunch", "linkType": "MAIL", "customerEmail": "ada@example.com"},
        keeps={"linkId": "transactionId"},
    ),
    Step("The link", "payment_link.get", _LINK, says={"status": "PENDING"}),
    Step("Send it again", "payment_link.resend", _LINK),
    Step("What its customer sees", "payment_link.public", _LINK, bearer=NOBODY),
    Step("The customer wants to pay", "payment_link.open", _LINK, bearer=NOBODY),
    Step("Its QR code", "payment_link.qrcode", _LINK),
    Step("Whether it was paid", "payment_link.verify", _LINK),
    Step("Links of the merchant", "payment_link.list"),
    Step("Cancel the link", "payment_link.cancel", _LINK, says={"status": "CANCELLED"}),
    Step("Mails that were sent in test", "sandbox.messages"),
    _begin("a payment whose card is saved", paymentMode="SALE_WITH_TOKENIZATION", customerId="{{customerId}}"),
    _pay("charged at once"),
    Step("It is paid", "payment.transaction", _PAYMENT, until=_READY),
    Step(
        "Save the card",
        "token_payment.save_card",
        body={**_PAYMENT, "customerId": "{{customerId}}"},
        keeps={"cardId": "cardId"},
    ),
    Step("Cards of the customer", "token_payment.list", query=_BY, says={"count": 1}),
    Step("Make it the default", "token_payment.set_default", _SAVED, _BY, says={"isDefault": True}),
    Step("Charge it", "token_payment.pay", body={**_SAVED, "customerId": "{{customerId}}", "amount": 9.90}),
    Step("Delete it", "token_payment.delete", _SAVED, _BY),
    Step("Register a webhook", "merchant.webhooks_create", body={"url": "{{receiver}}"}, keeps={"webhookId": "id"}),
    Step("Webhooks of the merchant", "merchant.webhooks_list"),
    Step("One webhook", "merchant.webhooks_get", _HOOK, says={"status": "ENABLED"}),
    Step("Pause it", "merchant.webhooks_update", _HOOK, body={"status": "PAUSED"}, says={"status": "PAUSED"}),
    Step("Send it an event", "merchant.webhooks_test", _HOOK, status=202, keeps={"deliveryId": "deliveryId"}),
    Step("Its deliveries", "merchant.webhooks_deliveries", _HOOK),
    Step("Deliver that again", "merchant.deliveries_replay", {"id": "{{deliveryId}}"}, status=202),
    Step("Deliver everything again", "merchant.webhooks_replay", _HOOK, "since={{now}}", status=202),
    Step("A new secret", "merchant.webhooks_rotate_secret", _HOOK),
    Step("Delete the webhook", "merchant.webhooks_delete", _HOOK, says={"deleted": True}),
    Step("The business of a month", "merchant.overview"),
    Step("What a month came to", "merchant.statement", query="month=2026-11"),
    Step("A list for the books", "merchant.export", query="status=SUCCESS"),
    Step("The script for shops", "page.payglobe_js", bearer=NOBODY),
    Step("Everything that happened", "merchant.events", query="limit=5"),
    Step("Settings", "merchant.settings"),
    Step("A change on an old version", "merchant.settings_update", body=_LATE, status=409, says=_CHANGED),
    Step("A logo that is not there", "page.logo", _NO_LOGO, bearer=NOBODY, status=404),
    Step("What was changed", "merchant.changes"),
    Step(
        "Invite somebody",
        "merchant.people_invite",
        body={"email": "{{customerId}}@shop.example", "role": "read"},
        status=201,
        keeps={"personId": "id"},
    ),
    Step("Who works here", "merchant.people_list"),
    Step("Let them refund", "merchant.people_change", _PERSON, body={"role": "refunds"}, says={"role": "refunds"}),
    Step("They work here no longer", "merchant.people_remove", _PERSON),
    Step("What people asked for", "merchant.people_doings"),
    Step("Nobody is signed in", "merchant.session_get", bearer=NOBODY, says={"signedIn": False}),
    Step(
        "Another site asks for a link",
        "merchant.session_ask",
        body={"email": "ada@example.com"},
        headers={"Origin": "https://another.example"},
        bearer=NOBODY,
        status=403,
    ),
)  # fmt: skip
