"""Signatures against their own libraries and against published vectors, for any body and secret."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import simplejson
import stripe
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from shared.domain import signature
from shared.domain.merchant import Secret, SignatureEncoding
from shared.families.payglobe.notices import FORMATS, PayGlobeFormat
from shared.ports.webhooks import Signing
from tests.webhook_fakes import an_event

VECTOR_BODY = b'{"transactionId":"TXN_20251107_123456","status":"SUCCESS"}'
VECTOR_SECRET = "whsec_test_abc"
keys = st.binary(min_size=24, max_size=24)
secrets = keys.map(lambda key: "whsec_test_" + b64encode(key).decode())
texts = st.text(max_size=60)
amounts = st.decimals(min_value=0, max_value=10**9, places=2)
data = st.dictionaries(texts, texts | amounts | st.integers() | st.booleans() | st.none(), max_size=6)


def test_the_guides_header_equals_the_published_vectors() -> None:
    base64 = signature.payglobe(VECTOR_SECRET, VECTOR_BODY, SignatureEncoding.BASE64)
    hexed = signature.payglobe(VECTOR_SECRET, VECTOR_BODY, SignatureEncoding.HEX)

    assert base64 == "0mIchLNrjB2YtWAnh7MQ2bUjhE2gTw3gNnBb3/40sD4="
    assert hexed == "d2621c84b36b8c1d98b5602787b310d9b523844da04f0de036705bdffe34b03e"


def test_the_stripe_header_equals_the_published_vector() -> None:
    header = signature.stripe([VECTOR_SECRET], VECTOR_BODY, 1699372800)

    assert header == "t=1699372800,v1=2a140cb3d7510f5e39200cf1a756879b8c2bdd714598e593dc84b35d5bf1cb39"


@given(secret=secrets, old=secrets, content=data)
def test_every_library_accepts_every_body(secret: str, old: str, content: dict[str, object]) -> None:
    now = datetime.now(UTC)
    event, secrets = an_event(now), (secret, old)
    signing = Signing(event, "dlv_1", "https://shop.example", secrets, SignatureEncoding.BASE64, now)
    made = PayGlobeFormat(lambda _: content).render(signing)
    body, headers = made.body, dict(made.headers)

    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    assert headers["X-PayGlobe-Signature"] == b64encode(digest).decode()
    for each in (secret, old):
        stripe.WebhookSignature.verify_header(body.decode(), headers["Stripe-Signature"], each, tolerance=300)
        Webhook(each.removeprefix("whsec_test_")).verify(body, headers)


@given(secret=secrets, content=data, position=st.integers(min_value=0), flip=st.integers(1, 255))
def test_one_changed_byte_is_noticed(secret: str, content: dict[str, object], position: int, flip: int) -> None:
    body = PayGlobeFormat(lambda _: content).body(an_event(datetime.now(UTC)))
    at = position % len(body)
    changed = body[:at] + bytes([body[at] ^ flip]) + body[at + 1 :]
    now = int(datetime.now(UTC).timestamp())

    assert signature.payglobe(secret, body, SignatureEncoding.HEX) != signature.payglobe(
        secret, changed, SignatureEncoding.HEX
    )
    assert signature.stripe([secret], body, now) != signature.stripe([secret], changed, now)
    assert signature.standard([secret], body, "evt_1", now) != signature.standard([secret], changed, "evt_1", now)


@given(content=data)
def test_a_body_is_ascii_and_keeps_every_amount_to_the_digit(content: dict[str, object]) -> None:
    body = PayGlobeFormat(lambda _: content).body(an_event(datetime.now(UTC)))

    assert body.isascii()
    assert simplejson.loads(body, parse_float=Decimal) == content
    for value in content.values():
        assert not isinstance(value, Decimal) or str(value).encode() in body


@pytest.mark.parametrize("form", ["union", "event"])
def test_an_envelope_is_never_taken_for_stripes_thin_events(form: str) -> None:
    written = simplejson.loads(FORMATS[form].body(an_event(datetime.now(UTC))))

    assert written["object"] == "event"
    assert written["type"] == "payment_intent.succeeded"
    assert not {"detail", "specversion"} & set(written)


def test_an_expired_secret_signs_no_more() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    fresh = Secret("new", now)
    replaced = Secret("old", now, expires_at=now + timedelta(hours=24))

    assert signature.valid_secrets((fresh, replaced), now + timedelta(hours=23)) == ("new", "old")
    assert signature.valid_secrets((fresh, replaced), now + timedelta(hours=24)) == ("new",)


@pytest.mark.parametrize("secret", ["whsec_test_not base64", "plain", "whsec_live_"])
def test_a_secret_that_is_no_base64_still_signs(secret: str) -> None:
    assert signature.standard([secret], b"{}", "evt_1", 1).startswith("v1,")
