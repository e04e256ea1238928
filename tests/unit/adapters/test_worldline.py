"""What Worldline alone does: signed calls that its own SDK agrees with, one card a page, results that come later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlparse

import pytest
from onlinepayments.sdk.authentication.v1hmac_authenticator import V1HmacAuthenticator
from onlinepayments.sdk.communication.request_header import RequestHeader
from onlinepayments.sdk.communicator_configuration import CommunicatorConfiguration
from onlinepayments.sdk.domain.cancel_payment_request import CancelPaymentRequest
from onlinepayments.sdk.domain.capture_payment_request import CapturePaymentRequest
from onlinepayments.sdk.domain.create_hosted_checkout_request import CreateHostedCheckoutRequest
from onlinepayments.sdk.domain.create_payment_request import CreatePaymentRequest
from onlinepayments.sdk.domain.data_object import DataObject
from onlinepayments.sdk.domain.refund_request import RefundRequest
from onlinepayments.sdk.webhooks.in_memory_secret_key_store import InMemorySecretKeyStore
from onlinepayments.sdk.webhooks.signature_validator import SignatureValidator

from shared.adapters.card_gateways.worldline import WorldlineCardGateway
from shared.adapters.card_gateways.worldline_codes import DECLINES, reason
from shared.adapters.card_gateways.worldline_wire import digest, signature
from shared.adapters.connector_checks import CHECKS
from shared.adapters.notifiers import NOTIFIERS
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.adapters.settings_files import validated
from shared.domain.account import Role
from shared.domain.authentication import ThreeDs, proof_of
from shared.domain.card import Initiator
from shared.domain.decline import Decline
from shared.domain.errors import CredentialsRefused, InvalidRequest, OutcomeUnknown, Refused, Unauthenticated
from shared.domain.merchant import OwnConnector
from shared.domain.operation import Kind
from shared.domain.payment import Environment, Payment
from shared.ports.connectors import PageRequest, PageState
from shared.ports.inbound import Inbound, Told
from tests.unit.adapters.at_acquirers import BACK, Payments, again, new
from tools.testing.builders import MERCHANT, TEST, a_payment, euro
from tools.testing.fakes import NOON, FakeCredentials
from tools.testing.far_sides.door import Request
from tools.testing.far_sides.worldline import books
from tools.testing.far_sides.worldline.server import WEBHOOK_KEY, WEBHOOK_SECRET, signed
from tools.testing.far_sides.worldline.side import WorldlineSide

SETTINGS = {
    "api_base": "https://payment.preprod.direct.worldline-solutions.com",
    "merchant_id": "ShopAtWorldline",
    "api_key_id": "5b5b1a7e4d0e4c7a",
    "secret_api_key": "a-secret-of-the-shop",
}
# What each call sends, as Worldline's own library knows it.
BODIES: dict[str, type[DataObject]] = {
    "/hostedcheckouts": CreateHostedCheckoutRequest,
    "/payments": CreatePaymentRequest,
    "/capture": CapturePaymentRequest,
    "/cancel": CancelPaymentRequest,
    "/refund": RefundRequest,
}


class Shop(Payments):
    def __init__(self) -> None:
        self.worldline = WorldlineSide()
        self.books = self.worldline.shop
        super().__init__("worldline", WorldlineCardGateway(self.worldline.settings), self.worldline)

    def asked(self, end: str, method: str = "POST") -> list[Request]:
        return [one for one in self.worldline.acquirer.asked if one.path.endswith(end) and one.method == method]

    def sent(self, end: str) -> dict[str, Any]:
        return dict(json.loads(self.asked(end)[-1].body))

    def theirs(self, payment: Payment) -> books.Payment:
        made = self.books.checkouts[payment.page_id].payment
        assert made is not None
        return made

    def token(self) -> str:
        token = self.gateway.page_outcome(self.held(tokenize=True)).token
        assert token
        return token


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.worldline.close()


# ---- what is sent ----


def _everything(shop: Shop) -> None:
    payment, voided, token = shop.captured(100_00), shop.held(), shop.token()
    shop.gateway.refund(payment, new(payment, Kind.REFUND, euro(1)))
    shop.gateway.void(voided, new(voided, Kind.VOID, voided.amount))
    charged = a_payment(gateway="worldline", saved_card=1)
    shop.gateway.charge(charged, new(charged, Kind.SALE, euro(5_00)), token)


@pytest.mark.parametrize("end", BODIES)
def test_worldlines_own_library_knows_every_field_that_is_sent(shop: Shop, end: str) -> None:
    _everything(shop)

    for one in shop.asked(end):
        body = json.loads(one.body)
        assert BODIES[end]().from_dictionary(body).to_dictionary() == body
        assert len(one.headers["x-gcs-idempotence-key"]) <= 40


def test_worldlines_own_library_signs_every_call_as_we_do(shop: Shop) -> None:
    _everything(shop)
    configuration = CommunicatorConfiguration(
        api_endpoint=shop.worldline.acquirer.origin,
        api_key_id=shop.books.key_id,
        secret_api_key=shop.books.secret,
        authorization_type="v1HMAC",
        connect_timeout=5,
        socket_timeout=5,
        max_connections=1,
    )
    oracle = V1HmacAuthenticator(configuration)

    for one in shop.worldline.acquirer.asked:
        headers = [RequestHeader(name, value) for name, value in one.headers.items()]
        assert one.headers["authorization"] == oracle.get_authorization(one.method, urlparse(one.path), headers)
    assert {one.method for one in shop.worldline.acquirer.asked} == {"GET", "POST"}


@pytest.mark.parametrize("query", ["", "?merchantReference=TXN%201&x="])
def test_a_query_and_several_own_headers_are_signed_as_worldlines_library_does(query: str) -> None:
    url, secret = f"https://payment.example/v2/Shop/payments{query}", "s3cr=t"
    headers = {"Date": "Mon, 02 Mar 2026 12:00:00 GMT", "X-GCS-Idempotence-Key": "k", "X-GCS-Another": "a"}
    configuration = CommunicatorConfiguration(
        api_endpoint="https://payment.example",
        api_key_id="key",
        secret_api_key=secret,
        authorization_type="v1HMAC",
        connect_timeout=5,
        socket_timeout=5,
        max_connections=1,
    )
    listed = [RequestHeader(name, value) for name, value in headers.items()]
    theirs = V1HmacAuthenticator(configuration).get_authorization("GET", urlparse(url), listed)

    assert theirs == f"GCS v1HMAC:key:{signature(secret, 'GET', headers, url)}"


def test_a_page_takes_one_card_and_ends_when_the_checkout_does(shop: Shop) -> None:
    payment = shop.opened(language="it")

    sent = shop.sent("/hostedcheckouts")

    page = sent["hostedCheckoutSpecificInput"]
    assert (page["allowedNumberOfPaymentAttempts"], page["showResultPage"]) == (1, False)
    assert (page["returnUrl"], page["locale"]) == (BACK, "it_IT")
    assert page["paymentProductFilters"] == {"restrictTo": {"groups": ["cards"]}}
    assert sent["order"]["references"]["merchantReference"] == payment.id
    assert sent["cardPaymentMethodSpecificInput"] == {"authorizationMode": "PRE_AUTHORIZATION"}


@pytest.mark.parametrize(("left", "minutes"), [(10, 1), (90, 2), (2 * 86_400, 1440)])
def test_the_session_is_as_long_as_the_checkout_in_worldlines_bounds(shop: Shop, left: int, minutes: int) -> None:
    payment = a_payment(gateway="worldline")
    ends = NOON + timedelta(seconds=left)
    asked = PageRequest(payment, payment.page_id, sale=False, tokenize=False, expires_at=ends, return_url=BACK)

    shop.gateway.open_page(asked)

    assert shop.sent("/hostedcheckouts")["hostedCheckoutSpecificInput"]["sessionTimeout"] == minutes


@pytest.mark.parametrize("initiator", list(Initiator))
def test_who_has_a_saved_card_charged_is_said_and_nobody_is_sent_to_confirm(shop: Shop, initiator: Initiator) -> None:
    token, payment = shop.token(), a_payment(gateway="worldline", saved_card=1, initiator=initiator)

    shop.gateway.charge(payment, new(payment, Kind.SALE, euro(5_00)), token)

    card = shop.sent("/payments")["cardPaymentMethodSpecificInput"]
    who = {Initiator.CUSTOMER: "cardholderInitiated", Initiator.MERCHANT: "merchantInitiated"}
    assert card["unscheduledCardOnFileRequestor"] == who[initiator]
    assert card["threeDSecure"] == {"skipAuthentication": True}


# ---- what is understood ----


def _says(shop: Shop, payment: dict[str, Any]) -> None:
    shop.worldline.acquirer.says.append(
        (200, {"status": "PAYMENT_CREATED", "createdPaymentOutput": {"payment": payment}})
    )


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        ("REDIRECTED", 46, PageState.OPEN),
        ("CREATED", 0, PageState.OPEN),
        ("AUTHORIZATION_REQUESTED", 51, PageState.PENDING),
        ("PENDING_PAYMENT", 41, PageState.PENDING),
        ("CANCELLED", 1, PageState.CANCELLED),
    ],
)
def test_a_payment_that_is_neither_placed_nor_refused_says_so(
    shop: Shop, status: str, code: int, state: PageState
) -> None:
    payment = shop.opened()
    _says(shop, {"id": "1_0", "status": status, "statusOutput": {"statusCode": code}})

    assert shop.gateway.page_outcome(payment).state is state


def test_a_sale_that_is_only_held_is_not_called_paid(shop: Shop) -> None:
    held, sale = shop.opened(), shop.opened(sale=True)
    for payment, state in ((held, PageState.APPROVED), (sale, PageState.PENDING)):
        _says(shop, {**_shown(), "status": "PENDING_CAPTURE", "statusOutput": {"statusCode": 5}})

        assert shop.gateway.page_outcome(payment).state is state


def _shown() -> dict[str, Any]:
    return {"id": "1_0", "paymentOutput": {"amountOfMoney": {"amount": 15000, "currencyCode": "EUR"}}}


def test_a_status_that_nobody_describes_is_asked_about_again(shop: Shop) -> None:
    payment = shop.opened()
    _says(shop, {"id": "1_0", "status": "SOMETHING_NEW", "statusOutput": {"statusCode": 77}})

    with pytest.raises(OutcomeUnknown):
        shop.gateway.page_outcome(payment)


def test_each_of_the_banks_codes_has_its_word(shop: Shop) -> None:
    for card, code in books.DECLINES.items():
        payment = shop.opened()
        shop.books.entered(payment.page_id, card)

        outcome = shop.gateway.page_outcome(payment)

        assert (outcome.state, outcome.code, outcome.reason) == (PageState.DECLINED, code, reason(code))
        assert outcome.closed
    assert reason("30511001") is Decline.INSUFFICIENT_FUNDS
    assert reason("30431001") is Decline.CARD_DECLINED
    assert set(DECLINES.values()) == set(Decline) - {Decline.CARD_DECLINED}


@pytest.mark.parametrize("stands", [True, False])
def test_a_sale_by_a_saved_card_that_is_only_accepted_is_asked_for_by_its_number(shop: Shop, stands: bool) -> None:
    token, payment = shop.token(), a_payment(gateway="worldline", saved_card=1)
    made = new(payment, Kind.SALE, euro(5_00))
    answer = shop.gateway.charge(payment, made, token)
    theirs = shop.books.payments[answer.reference or ""]
    accepted = replace(answer, final=False)
    theirs.status = "CAPTURED" if stands else "REJECTED_CAPTURE"

    last = shop.gateway.lookup(payment, made.closed(accepted, NOON))

    assert last is not None
    assert (last.succeeded, last.final) == (stands, True)


def test_an_approval_says_how_its_holder_was_authenticated_and_a_later_charge_refers_to_it(shop: Shop) -> None:
    outcome = shop.gateway.page_outcome(shop.held(tokenize=True))
    assert outcome.proof is not None
    assert outcome.proof.three_ds == ThreeDs(
        enrolled=True, authenticated=True, liability_shift=True, eci="05", status="Y"
    )

    payment = a_payment(gateway="worldline", saved_card=1)
    shop.gateway.charge(payment, new(payment, Kind.SALE, euro(5_00)), outcome.token or "")

    card = shop.sent("/payments")["cardPaymentMethodSpecificInput"]
    assert card["schemeReferenceData"] == outcome.proof.network_reference != ""


@pytest.mark.parametrize(
    ("said", "three_ds"),
    [
        ({}, None),
        ({"eci": "7"}, None),
        ({"authenticationStatus": "A", "liability": "issuer", "eci": "6"}, ThreeDs(True, False, True, "6", "A")),
        ({"authenticationStatus": "U", "liability": "merchant"}, ThreeDs(False, False, False, status="U")),
        ({"authenticationStatus": "Y"}, ThreeDs(True, True, None, status="Y")),
    ],
)
def test_of_an_authentication_nothing_is_said_that_worldline_does_not_say(
    shop: Shop, said: dict[str, str], three_ds: ThreeDs | None
) -> None:
    payment = shop.opened()
    output = {**_shown()["paymentOutput"], "cardPaymentMethodSpecificOutput": {"threeDSecureResults": said}}
    _says(
        shop, {"id": "1_0", "status": "PENDING_CAPTURE", "statusOutput": {"statusCode": 5}, "paymentOutput": output}
    )

    assert shop.gateway.page_outcome(payment).proof == proof_of("", three_ds)


def test_a_charge_that_waits_for_its_holder_is_refused_with_that_reason(shop: Shop) -> None:
    token, payment = shop.token(), a_payment(gateway="worldline", saved_card=1)
    waits = {"payment": {"id": "1_0", "status": "REDIRECTED", "statusOutput": {"statusCode": 46}}}
    shop.worldline.acquirer.says.append((201, {**waits, "merchantAction": {"actionType": "REDIRECT"}}))

    answer = shop.gateway.charge(payment, new(payment, Kind.SALE, euro(5_00)), token)

    assert (answer.succeeded, answer.reason) == (False, Decline.AUTHENTICATION_REQUIRED)


def test_a_refund_is_never_made_under_another_key_and_a_capture_is(shop: Shop) -> None:
    payment = shop.held()
    capture = new(payment, Kind.CAPTURE, payment.amount)
    for one in (capture, again(capture)):
        shop.gateway.capture(payment, one)
    taken = payment.with_operation(capture.closed(shop.gateway.capture(payment, capture), NOON))
    refund = new(taken, Kind.REFUND, euro(1_00))
    for one in (refund, again(refund)):
        assert shop.gateway.refund(taken, one).succeeded

    keys = {end: {one.headers["x-gcs-idempotence-key"] for one in shop.asked(end)} for end in ("/capture", "/refund")}
    assert (len(keys["/capture"]), len(keys["/refund"])) == (2, 1)
    assert (shop.theirs(payment).taken, shop.theirs(payment).refunded) == (150_00, 1_00)


# ---- webhooks ----

OWN = OwnConnector(MERCHANT, TEST, "worldline")


def heard(body: bytes, headers: dict[str, str]) -> Told:
    kept = FakeCredentials()
    kept.put(MERCHANT, TEST, "worldline", {"webhook_secret": f'["{WEBHOOK_SECRET}", "another-of-the-shops"]'})
    return NOTIFIERS["worldline"](OwnSecrets(kept, OWN)).read(Inbound(headers, body, NOON))


def test_a_webhook_that_worldlines_own_library_takes_names_the_payment(shop: Shop) -> None:
    payment = shop.held()
    body = shop.worldline.acquirer.tells(shop.theirs(payment))
    headers = signed(body)
    store = InMemorySecretKeyStore.instance()
    store.store_secret_key(WEBHOOK_KEY, WEBHOOK_SECRET)
    SignatureValidator(store).validate(body, [RequestHeader(name, value) for name, value in headers.items()])

    told = heard(body, headers)

    assert told.payments == (payment.id, shop.theirs(payment).id)
    assert told.operations == (shop.theirs(payment).id,)


def test_a_webhook_of_somebody_else_is_not_believed() -> None:
    body = b'{"payment": {"id": "1_0"}}'
    for headers in (signed(body, "somebody-elses-secret"), signed(body + b" "), {}, {"x-gcs-signature": ""}):
        with pytest.raises(Unauthenticated):
            heard(body, headers)
    assert heard(body, {"x-gcs-signature": digest("another-of-the-shops", body)}).payments == ("1_0",)


# ---- setting one up ----


def test_a_merchant_id_is_let_in_with_its_own_key_alone(shop: Shop) -> None:
    check, http = CHECKS[Role.CARD_GATEWAY]["worldline"], shop.worldline.settings.http
    known = dict(shop.worldline.settings.credentials.of(MERCHANT, TEST, "worldline"))

    assert check(http, TEST, known) == shop.books.merchant_id
    with pytest.raises(CredentialsRefused) as caught:
        check(http, TEST, {**known, "secret_api_key": "another-secret"})
    assert "another-secret" not in str(caught.value)
    shop.worldline.acquirer.says.append((400, {"errorId": "1", "errors": [{"errorCode": "50001111"}]}))
    with pytest.raises(Refused, match="50001111"):
        check(http, TEST, known)


def test_an_address_of_worldlines_other_environment_or_a_short_secret_is_refused() -> None:
    made = validated(Role.CARD_GATEWAY, "worldline", {**SETTINGS, "webhook_secret": "s" * 16}, TEST)
    assert set(made.secret) == {"secret_api_key", "webhook_secret"}

    with pytest.raises(InvalidRequest, match="not Worldline's live environment"):
        validated(Role.CARD_GATEWAY, "worldline", SETTINGS, Environment.LIVE)
    with pytest.raises(InvalidRequest, match="16 characters"):
        validated(Role.CARD_GATEWAY, "worldline", {**SETTINGS, "webhook_secret": "short"}, TEST)
