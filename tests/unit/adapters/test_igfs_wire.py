"""IGFS envelopes: signed as the published vectors are, and a reply that nobody can rely on is no reply."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from shared.adapters.card_gateways.igfs_codes import CANCELLED, DECLINES, DONE, SILENT, WAITING, reason, response_code
from shared.adapters.card_gateways.igfs_wire import FORMS, Terminal, envelope, reply
from shared.domain.decline import Decline
from shared.domain.errors import OutcomeUnknown
from tests.igfs_vectors import REQUESTS, SHOP
from tools.testing.far_sides.igfs import soap

TERMINAL = Terminal("UNI_ECOM", "UNI_TESTKEY")
PAID = {"tid": "UNI_ECOM", "rc": DONE, "error": "false", "errorDesc": "TRANSAZIONE OK", "shopID": "SHOP1"}


def signature_in(request: bytes) -> str:
    found = ElementTree.fromstring(request).find(".//request/signature")
    assert found is not None
    return found.text or ""


def elements_of(request: bytes) -> list[str]:
    found = ElementTree.fromstring(request).find(".//request")
    assert found is not None
    return [element.tag for element in found]


@pytest.mark.parametrize(("operation", "values", "signature"), REQUESTS, ids=[vector[0] for vector in REQUESTS])
def test_requests_are_signed_as_the_published_vectors_are(
    operation: str, values: dict[str, str], signature: str
) -> None:
    assert signature_in(envelope(TERMINAL, operation, {"shopID": SHOP["shopID"], **values})) == signature


def test_an_older_version_of_the_protocol_signs_the_same_way() -> None:
    terminal = Terminal("TEST_SELECTOR", "ondkmctaf9/MI3I5AZ4LskbmRiw=", api_version="2.4.1")
    values = {
        "shopID": "1701061569",
        "shopUserRef": "cliente@email.it",
        "trType": "AUTH",
        "amount": "100",
        "currencyCode": "EUR",
        "langID": "IT",
        "notifyURL": "http://merchant/notify.jsp",
        "errorURL": "http://merchant/show.jsp",
    }

    assert signature_in(envelope(terminal, "Init", values)) == "WRDepk9x3vsKVFpqDDIvvKLMYxGzyKnSqXpTj0yHnYo="


@pytest.mark.parametrize("operation", FORMS)
def test_the_acquirer_reads_every_operation_and_believes_its_signature(operation: str) -> None:
    form = FORMS[operation]
    values = {name: f"<{name}> & “{name}” è" for name in form.elements}

    asked = soap.read(form.port, envelope(TERMINAL, operation, values))

    assert asked.operation == operation
    assert {name: asked[name] for name in values} == values
    assert asked.signed_with("UNI_TESTKEY")
    assert not asked.signed_with("UNI_TESTKEY2")


def test_the_elements_stand_in_the_acquirers_order_and_empty_ones_are_left_out() -> None:
    values = {"description": "Order", "amount": "100", "shopID": "S", "trType": "AUTH", "addInfo1": ""}

    assert elements_of(envelope(TERMINAL, "Init", values)) == [
        *("apiVersion", "tid", "signature", "shopID", "trType", "amount", "description")
    ]


def test_what_xml_cannot_write_is_left_out_before_it_is_signed() -> None:
    asked = soap.read("PaymentInitGatewayPort", envelope(TERMINAL, "Init", {"shopID": "S", "addInfo1": "a\x00\x1fb"}))

    assert asked["addInfo1"] == "ab"
    assert asked.signed_with("UNI_TESTKEY")


def test_an_element_that_the_operation_does_not_have_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="Verify has no amount"):
        envelope(TERMINAL, "Verify", {"shopID": "S", "amount": "1"})


def test_the_key_is_in_no_text() -> None:
    assert "UNI_TESTKEY" not in repr(TERMINAL)


# ---- replies ----


def answered(operation: str = "Verify", **changed: str) -> bytes:
    said = {**PAID, **changed}
    said.setdefault("signature", soap.reply_signature("UNI_TESTKEY", operation, said))
    return soap.write(operation, said)


def test_a_published_reply_is_genuine() -> None:
    body = answered(
        tid="UNI_MYBK",
        shopID="5c71649051ef5",
        paymentID="00054481661101578102",
        tranID="3055308080726666",
        authCode="55914405",
        signature="jUFgA9WbpPnghtd0MICJ6mvOO7a7vCRuiZgr4YWa/A4=",
    )

    said = reply(TERMINAL, "Verify", body)

    assert said.done
    assert (said["tranID"], said["authCode"], said["maskedPan"]) == ("3055308080726666", "55914405", "")


def test_a_refusal_needs_no_signature() -> None:
    said = reply(TERMINAL, "Confirm", soap.write("Confirm", {"rc": "IGFS_093", "error": "true", "errorDesc": "NO"}))

    assert (said.done, said.code) == (False, "IGFS_093")


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    "body",
    [
        answered(signature="AAAA"),
        answered(signature=""),
        answered(tranID="TRAN2", signature=soap.reply_signature("UNI_TESTKEY", "Verify", PAID)),
        answered(signature=soap.reply_signature("ANOTHER_KEY", "Verify", PAID)),
        soap.write("Verify", {key: value for key, value in PAID.items() if key != "error"}),
        soap.write("Verify", {**PAID, "rc": ""}),
        answered("Confirm"),
        soap.fault("Unmarshalling Error: unexpected element"),
        answered()[:-40],
        b"",
        b"<html>Service Unavailable</html>",
        "<ä/>".encode("latin-1"),
        BOMB,
        OUTSIDE,
    ],
    ids=[
        *("another signature", "no signature", "a number that was not signed", "another key", "no word of an error"),
        *("no code", "another operation", "a fault", "half of it", "nothing", "a web page", "no UTF-8", "a bomb"),
        "a file",
    ],
)
def test_what_nobody_can_rely_on_is_no_reply(body: bytes) -> None:
    with pytest.raises(OutcomeUnknown):
        reply(TERMINAL, "Verify", body)


# ---- codes ----


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("IGFS_030", Decline.INSUFFICIENT_FUNDS),
        ("IGFS_20038", Decline.CARD_EXPIRED),
        ("IGFS_018", Decline.INVALID_CARD),
        ("IGFS_121", Decline.LIMIT_EXCEEDED),
        ("IGFS_115", Decline.CARD_NOT_SUPPORTED),
        ("IGFS_1923", Decline.AUTHENTICATION_FAILED),
        ("IGFS_907", Decline.TRY_AGAIN_LATER),
        ("IGFS_20002", Decline.SESSION_EXPIRED),
        ("IGFS_160", Decline.CARD_DECLINED),
        ("IGFS_77777", Decline.CARD_DECLINED),
    ],
)
def test_each_refusal_is_one_of_ten_words(code: str, word: Decline) -> None:
    assert reason(code) is word


def test_a_code_that_says_nothing_is_no_refusal() -> None:
    assert not DECLINES.keys() & {*SILENT, *WAITING, CANCELLED, DONE}


def test_a_success_is_printed_as_the_issuers_00() -> None:
    assert [response_code(code) for code in (DONE, "IGFS_030")] == ["00", "IGFS_030"]
