"""The simulated IGFS acquirer: its signatures are the published ones, and it refuses where the real one does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from xml.etree import ElementTree

import pytest
import requests

from tests.client import until
from tests.igfs_vectors import KEY, REQUESTS, SHOP
from tools.testing.far_sides.igfs.books import Terminal
from tools.testing.far_sides.igfs.server import IgfsAcquirer
from tools.testing.far_sides.igfs.soap import SERVICES, SOAP, reply_signature, request_signature
from tools.testing.far_sides.switch import Damage, Fault

PORTS = {"Init": "PaymentInitGatewayPort", "Verify": "PaymentInitGatewayPort", "Delete": "TokenizerGatewayPort"}


@pytest.mark.parametrize(("operation", "fields", "signature"), REQUESTS, ids=[vector[0] for vector in REQUESTS])
def test_requests_are_signed_as_the_published_vectors_are(
    operation: str, fields: dict[str, str], signature: str
) -> None:
    assert request_signature(KEY, operation, {**SHOP, **fields}) == signature


def test_an_older_version_of_the_protocol_signs_the_same_way() -> None:
    init = {
        "apiVersion": "2.4.1",
        "tid": "TEST_SELECTOR",
        "shopID": "1701061569",
        "shopUserRef": "cliente@email.it",
        "trType": "AUTH",
        "amount": "100",
        "currencyCode": "EUR",
        "langID": "IT",
        "notifyURL": "http://merchant/notify.jsp",
        "errorURL": "http://merchant/show.jsp",
    }

    signature = request_signature("ondkmctaf9/MI3I5AZ4LskbmRiw=", "Init", init)

    assert signature == "WRDepk9x3vsKVFpqDDIvvKLMYxGzyKnSqXpTj0yHnYo="


@pytest.mark.parametrize(
    ("operation", "fields", "signature"),
    [
        (
            "Verify",
            {
                "tid": "UNI_MYBK",
                "shopID": "5c71649051ef5",
                "rc": "IGFS_000",
                "errorDesc": "TRANSAZIONE OK",
                "paymentID": "00054481661101578102",
                "tranID": "3055308080726666",
                "authCode": "55914405",
            },
            "jUFgA9WbpPnghtd0MICJ6mvOO7a7vCRuiZgr4YWa/A4=",
        ),
        (
            "Confirm",
            {
                "tid": "UNI_ECOM",
                "shopID": "SHOP1",
                "rc": "IGFS_000",
                "errorDesc": "TRANSAZIONE OK",
                "tranID": "TRAN2",
            },
            "lfke9S7LgFFTri465/x+6CfoSo2GznsEuc8dUaqHVzw=",
        ),
    ],
    ids=["Verify", "Confirm"],
)
def test_replies_are_signed_as_the_published_vectors_are(
    operation: str, fields: dict[str, str], signature: str
) -> None:
    assert reply_signature(KEY, operation, fields) == signature


@pytest.fixture
def acquirer() -> Iterator[IgfsAcquirer]:
    made = IgfsAcquirer()
    yield made
    with suppress(OSError):
        made.close()


def ask(
    acquirer: IgfsAcquirer, operation: str, *, key: Any = KEY, patience: Any = 30, **fields: Any
) -> dict[str, str]:
    """One request as a shop sends it; the elements of the reply."""
    given = {**SHOP, **fields}
    given["signature"] = request_signature(key, operation, given)
    inside = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in given.items())
    body = (
        f'<soapenv:Envelope xmlns:soapenv="{SOAP}" xmlns:ser="{SERVICES}"><soapenv:Body>'
        f"<ser:{operation}><request>{inside}</request></ser:{operation}></soapenv:Body></soapenv:Envelope>"
    )
    url = f"{acquirer.server_url}/{PORTS.get(operation, 'PaymentTranGatewayPort')}"
    reply = requests.post(url, data=body.encode(), timeout=patience)
    reply.raise_for_status()
    found = ElementTree.fromstring(reply.content).find(f"{{{SOAP}}}Body/{{{SERVICES}}}{operation}Response/response")
    assert found is not None
    return {element.tag: element.text or "" for element in found}


def opened(acquirer: IgfsAcquirer, shop_id: str = "SHOP1", kind: str = "AUTH", **more: str) -> dict[str, str]:
    addresses = {"notifyURL": "https://m/n?a=1&b=2", "errorURL": "https://m/e", "langID": "IT", "shopID": shop_id}
    return ask(acquirer, "Init", trType=kind, amount="15000", currencyCode="EUR", **{**addresses, **more})


def held(acquirer: IgfsAcquirer, number: str = "4012001037141112") -> str:
    page = opened(acquirer)["paymentID"]
    acquirer.terminal.entered(page, number)
    return ask(acquirer, "Verify", paymentID=page)["tranID"]


def test_a_hold_is_taken_in_part_and_the_rest_released(acquirer: IgfsAcquirer) -> None:
    tran = held(acquirer)

    done = ask(acquirer, "Confirm", amount="10000", refTranID=tran)

    (order,) = acquirer.terminal.orders.values()
    assert (done["rc"], done["pendingAmount"]) == ("IGFS_000", "0")
    assert (order.held, order.captured, order.voided) == (0, 10000, 5000)
    assert done["signature"] == reply_signature(KEY, "Confirm", done)


def test_a_terminal_may_keep_the_rest_held_until_it_is_voided() -> None:
    acquirer = IgfsAcquirer(Terminal(keeps_rest=True))
    tran = held(acquirer)

    assert ask(acquirer, "Confirm", amount="10000", refTranID=tran)["pendingAmount"] == "5000"
    assert ask(acquirer, "VoidAuth", amount="5000", refTranID=tran)["rc"] == "IGFS_000"
    (order,) = acquirer.terminal.orders.values()
    assert (order.held, order.captured, order.voided) == (0, 10000, 5000)
    acquirer.close()


def test_what_was_done_is_said_to_be_done_when_it_is_asked_for_again(acquirer: IgfsAcquirer) -> None:
    tran = held(acquirer)
    ask(acquirer, "Confirm", amount="10000", refTranID=tran)

    assert ask(acquirer, "Confirm", amount="10000", refTranID=tran)["rc"] == "IGFS_093"
    assert ask(acquirer, "VoidAuth", amount="15000", refTranID=tran)["rc"] == "IGFS_20007"
    (order,) = acquirer.terminal.orders.values()
    assert order.captured == 10000


def test_a_voided_hold_is_gone(acquirer: IgfsAcquirer) -> None:
    tran = held(acquirer)

    assert ask(acquirer, "VoidAuth", amount="15000", refTranID=tran)["rc"] == "IGFS_000"
    assert ask(acquirer, "VoidAuth", amount="15000", refTranID=tran)["rc"] == "IGFS_099"
    assert ask(acquirer, "Confirm", amount="15000", refTranID=tran)["rc"] == "IGFS_20007"


def test_credits_never_exceed_what_was_confirmed(acquirer: IgfsAcquirer) -> None:
    tran = held(acquirer)
    confirm = ask(acquirer, "Confirm", amount="10000", refTranID=tran)["tranID"]

    first = ask(acquirer, "Credit", amount="6000", currencyCode="EUR", refTranID=confirm, shopID="R1")
    second = ask(acquirer, "Credit", amount="6000", currencyCode="EUR", refTranID=confirm, shopID="R2")

    assert (first["rc"], first["pendingAmount"]) == ("IGFS_000", "4000")
    assert second["rc"] == "IGFS_00260"


@pytest.mark.parametrize(("once", "rc", "given"), [(True, "IGFS_20026", 3000), (False, "IGFS_000", 6000)])
def test_a_repeated_credit_is_a_second_one_unless_the_terminal_knows_shop_ids(
    once: bool, rc: str, given: int
) -> None:
    acquirer = IgfsAcquirer(Terminal(credits_once=once))
    tran = held(acquirer)
    ask(acquirer, "Confirm", amount="10000", refTranID=tran)
    for _ in range(2):
        said = ask(acquirer, "Credit", amount="3000", currencyCode="EUR", refTranID=tran, shopID="R1")

    (order,) = acquirer.terminal.orders.values()
    assert (said["rc"], order.refunded) == (rc, given)
    acquirer.close()


def test_a_page_is_spent_by_one_card_and_a_shop_id_by_one_page(acquirer: IgfsAcquirer) -> None:
    page = opened(acquirer)["paymentID"]

    assert ask(acquirer, "Verify", paymentID=page)["rc"] == "IGFS_814"
    assert acquirer.terminal.entered(page, "4000000000009995")
    assert not acquirer.terminal.entered(page, "4012001037141112")
    assert ask(acquirer, "Verify", paymentID=page)["rc"] == "IGFS_030"
    assert opened(acquirer)["rc"] == "IGFS_20026"


def test_the_page_sends_the_browser_back_whatever_came_of_it(acquirer: IgfsAcquirer) -> None:
    for number, pan in enumerate(("4012001037141112", "4000000000000002")):
        url = opened(acquirer, f"S{number}")["redirectURL"]
        assert "Simulated" in requests.get(url, timeout=30).text
        form = {"referenceData": url.partition("=")[2], "pan": pan}
        back = requests.post(url.partition("?")[0], data=form, timeout=30, allow_redirects=False)
        assert (back.status_code, back.headers["Location"]) == (303, "https://m/n?a=1&b=2")


def test_a_saved_card_is_charged_and_forgotten(acquirer: IgfsAcquirer) -> None:
    page = opened(acquirer, kind="PURCHASE", regenPayInstrToken="true")["paymentID"]
    acquirer.terminal.entered(page, "4012001037141112")
    token = ask(acquirer, "Verify", paymentID=page)["payInstrToken"]
    charge = {"trType": "PURCHASE", "amount": "5000", "currencyCode": "EUR", "payInstrToken": token}

    assert ask(acquirer, "Auth", shopID="T1", **charge)["rc"] == "IGFS_000"
    assert ask(acquirer, "Auth", shopID="T1", **charge)["rc"] == "IGFS_20026"
    assert ask(acquirer, "Delete", payInstrToken=token)["rc"] == "IGFS_000"
    assert ask(acquirer, "Delete", payInstrToken=token)["rc"] == "IGFS_20045"


@pytest.mark.parametrize(
    ("changed", "rc"),
    [
        ({"key": "WRONG"}, "IGFS_20022"),
        ({"tid": "NOBODY"}, "IGFS_00456"),
        ({"paymentID": "0"}, "IGFS_20023"),
        ({"apiVersion": ""}, "IGFS_20021"),
    ],
    ids=["signature", "terminal", "payment", "version"],
)
def test_what_cannot_be_known_is_refused_and_not_signed(
    acquirer: IgfsAcquirer, changed: dict[str, str], rc: str
) -> None:
    said = ask(acquirer, "Verify", **{"paymentID": "1", **changed})

    assert (said["rc"], said["error"]) == (rc, "true")
    assert "signature" not in said


@pytest.mark.parametrize("damage", [Damage.LOST, Damage.SLOW, Damage.ERROR, Damage.GARBAGE])
@pytest.mark.parametrize("acted", [True, False], ids=["after it acted", "before it acted"])
def test_an_answer_is_damaged_with_or_without_its_effect(acquirer: IgfsAcquirer, damage: Damage, acted: bool) -> None:
    tran = held(acquirer)

    with (
        acquirer.switch.at(Fault(damage, acted)),
        pytest.raises((requests.RequestException, ElementTree.ParseError)),
    ):
        ask(acquirer, "Confirm", amount="10000", refTranID=tran, patience=0.3 if damage is Damage.SLOW else 30)

    (order,) = acquirer.terminal.orders.values()
    until(lambda: order.captured, lambda captured: captured == (10000 if acted else 0))


def test_a_question_is_damaged_alone(acquirer: IgfsAcquirer) -> None:
    tran = held(acquirer)
    (page,) = acquirer.terminal.orders

    with acquirer.switch.at(Fault(Damage.ERROR, question=True)):
        with pytest.raises(requests.HTTPError):
            ask(acquirer, "Verify", paymentID=page)
        assert ask(acquirer, "Confirm", amount="10000", refTranID=tran)["rc"] == "IGFS_000"


def test_when_it_is_down_nobody_listens_and_afterwards_it_knows_what_it_knew(acquirer: IgfsAcquirer) -> None:
    tran = held(acquirer)

    with acquirer.switch.at(Fault(Damage.DOWN)):
        began = time.monotonic()
        with pytest.raises(requests.ConnectionError):
            ask(acquirer, "Confirm", amount="10000", refTranID=tran)
        assert time.monotonic() - began < 5

    assert ask(acquirer, "Confirm", amount="10000", refTranID=tran)["rc"] == "IGFS_000"


def test_a_reply_can_be_signed_wrongly(acquirer: IgfsAcquirer) -> None:
    acquirer.wrong_signature = True

    said = opened(acquirer)

    assert said["signature"] != reply_signature(KEY, "Init", said)
