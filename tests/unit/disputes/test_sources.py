"""Every source reads its own signed messages, refuses everybody else's, and maps words to ours."""

from __future__ import annotations

import hmac
import json
import time
import zlib
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from shared.adapters.dispute_sources import DISPUTE_SOURCES
from shared.adapters.dispute_sources.inbound import read_notice
from shared.adapters.dispute_sources.settings import SourceSettings
from shared.adapters.rsa_signature import read_certificate
from shared.domain.dispute import Notice
from shared.domain.errors import InvalidRequest, Unauthenticated
from shared.domain.payment import Environment
from shared.domain.statuses import DisputeStatus, Reason, Source
from shared.ports.inbound import Inbound
from tools.testing.builders import TEST, euro

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LIVE = Environment.LIVE
SECRETS = {
    Source.IGFS: [(TEST, "igfs_test"), (LIVE, "igfs_live"), (LIVE, "igfs_live_before")],
    Source.STRIPE: [(TEST, "whsec_test"), (LIVE, "whsec_live")],
    Source.PAYPAL: [(TEST, "WH-TEST"), (LIVE, "WH-LIVE")],
    Source.SHIFT4: [(TEST, "sk_test_shift4"), (LIVE, "sk_live_shift4")],
    Source.SANDBOX: [(TEST, "sandbox")],
}
TRANSACTION = "TXN_20261121_ABCDEFGHIJKLMNOP"
CERTIFICATE = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270"
LIVE_CERTIFICATE = CERTIFICATE.replace("api.sandbox.", "api.")
S, R = DisputeStatus, Reason

IGFS = {
    "disputeId": "CB-1001",
    "transactionId": TRANSACTION,
    "amount": 50.00,
    "currency": "EUR",
    "reasonCode": "10.4",
    "status": "OPEN",
    "eventTime": "2026-11-21T09:59:00+01:00",
    "responseDeadline": "2026-12-05T23:59:59Z",
}
STRIPE = {
    "id": "evt_1",
    "type": "charge.dispute.created",
    "created": 1795255200,
    "livemode": False,
    "data": {
        "object": {
            "id": "dp_stripe_1",
            "amount": 5000,
            "currency": "eur",
            "charge": "ch_1",
            "payment_intent": "pi_1",
            "metadata": {"transactionId": TRANSACTION},
            "reason": "fraudulent",
            "status": "needs_response",
            "evidence_details": {"due_by": 1796515199},
        }
    },
}
PAYPAL = {
    "id": "WH-1",
    "event_type": "CUSTOMER.DISPUTE.CREATED",
    "create_time": "2026-11-21T09:59:00.000Z",
    "resource": {
        "dispute_id": "PP-D-1",
        "disputed_transactions": [{"seller_transaction_id": "8X1", "custom": TRANSACTION}],
        "reason": "UNAUTHORISED",
        "status": "WAITING_FOR_SELLER_RESPONSE",
        "dispute_amount": {"currency_code": "EUR", "value": "50.00"},
        "seller_response_due_date": "2026-12-05T23:59:59.000Z",
    },
}
SHIFT4 = {
    "id": "event_1234567890abcdef",
    "created": 1795255200,
    "objectType": "event",
    "type": "CHARGE_DISPUTE_CREATED",
    "data": {
        "id": "disp_1",
        "objectType": "dispute",
        "amount": 5000,
        "currency": "EUR",
        "status": "CHARGEBACK_NEW",
        "reason": "FRAUDULENT",
        "charge": {"id": "char_1", "metadata": {"transactionId": TRANSACTION}},
        "evidenceDetails": {"dueBy": 1796515199},
    },
}


@dataclass
class Web:
    """What can be fetched, by URL; and what was."""

    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)  # the header a page is shown for

    def fetch(self, url: str, headers: Mapping[str, str]) -> bytes | None:
        self.asked.append((url, headers.get("Authorization", "")))
        wanted = self.keys.get(url)
        return None if wanted and headers.get("Authorization") != wanted else self.pages.get(url)


