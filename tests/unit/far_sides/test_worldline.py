"""The simulated Worldline: its official SDK works with it, and it refuses where Worldline would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests
from onlinepayments.sdk.api_exception import ApiException
from onlinepayments.sdk.authentication.authorization_type import AuthorizationType
from onlinepayments.sdk.call_context import CallContext
from onlinepayments.sdk.communicator_configuration import CommunicatorConfiguration
from onlinepayments.sdk.domain.cancel_payment_request import CancelPaymentRequest
from onlinepayments.sdk.domain.capture_payment_request import CapturePaymentRequest
from onlinepayments.sdk.domain.create_hosted_checkout_request import CreateHostedCheckoutRequest
from onlinepayments.sdk.domain.create_payment_request import CreatePaymentRequest
from onlinepayments.sdk.domain.refund_request import RefundRequest
from onlinepayments.sdk.factory import Factory
from onlinepayments.sdk.reference_exception import ReferenceException

from tools.testing.far_sides.worldline.api import PAGE
from tools.testing.far_sides.worldline.books import APPROVED, DECLINES, Checkout, Payment
from tools.testing.far_sides.worldline.server import WorldlineAcquirer


@pytest.fixture
def acquirer() -> Iterator[WorldlineAcquirer]:
    made = WorldlineAcquirer()
    yield made
    with suppress(OSError):
        made.close()


class Shop:
    """A shop that calls with Worldline's own library."""

    def __init__(self, acquirer: WorldlineAcquirer, secret: str = "") -> None:
        self.acquirer, self.books = acquirer, acquirer.shop
        configuration = CommunicatorConfiguration(
            api_endpoint=acquirer.origin,
            api_key_id=self.books.key_id,
            secret_api_key=secret or self.books.secret,
            authorization_type=AuthorizationType.V1HMAC,
            connect_timeout=30,
            socket_timeout=30,
            max_connections=1,
            integrator="tests",
        )
        self.library = Factory.create_client_from_configuration(configuration)
        self.merchant = self.library.merchant(self.books.merchant_id)

    def opens(self, mode: str = "PRE_AUTHORIZATION", **page: object) -> Checkout:
        about = {"returnUrl": "https://shop/back?x=1", "allowedNumberOfPaymentAttempts": 1, **page}
        body = {
            "order": {"amountOfMoney": money(150_00), "references": {"merchantReference": "TXN_1"}},
            "cardPaymentMethodSpecificInput": {"authorizationMode": mode},
            "hostedCheckoutSpecificInput": about,
        }
        asked = CreateHostedCheckoutRequest().from_dictionary(body)
        made = self.merchant.hosted_checkout().create_hosted_checkout(asked)
        assert made.redirect_url == f"{self.acquirer.origin}{PAGE}/{made.hosted_checkout_id}"
        return self.books.checkouts[made.hosted_checkout_id]

    def held(self) -> Payment:
        checkout = self.opens()
        self.books.entered(checkout.id)
        assert checkout.payment is not None
        return checkout.payment

    def captures(self, payment: Payment, amount: int, own: str, *, final: bool = True) -> Any:
        body = {"amount": amount, "isFinal": final, "operationReferences": {"merchantReference": own}}
        asked = CapturePaymentRequest().from_dictionary(body)
        return self.merchant.payments().capture_payment(payment.id, asked, CallContext(own))

    def refunds(self, payment: Payment, amount: int, own: str) -> Any:
        body = {"amountOfMoney": money(amount), "operationReferences": {"merchantReference": own}}
        asked = RefundRequest().from_dictionary(body)
        return self.merchant.payments().refund_payment(payment.id, asked, CallContext(own))


@pytest.fixture
def shop(acquirer: WorldlineAcquirer) -> Iterator[Shop]:
    made = Shop(acquirer)
    yield made
    made.library.close()


def money(amount: int) -> dict[str, object]:
    return {"amount": amount, "currencyCode": "EUR"}


