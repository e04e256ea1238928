"""Who rings, and what it takes to be believed that it rang."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import stripe

from shared.adapters.card_gateways import CARD_GATEWAYS
from shared.adapters.credentials import SecretsManagerCredentials
from shared.adapters.method_providers import METHOD_PROVIDERS
from shared.adapters.notifiers import NOTIFIERS
from shared.adapters.notifiers.paypal import PayPalNotifier
from shared.adapters.notifiers.sandbox import signature
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.adapters.paypal_signature import Signatures
from shared.adapters.voucher_providers import VOUCHER_PROVIDERS
from shared.domain.errors import GatewayError, InvalidRequest, Unauthenticated
from shared.domain.merchant import OwnConnector
from shared.domain.payment import Environment
from shared.ports.inbound import Inbound, Told
from tests.unit.disputes.test_sources import CERTIFICATE, NOW, certificate, paypal
from tests.unit.disputes.test_sources import PAYPAL as PAYPAL_DISPUTE
from tools.testing.builders import MERCHANT, TEST
from tools.testing.fakes import NOON, FakeCredentials, FixedClock
from tools.testing.far_sides.stripe.server import signed as stripe_signed

OWN = OwnConnector(MERCHANT, TEST, "sandbox")
SECRET, NEXT = "a-secret-of-the-sandbox", "the-next-secret-of-it"
BODY = b'{"transactionId": "TXN_1", "paymentID": "PAY1", "reference": "R1"}'


def credentials(**values: str) -> FakeCredentials:
    kept = FakeCredentials()
    kept.put(MERCHANT, TEST, "sandbox", values)
    return kept


def read(kept: Any, header: bytes, body: bytes = BODY, **more: Any) -> Told:
    notifier = NOTIFIERS["sandbox"](OwnSecrets(kept, OWN))
    return notifier.read(Inbound({"x-sandbox-signature": header.decode("latin-1")}, body, NOON, **more))


def test_who_rings_is_a_connector() -> None:
    assert set(NOTIFIERS) <= {*CARD_GATEWAYS, *VOUCHER_PROVIDERS, *METHOD_PROVIDERS}


# Those whose signature is of no public make. Their address is the proof, and nothing of what they send is read.
UNSIGNED = {"igfs", "nexi"}


@pytest.mark.parametrize("name", sorted(UNSIGNED))
@pytest.mark.parametrize("body", [b"", b"{", b"tid=T1&paymentID=other&rc=IGFS_000", BODY])
def test_one_that_cannot_be_checked_names_what_its_address_names_and_nothing_else(name: str, body: bytes) -> None:
    notifier = NOTIFIERS[name](OwnSecrets(FakeCredentials(), OWN))

    assert notifier.read(Inbound({}, body, NOON, query={"paymentID": "other"}, payment="TXN_1")) == Told(("TXN_1",))
    assert notifier.read(Inbound({}, body, NOON)) == Told()


@pytest.mark.parametrize("name", sorted(NOTIFIERS.keys() - UNSIGNED))
@pytest.mark.parametrize("body", [b"", b"{", b"[]", BODY])
def test_nobody_believes_a_message_without_a_signature(name: str, body: bytes) -> None:
    with pytest.raises(Unauthenticated):
        NOTIFIERS[name](OwnSecrets(FakeCredentials(), OWN)).read(Inbound({}, body, NOON))


def test_a_signed_bell_names_the_payment_in_every_way_it_can() -> None:
    told = read(credentials(notify_secret=SECRET), signature(SECRET, BODY))

    assert told == Told(payments=("TXN_1", "PAY1"), operations=("R1",))


def test_the_address_names_a_payment_too() -> None:
    assert read(credentials(notify_secret=SECRET), signature(SECRET, b"{}"), b"{}", payment="TXN_2").payments == (
        "TXN_2",
    )


@pytest.mark.parametrize(
    ("kept", "header"),
    [
        (credentials(notify_secret=SECRET), b""),
        (credentials(notify_secret=SECRET), signature(NEXT, BODY)),
        (credentials(notify_secret=SECRET), signature(SECRET, b"{}")),
        (credentials(notify_secret=SECRET), b"\xe9"),
        (credentials(notify_secret=""), signature("", BODY)),
        (credentials(notify_secret="[]"), signature("[]", BODY)),
        (credentials(), signature("", BODY)),
        (FakeCredentials(), signature("", BODY)),
    ],
)
def test_any_other_signature_is_refused(kept: FakeCredentials, header: bytes) -> None:
    with pytest.raises(Unauthenticated):
        read(kept, header)


def test_two_secrets_are_good_while_one_takes_the_others_place() -> None:
    kept = credentials(notify_secret=json.dumps([NEXT, SECRET]))

    assert read(kept, signature(SECRET, BODY)) == read(kept, signature(NEXT, BODY))


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_a_signed_message_that_nobody_can_read_is_refused_as_such(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        read(credentials(notify_secret=SECRET), signature(SECRET, body), body)


def test_what_cannot_be_a_payment_is_left_out() -> None:
    body = json.dumps({"transactionId": ["TXN_1"], "paymentID": "a b", "reference": 7}).encode()

    assert read(credentials(notify_secret=SECRET), signature(SECRET, body), body) == Told()


# ---- secrets that change ----


class Manager:
    """As much of Secrets Manager as is read; counts the readings."""

    class exceptions:
        class ResourceNotFoundException(Exception):
            pass

    def __init__(self) -> None:
        self.secret, self.readings = SECRET, 0

    def get_secret_value(self, SecretId: str) -> dict[str, str]:
        self.readings += 1
        return {"SecretString": json.dumps({"notify_secret": self.secret})}


def test_a_secret_that_was_replaced_is_read_anew_by_the_first_message_that_does_not_fit() -> None:
    manager, clock = Manager(), FixedClock()
    remembering = SecretsManagerCredentials(lambda: manager, "stack", clock)  # type: ignore[arg-type,return-value]
    read(remembering, signature(SECRET, BODY))
    manager.secret = NEXT
    clock.advance(60)

    assert read(remembering, signature(NEXT, BODY)).payments
    assert manager.readings == 2


def test_a_flood_of_forgeries_reads_a_secret_once_a_minute() -> None:
    manager, clock = Manager(), FixedClock()
    remembering = SecretsManagerCredentials(lambda: manager, "stack", clock)  # type: ignore[arg-type,return-value]
    for _ in range(120):
        with pytest.raises(GatewayError):
            read(remembering, signature(NEXT, BODY))
        clock.advance(1)

    assert manager.readings == 2


# ---- PayPal ----

PAYPAL = OwnConnector(MERCHANT, TEST, "paypal")
CAPTURED = {
    "id": "WH-2",
    "event_type": "PAYMENT.CAPTURE.COMPLETED",
    "resource": {
        "id": "3C679366HH908993F",
        "custom_id": "TXN_1",
        "supplementary_data": {"related_ids": {"order_id": "5O190127TN364715T"}},
    },
}


def read_paypal(body: bytes, headers: dict[str, str], own: OwnConnector = PAYPAL) -> Told:
    kept = FakeCredentials()
    kept.put(own.merchant_id, own.environment, "paypal", {"webhook_id": "WH-TEST"})
    fetched = {CERTIFICATE: certificate()}.get
    notifier = PayPalNotifier(OwnSecrets(kept, own), Signatures(lambda url, _: fetched(url)))
    return notifier.read(Inbound(headers, body, NOW))


def test_an_event_of_paypals_names_the_payment_its_order_and_itself() -> None:
    body = json.dumps(CAPTURED).encode()

    told = read_paypal(body, paypal(body))

    assert told == Told(payments=("TXN_1", "5O190127TN364715T"), operations=("3C679366HH908993F",))


def test_a_dispute_at_paypal_is_told_with_whose_it_may_be() -> None:
    body = json.dumps(PAYPAL_DISPUTE).encode()

    notice = read_paypal(body, paypal(body)).notice

    assert notice is not None
    assert (notice.merchant_id, notice.environment, notice.psp_id) == (MERCHANT, TEST, "PP-D-1")


def test_another_webhooks_or_environments_event_of_paypals_is_not_believed() -> None:
    body = json.dumps(CAPTURED).encode()
    live = OwnConnector(MERCHANT, Environment.LIVE, "paypal")

    for headers, own in ((paypal(body, "WH-OTHER"), PAYPAL), (paypal(body + b" "), PAYPAL), (paypal(body), live)):
        with pytest.raises(Unauthenticated):
            read_paypal(body, headers, own)


# ---- Stripe ----

STRIPE = OwnConnector(MERCHANT, TEST, "stripe")
EVENT = json.dumps(
    {
        "type": "charge.refunded",
        "data": {"object": {"id": "ch_1", "payment_intent": "pi_1", "metadata": {"transactionId": "TXN_1"}}},
    }
).encode()


def read_stripe(secret: str, header: str, body: bytes = EVENT) -> Told:
    kept = FakeCredentials()
    kept.put(MERCHANT, TEST, "stripe", {"webhook_secret": secret})
    return NOTIFIERS["stripe"](OwnSecrets(kept, STRIPE)).read(Inbound({"stripe-signature": header}, body, NOON))


def test_an_event_of_stripes_names_the_payment_by_our_number_and_by_theirs() -> None:
    signature_now = stripe_signed("whsec_1", EVENT, NOON)
    told = Told(payments=("TXN_1", "pi_1"), operations=("ch_1",))

    assert read_stripe("whsec_1", signature_now) == told
    assert read_stripe('["whsec_2", "whsec_1"]', signature_now) == told


def test_an_event_that_stripes_own_library_takes_is_taken() -> None:
    header = stripe_signed("whsec_1", EVENT, NOON)
    stamp = header.partition(",")[0].removeprefix("t=")
    expected = stripe.WebhookSignature._compute_signature(f"{stamp}.{EVENT.decode()}", "whsec_1")

    assert read_stripe("whsec_1", f"t={stamp},v1={expected}").payments


def test_a_dispute_is_told_with_whose_it_may_be() -> None:
    dispute = {"id": "dp_1", "amount": 5000, "currency": "eur", "charge": "ch_1", "payment_intent": "pi_1"}
    dispute |= {"reason": "fraudulent", "status": "needs_response", "metadata": {}}
    event = {"type": "charge.dispute.created", "created": int(NOON.timestamp()), "data": {"object": dispute}}
    body = json.dumps(event).encode()

    notice = read_stripe("whsec_1", stripe_signed("whsec_1", body, NOON), body).notice

    assert notice is not None
    assert (notice.merchant_id, notice.environment, notice.payment_ids) == (MERCHANT, TEST, ("pi_1", "ch_1"))
    assert read_stripe("whsec_1", stripe_signed("whsec_1", EVENT, NOON)).notice is None


@pytest.mark.parametrize(
    "header",
    [
        stripe_signed("whsec_2", EVENT, NOON),
        stripe_signed("whsec_1", EVENT + b" ", NOON),
        stripe_signed("whsec_1", EVENT, NOON - timedelta(seconds=301)),
        stripe_signed("whsec_1", EVENT, NOON).replace("v1=", "v0="),
        stripe_signed("whsec_1", EVENT, NOON).partition(",")[2],
        "t=,v1=",
    ],
    ids=["secret", "body", "old", "scheme", "time", "nothing"],
)
def test_no_other_event_of_stripes_is_believed(header: str) -> None:
    with pytest.raises(Unauthenticated):
        read_stripe("whsec_1", header)