@cache
def signer(seed: int = 0) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(key: Any = None, since: datetime = NOW - timedelta(days=1), days: int = 30) -> bytes:
    key = key or signer()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "messageverificationcerts.paypal.com")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 4711, since, since + timedelta(days=days))
    return made.sign(signer(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def basic(key: str) -> str:
    return f"Basic {b64encode(f'{key}:'.encode()).decode()}"


@pytest.fixture
def web() -> Web:
    web = Web()
    web.pages[CERTIFICATE] = web.pages[LIVE_CERTIFICATE] = certificate()
    url = f"https://api.shift4.com/events/{SHIFT4['id']}"
    web.pages[url] = json.dumps(SHIFT4).encode()
    web.keys[url] = basic("sk_test_shift4")
    return web


def _secrets(source: Source) -> Sequence[tuple[Environment, str]]:
    return SECRETS[source]


def read(web: Web, headers: Mapping[str, str], body: bytes, now: datetime = NOW) -> Notice | None:
    settings = SourceSettings(_secrets, web.fetch)
    sources = [build(settings) for build in DISPUTE_SOURCES.values()]
    return read_notice(Inbound(headers, body, now), sources)


def igfs(body: bytes, secret: str = "igfs_test", *, header: str = "x-igfs-signature") -> dict[str, str]:
    return {header: hmac.digest(secret.encode(), body, "sha256").hex()}


def stripe(body: bytes, secret: str = "whsec_test", at: datetime = NOW) -> dict[str, str]:
    stamp = int(at.timestamp())
    right = hmac.digest(secret.encode(), f"{stamp}.".encode() + body, "sha256").hex()
    return {"stripe-signature": f"t={stamp},v1={'0' * 64},v1={right}"}


def paypal(body: bytes, webhook_id: str = "WH-TEST", url: str = CERTIFICATE, key: Any = None) -> dict[str, str]:
    sent = f"1-2-3|2026-11-21T09:59:30Z|{webhook_id}|{zlib.crc32(body)}".encode()
    signature = (key or signer()).sign(sent, padding.PKCS1v15(), hashes.SHA256())
    return {
        "paypal-transmission-id": "1-2-3",
        "paypal-transmission-time": "2026-11-21T09:59:30Z",
        "paypal-transmission-sig": b64encode(signature).decode(),
        "paypal-auth-algo": "SHA256withRSA",
        "paypal-cert-url": url,
    }


def sandbox(body: bytes) -> dict[str, str]:
    return igfs(body, "sandbox", header="x-sandbox-signature")


def unsigned(body: bytes) -> dict[str, str]:
    return {}


Sign = Callable[[bytes], dict[str, str]]
MESSAGES: dict[Source, tuple[dict[str, Any], Sign]] = {
    Source.IGFS: (IGFS, igfs),
    Source.STRIPE: (STRIPE, stripe),
    Source.PAYPAL: (PAYPAL, paypal),
    Source.SHIFT4: (SHIFT4, unsigned),
    Source.SANDBOX: (IGFS, sandbox),
}


def said(web: Web, source: Source, changes: Callable[[dict[str, Any]], object] | None = None) -> Notice | None:
    """What the message of ``source`` is read as, signed after it was changed."""
    message, sign = MESSAGES[source]
    message = json.loads(json.dumps(message))
    if changes is not None:
        changes(message)
    body = json.dumps(message).encode()
    if source is Source.SHIFT4:
        web.pages[f"https://api.shift4.com/events/{message['id']}"] = body
    return read(web, sign(body), body)


# ---- all of them -----------------------------------------------------------------------------------


@pytest.mark.parametrize("source", DISPUTE_SOURCES)
def test_a_signed_message_is_read_as_a_notice(source: Source, web: Web) -> None:
    notice = said(web, source)

    assert notice is not None
    assert (notice.source, notice.environment, notice.amount) == (source, TEST, euro(50_00))
    assert (notice.reason, notice.status) == (R.FRAUDULENT, S.OPEN)
    assert notice.payment_ids[0] == TRANSACTION
    assert notice.deadline == datetime(2026, 12, 5, 23, 59, 59, tzinfo=UTC)
    assert NOW - timedelta(hours=2) < notice.happened_at <= NOW


@pytest.mark.parametrize("source", [source for source in DISPUTE_SOURCES if source is not Source.SHIFT4])
def test_a_changed_body_or_signature_is_refused(source: Source, web: Web) -> None:
    message, sign = MESSAGES[source]
    body = json.dumps(message).encode()
    headers = sign(body)
    (name,) = [name for name in headers if name.endswith(("signature", "-sig"))]
    wrong = [(headers, body + b" "), ({**headers, name: ""}, body), ({**headers, name: headers[name][:-4]}, body)]
    wrong += [({**headers, name: "A" * 344}, body), ({**headers, name: "\u00e9"}, body), ({}, body)]

    for refused_headers, refused_body in wrong:
        with pytest.raises(Unauthenticated):
            read(web, refused_headers, refused_body)


@pytest.mark.parametrize("source", DISPUTE_SOURCES)
@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b"{}", b'{"status": 1}', b"\xff", b"[" * 100_000])
def test_nonsense_is_refused_in_words(source: Source, body: bytes, web: Web) -> None:
    _, sign = MESSAGES[source]
    with suppress(InvalidRequest, Unauthenticated):
        assert read(web, sign(body), body) is None