def test_worldlines_own_library_is_let_in_and_one_with_another_secret_is_not(shop: Shop) -> None:
    assert shop.merchant.services().test_connection().result == "OK"

    other = Shop(shop.acquirer, "another-secret")
    with other.library, pytest.raises(ApiException, match="401"):
        other.merchant.services().test_connection()


def test_a_card_is_typed_on_the_page_and_the_browser_goes_back(shop: Shop) -> None:
    checkout = shop.opens()
    address = f"{shop.acquirer.origin}{PAGE}/{checkout.id}"
    assert "Pay" in requests.get(address, timeout=30).text

    back = requests.post(address, {"number": APPROVED}, timeout=30, allow_redirects=False)

    assert back.headers["Location"].startswith("https://shop/back?x=1&RETURNMAC=")
    shown = shop.merchant.hosted_checkout().get_hosted_checkout(checkout.id)
    assert shown.status == "PAYMENT_CREATED"
    paid = shown.created_payment_output.payment
    assert (paid.status, paid.status_output.status_code) == ("PENDING_CAPTURE", 5)
    assert paid.payment_output.references.merchant_reference == "TXN_1"
    assert "ended" in requests.get(address, timeout=30).text


def test_as_many_declined_cards_as_the_shop_allows_end_the_page(shop: Shop) -> None:
    declined = next(iter(DECLINES))
    once, twice = shop.opens(), shop.opens(allowedNumberOfPaymentAttempts=2)

    for checkout in (once, twice):
        assert shop.books.entered(checkout.id, declined)

    assert (once.status, twice.status) == ("PAYMENT_CREATED", "IN_PROGRESS")
    shown = shop.merchant.hosted_checkout().get_hosted_checkout(once.id).created_payment_output.payment
    assert shown.status_output.errors[0].error_code == DECLINES[declined]
    assert not shop.books.entered(once.id)
    assert shop.books.left(twice.id)


def test_a_last_capture_lets_go_of_the_rest_and_refunds_go_no_further(shop: Shop) -> None:
    payment = shop.held()

    made = [shop.captures(payment, 100_00, "c1") for _ in range(2)]

    assert made[0].id == made[1].id
    assert (payment.held, payment.taken) == (0, 100_00)
    assert made[0].capture_output.operation_references.merchant_reference == "c1"
    with pytest.raises(ApiException):
        shop.merchant.payments().cancel_payment(payment.id, CancelPaymentRequest())
    shop.refunds(payment, 60_00, "r1")
    shop.refunds(payment, 60_00, "r1")
    with pytest.raises(ApiException):
        shop.refunds(payment, 40_01, "r2")
    listed = shop.merchant.refunds().get_refunds(payment.id).refunds
    references = [one.refund_output.operation_references.merchant_reference for one in listed]
    assert (payment.refunded, references) == (60_00, ["r1"])


def test_a_capture_that_is_not_the_last_goes_on_holding(shop: Shop) -> None:
    payment = shop.held()

    shop.captures(payment, 100_00, "c1", final=False)
    assert payment.held == 50_00
    shop.merchant.payments().cancel_payment(payment.id, CancelPaymentRequest())

    assert (payment.held, payment.taken) == (0, 100_00)


def test_a_kept_card_is_charged_until_it_is_deleted(shop: Shop) -> None:
    checkout = shop.opens("SALE", cardPaymentMethodSpecificInput={"tokenizationMode": "createAlways"})
    shop.books.entered(checkout.id)
    assert checkout.payment is not None
    body = {
        "order": {"amountOfMoney": money(7_00), "references": {"merchantReference": "TXN_2"}},
        "cardPaymentMethodSpecificInput": {"authorizationMode": "SALE", "token": checkout.payment.token},
    }
    asked = CreatePaymentRequest().from_dictionary(body)

    made = shop.merchant.payments().create_payment(asked).payment

    assert (made.status, made.status_output.status_code) == ("CAPTURED", 9)
    shop.merchant.tokens().delete_token(checkout.payment.token)
    with pytest.raises(ReferenceException):
        shop.merchant.tokens().delete_token(checkout.payment.token)
    with pytest.raises(ReferenceException):
        shop.merchant.payments().create_payment(asked)