@pytest.mark.parametrize("source", [Source.IGFS, Source.SANDBOX])
@pytest.mark.parametrize(
    "change",
    [
        {"amount": -1},
        {"amount": "x"},
        {"amount": 50.001},
        {"amount": True},
        {"currency": "XXX"},
        {"currency": None},
        {"status": "PERHAPS"},
        {"disputeId": ""},
        {"disputeId": "a b"},
        {"disputeId": "x" * 201},
        {"eventTime": "yesterday"},
        {"eventTime": "2026-11-21T10:00:00"},
        {"eventTime": None},
        {"eventTime": -1},
        {"eventTime": "9999-12-31T23:59:59-14:00"},
        {"responseDeadline": "0001-01-01T00:00:00+14:00"},
        {"responseDeadline": 10**30},
        {"responseDeadline": []},
    ],
    ids=str,
)
def test_a_signed_message_that_makes_no_sense_says_what_is_wrong(
    source: Source, change: dict[str, Any], web: Web
) -> None:
    with pytest.raises(InvalidRequest):
        said(web, source, lambda message: message.update(change))


# What JSON can say and nobody can mean: each costs a reader half a minute, or an error of another kind, that takes
# it for a number or a time unseen.
MONSTROUS = [
    "1E+999999",
    "-1E+999999",
    "0E+999999",
    "1E-999999",
    f"1.{'7' * 100_000}",
    f"{'7' * 100_000}.0",
    "9" * 4_000,
    "NaN",
    "-Infinity",
    '"9999-12-31T23:59:59-14:00"',
    '"0001-01-01T00:00:00+14:00"',
    f'"{"9" * 100_000}"',
]


def leaves(message: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Every field of the message that is no object, with the object it is in."""
    found = [(message, name) for name, value in message.items() if not isinstance(value, dict)]
    return found + [leaf for value in message.values() if isinstance(value, dict) for leaf in leaves(value)]


@pytest.mark.parametrize("source", DISPUTE_SOURCES)
@pytest.mark.parametrize("text", MONSTROUS, ids=lambda text: text[:30])
def test_no_number_or_time_of_a_signed_message_is_work(source: Source, text: str, web: Web) -> None:
    _, sign = MESSAGES[source]
    started = time.process_time()
    for n in range(len(leaves(MESSAGES[source][0]))):
        message = json.loads(json.dumps(MESSAGES[source][0]))
        parent, name = leaves(message)[n]
        parent[name] = "@"
        body = json.dumps(message).replace('"@"', text).encode()
        if source is Source.SHIFT4:
            web.pages[f"https://api.shift4.com/events/{SHIFT4['id']}"] = body
            body = json.dumps(SHIFT4).encode()
        with suppress(InvalidRequest, Unauthenticated):
            read(web, sign(body), body)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["12345678.90", "1.23456789E7"])
def test_an_amount_may_be_written_with_an_exponent(text: str, web: Web) -> None:
    body = json.dumps(IGFS).replace("50.0,", f"{text},").encode()
    notice = read(web, igfs(body), body)

    assert notice is not None
    assert notice.amount == euro(12_345_678_90)


@pytest.mark.parametrize(
    ("source", "other"),
    [
        (Source.STRIPE, {"type": "charge.refunded"}),
        (Source.PAYPAL, {"event_type": "PAYMENT.CAPTURE.COMPLETED"}),
        (Source.SHIFT4, {"type": "CHARGE_SUCCEEDED"}),
    ],
)
def test_a_signed_message_about_something_else_is_no_notice(source: Source, other: dict[str, str], web: Web) -> None:
    assert said(web, source, lambda message: message.update(other)) is None


# ---- IGFS ------------------------------------------------------------------------------------------


def test_the_secret_says_which_environment_and_an_old_one_still_counts(web: Web) -> None:
    body = json.dumps(IGFS).encode()
    for secret in ("igfs_live", "igfs_live_before"):
        notice = read(web, igfs(body, secret), body)
        assert notice is not None
        assert notice.environment is LIVE
    with pytest.raises(Unauthenticated):
        read(web, igfs(body, "sandbox"), body)


def test_the_published_vector_of_the_signature_holds(web: Web) -> None:
    """The example of the guide: a change of the format would break whoever signs by it."""
    body = b'{"disputeId":"CB-1001"}'

    assert igfs(body, "igfs_test")["x-igfs-signature"] == (
        "c99a50026209a0376796d309648ce964582f7ea5cf23308bd2c13ec14557eff0"
    )
    encoded = b64encode(hmac.digest(b"igfs_test", body, "sha256")).decode()
    with pytest.raises(InvalidRequest):  # signed rightly, and not complete
        read(web, {"x-igfs-signature": encoded}, body)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        *((reason.value, reason) for reason in Reason),
        ("4837", R.FRAUDULENT),
        ("13.1", R.PRODUCT_NOT_RECEIVED),
        ("4853", R.PRODUCT_UNACCEPTABLE),
        ("12.6", R.DUPLICATE),
        ("13.2", R.SUBSCRIPTION_CANCELLED),
        ("13.6", R.CREDIT_NOT_PROCESSED),
        ("subscription canceled", R.SUBSCRIPTION_CANCELLED),
        ("whatever", R.GENERAL),
        ("", R.GENERAL),
    ],
)
def test_reasons_of_acquirers(code: str, reason: Reason, web: Web) -> None:
    notice = said(web, Source.IGFS, lambda message: message.update(reasonCode=code))

    assert notice is not None
    assert notice.reason is reason


@pytest.mark.parametrize(
    ("text", "status"),
    [*((status.value, status) for status in S), ("chargeback", S.OPEN), ("REPRESENTED", S.UNDER_REVIEW)],
)
def test_statuses_of_acquirers(text: str, status: DisputeStatus, web: Web) -> None:
    notice = said(web, Source.IGFS, lambda message: message.update(status=text, reopened=True))

    assert notice is not None
    assert (notice.status, notice.reopens) == (status, True)


def test_amounts_are_exact(web: Web) -> None:
    body = json.dumps(IGFS).replace("50.0,", "19.99,").encode()
    notice = read(web, igfs(body), body)

    assert notice is not None
    assert notice.amount.major == Decimal("19.99")


# ---- Stripe ----------------------------------------------------------------------------------------


def test_stripes_signature_is_good_for_five_minutes(web: Web) -> None:
    body = json.dumps(STRIPE).encode()
    assert read(web, stripe(body), body, NOW + timedelta(minutes=5)) is not None
    for late in (timedelta(minutes=5, seconds=1), timedelta(days=1)):
        with pytest.raises(Unauthenticated):
            read(web, stripe(body), body, NOW + late)
    for header in ("t=,v1=a", "v1=a", "t=\u0661,v1=a", f"t={'9' * 13},v1=a", "t=-1,v1=a"):
        with pytest.raises(Unauthenticated):
            read(web, {"stripe-signature": header}, body)


def test_stripes_own_library_makes_the_signature_we_take(web: Web) -> None:
    import stripe as library

    body = json.dumps(STRIPE)
    stamp = int(NOW.timestamp())
    right = library.WebhookSignature._compute_signature(f"{stamp}.{body}", "whsec_live")
    notice = read(web, {"stripe-signature": f"t={stamp},v1={right}"}, body.encode())

    assert notice is not None
    assert notice.environment is LIVE


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("needs_response", S.OPEN),
        ("warning_needs_response", S.OPEN),
        ("under_review", S.UNDER_REVIEW),
        ("won", S.WON),
        ("lost", S.LOST),
        ("warning_closed", S.CANCELLED),
        ("prevented", S.CANCELLED),
    ],
)
def test_stripes_statuses(status: str, ours: DisputeStatus, web: Web) -> None:
    notice = said(web, Source.STRIPE, lambda message: message["data"]["object"].update(status=status))

    assert notice is not None
    assert notice.status is ours


@pytest.mark.parametrize(
    ("before", "reopens"),
    [("warning_needs_response", False), ("warning_under_review", False), ("warning_closed", True), ("won", True)],
)
def test_an_inquiry_that_becomes_a_chargeback_at_stripe_asks_anew(before: str, reopens: bool, web: Web) -> None:
    def change(message: dict[str, Any]) -> None:
        message["type"] = "charge.dispute.updated"
        message["data"]["previous_attributes"] = {"status": before}

    notice = said(web, Source.STRIPE, change)
    assert notice is not None
    assert (notice.status, notice.reopens) == (S.EVIDENCE_REQUIRED, reopens)


def test_an_update_of_something_else_at_stripe_asks_nothing(web: Web) -> None:
    def change(message: dict[str, Any]) -> None:
        message["type"] = "charge.dispute.updated"
        message["data"]["previous_attributes"] = {"metadata": {}}

    notice = said(web, Source.STRIPE, change)
    assert notice is not None
    assert (notice.status, notice.reopens) == (S.OPEN, False)


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("product_not_received", R.PRODUCT_NOT_RECEIVED),
        ("product_unacceptable", R.PRODUCT_UNACCEPTABLE),
        ("duplicate", R.DUPLICATE),
        ("subscription_canceled", R.SUBSCRIPTION_CANCELLED),
        ("credit_not_processed", R.CREDIT_NOT_PROCESSED),
        ("unrecognized", R.FRAUDULENT),
        ("bank_cannot_process", R.GENERAL),
    ],
)
@pytest.mark.parametrize("source", [Source.STRIPE, Source.SHIFT4])
def test_reasons_of_stripe_and_shift4(source: Source, word: str, reason: Reason, web: Web) -> None:
    def change(message: dict[str, Any]) -> None:
        data = message["data"]
        data.get("object", data).update(reason=word)

    notice = said(web, source, change)
    assert notice is not None
    assert notice.reason is reason


def test_stripes_currencies_keep_their_amounts(web: Web) -> None:
    def said_in(currency: str, amount: int) -> object:
        change = {"currency": currency, "amount": amount}
        notice = said(web, Source.STRIPE, lambda message: message["data"]["object"].update(change))
        return notice and str(notice.amount)

    assert said_in("jpy", 8000) == "8000 JPY"
    assert said_in("isk", 800000) == "8000 ISK"
    assert said_in("kwd", 5000) == "5.000 KWD"


# ---- PayPal ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        CERTIFICATE.replace("https", "http"),
        CERTIFICATE.replace("paypal.com", "paypal.com.evil.example"),
        CERTIFICATE.replace("api.sandbox.paypal.com", "evil.example"),
        CERTIFICATE.replace("api.sandbox", "evil@api.sandbox"),
        CERTIFICATE.replace(".com/", ".com:8443/"),
        CERTIFICATE.replace("CERT-", "../../evil/"),
        CERTIFICATE.replace("CERT-", "%2e%2e/"),
        f"{CERTIFICATE}?x=1",
        f"{CERTIFICATE}#x",
        "https://[",
    ],
)
def test_no_certificate_is_fetched_from_anywhere_else(url: str, web: Web) -> None:
    body = json.dumps(PAYPAL).encode()

    with pytest.raises(Unauthenticated):
        read(web, paypal(body, url=url), body)
    assert web.asked == []


def test_paypals_environment_is_that_of_its_host_and_of_its_webhook(web: Web) -> None:
    body = json.dumps(PAYPAL).encode()
    notice = read(web, paypal(body, "WH-LIVE", LIVE_CERTIFICATE), body)

    assert notice is not None
    assert notice.environment is LIVE
    for webhook_id, url in (("WH-LIVE", CERTIFICATE), ("WH-TEST", LIVE_CERTIFICATE), ("WH-OTHER", CERTIFICATE)):
        with pytest.raises(Unauthenticated):
            read(web, paypal(body, webhook_id, url), body)


def test_another_key_another_algorithm_and_an_old_certificate_are_refused(web: Web) -> None:
    body = json.dumps(PAYPAL).encode()
    with pytest.raises(Unauthenticated):
        read(web, paypal(body, key=signer(1)), body)
    with pytest.raises(Unauthenticated):
        read(web, paypal(body) | {"paypal-auth-algo": "none"}, body)
    for now in (NOW - timedelta(days=2), NOW + timedelta(days=31)):
        with pytest.raises(Unauthenticated):
            read(web, paypal(body), body, now)
    web.pages[CERTIFICATE] = b"<html>"
    with pytest.raises(Unauthenticated):
        read(web, paypal(body), body)


def test_nothing_is_fetched_where_paypal_is_not_in_use(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SECRETS, Source.PAYPAL, [])
    with pytest.raises(Unauthenticated):
        said(web, Source.PAYPAL)

    assert web.asked == []


def test_a_certificate_is_fetched_once(web: Web) -> None:
    body = json.dumps(PAYPAL).encode()
    source = DISPUTE_SOURCES[Source.PAYPAL](SourceSettings(_secrets, web.fetch))
    for _ in range(3):
        assert source.read(Inbound(paypal(body), body, NOW)) is not None

    assert [url for url, _ in web.asked] == [CERTIFICATE]


@pytest.mark.parametrize(
    ("change", "status", "reopens"),
    [
        ({"status": "OPEN"}, S.OPEN, False),
        ({"status": "UNDER_REVIEW"}, S.UNDER_REVIEW, True),
        ({"status": "WAITING_FOR_BUYER_RESPONSE"}, S.UNDER_REVIEW, True),
        ({"status": "WAITING_FOR_SELLER_RESPONSE"}, S.EVIDENCE_REQUIRED, True),
        ({"status": "RESOLVED", "dispute_outcome": {"outcome_code": "RESOLVED_SELLER_FAVOUR"}}, S.WON, False),
        ({"status": "RESOLVED", "dispute_outcome": {"outcome_code": "RESOLVED_BUYER_FAVOUR"}}, S.LOST, False),
        ({"status": "RESOLVED", "dispute_outcome": {"outcome_code": "CANCELED_BY_BUYER"}}, S.CANCELLED, False),
        ({"status": "RESOLVED", "dispute_outcome": {"outcome_code": "ACCEPTED"}}, S.LOST, False),
        ({"status": "RESOLVED", "dispute_outcome": {"outcome_code": "NONE"}}, S.CANCELLED, False),
    ],
)
def test_paypals_statuses(change: dict[str, Any], status: DisputeStatus, reopens: bool, web: Web) -> None:
    def updated(message: dict[str, Any]) -> None:
        message["event_type"] = "CUSTOMER.DISPUTE.UPDATED"
        message["resource"].update(change)

    notice = said(web, Source.PAYPAL, updated)
    assert notice is not None
    assert (notice.status, notice.reopens) == (status, reopens)


def test_an_outcome_that_is_not_known_is_not_guessed(web: Web) -> None:
    for outcome in ({}, {"dispute_outcome": {"outcome_code": "SOMETHING_NEW"}}):
        with pytest.raises(InvalidRequest):
            said(web, Source.PAYPAL, lambda m, o=outcome: m["resource"].update({"status": "RESOLVED"} | o))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("MERCHANDISE_OR_SERVICE_NOT_RECEIVED", R.PRODUCT_NOT_RECEIVED),
        ("MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED", R.PRODUCT_UNACCEPTABLE),
        ("DUPLICATE_TRANSACTION", R.DUPLICATE),
        ("CANCELED_RECURRING_BILLING", R.SUBSCRIPTION_CANCELLED),
        ("CREDIT_NOT_PROCESSED", R.CREDIT_NOT_PROCESSED),
        ("PAYMENT_BY_OTHER_MEANS", R.GENERAL),
    ],
)
def test_paypals_reasons(word: str, reason: Reason, web: Web) -> None:
    notice = said(web, Source.PAYPAL, lambda message: message["resource"].update(reason=word))

    assert notice is not None
    assert notice.reason is reason


# ---- certificates ----------------------------------------------------------------------------------


def test_a_certificate_that_is_cut_off_or_has_another_kind_of_key_is_none() -> None:
    pem = certificate()
    lines = pem.splitlines(keepends=True)
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    elliptic = certificate(ec.generate_private_key(ec.SECP256R1()))
    for wrong in (b"", pem[:60], b"".join(lines[:5] + lines[-1:]), certificate(weak), elliptic):
        with pytest.raises(ValueError, match=r".+"):
            read_certificate(wrong)


def test_a_signature_made_without_the_key_is_never_good() -> None:
    found = read_certificate(certificate())
    size = 256
    message = b"message"
    forged = [b"", b"\0" * size, b"\0" * (size - 1) + b"\1", b"\xff" * size]
    forged += [found.modulus.to_bytes(size, "big"), (found.modulus - 1).to_bytes(size, "big")]

    assert not any(found.signed(message, signature) for signature in forged)
    right = signer().sign(message, padding.PKCS1v15(), hashes.SHA256())
    assert found.signed(message, right)
    assert not found.signed(b"another", right)
    assert not found.signed(message, b"\0" + right)
    other = signer().sign(message, padding.PKCS1v15(), hashes.SHA512())
    assert not found.signed(message, other)


# ---- Shift4 ----------------------------------------------------------------------------------------


def test_what_shift4_itself_says_counts_and_not_what_was_posted(web: Web) -> None:
    posted = json.dumps(SHIFT4).replace("CHARGEBACK_NEW", "CHARGEBACK_REPRESENTED_SUCCESSFULLY").encode()
    notice = read(web, {}, posted)

    assert notice is not None
    assert notice.status is S.OPEN
    assert web.asked[0][1] == basic("sk_test_shift4")


def test_an_event_that_shift4_does_not_know_is_refused(web: Web) -> None:
    web.pages.clear()
    with pytest.raises(Unauthenticated):
        read(web, {}, json.dumps(SHIFT4).encode())
    assert [key for _, key in web.asked] == [basic("sk_test_shift4"), basic("sk_live_shift4")]
    web.asked.clear()
    for name in ("event_../../charges", "event_1", "evil", None):
        with pytest.raises(Unauthenticated):
            read(web, {}, json.dumps(SHIFT4 | {"id": name}).encode())
    assert web.asked == []


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("RETRIEVAL_REQUEST_NEW", S.OPEN),
        ("CHARGEBACK_RESPONSE_UNDER_REVIEW", S.UNDER_REVIEW),
        ("CHARGEBACK_REPRESENTED_SUCCESSFULLY", S.WON),
        ("CHARGEBACK_REPRESENTED_UNSUCCESSFULLY", S.LOST),
        ("CHARGEBACK_REPRESENTED_PARTIALLY", S.LOST),
        ("CHARGEBACK_PREVENTED", S.CANCELLED),
    ],
)
def test_shift4s_statuses(status: str, ours: DisputeStatus, web: Web) -> None:
    notice = said(web, Source.SHIFT4, lambda message: message["data"].update(status=status))

    assert notice is not None
    assert notice.status is ours


@pytest.mark.parametrize(
    ("kind", "status", "ours", "reopens"),
    [
        ("CHARGE_DISPUTE_UPDATED", "CHARGEBACK_NEW", S.EVIDENCE_REQUIRED, True),
        ("CHARGE_DISPUTE_FUNDS_WITHDRAWN", "CHARGEBACK_NEW", S.OPEN, False),
        ("CHARGE_DISPUTE_UPDATED", "RETRIEVAL_REQUEST_NEW", S.OPEN, False),
        ("CHARGE_DISPUTE_UPDATED", "RETRIEVAL_REQUEST_REPRESENTED", S.CANCELLED, False),
    ],
)
def test_a_chargeback_after_the_banks_question_at_shift4_asks_anew(
    kind: str, status: str, ours: DisputeStatus, reopens: bool, web: Web
) -> None:
    def change(message: dict[str, Any]) -> None:
        message["type"] = kind
        message["data"]["status"] = status

    notice = said(web, Source.SHIFT4, change)
    assert notice is not None
    assert (notice.status, notice.reopens) == (ours, reopens)
