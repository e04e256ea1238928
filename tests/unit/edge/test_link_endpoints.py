"""The payment link endpoints on fakes: what a link is shown as around its end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.payment.voucher_choice import handler as choose
from functions.payment_link.create import handler as create
from functions.payment_link.get import handler as read
from functions.payment_link.list import handler as listed
from functions.payment_link.open import handler as open_it
from functions.payment_link.public import handler as public
from functions.payment_link.verify import handler as verify
from functions.sandbox.card_page_submit import handler as submit
from shared.bootstrap import core
from shared.domain.ids import PaymentId
from shared.domain.payment import Status
from shared.usecases.flow.capture_card import capture_card
from tests.unit.edge.conftest import SECRET, Edge
from tests.unit.edge.requests import ask
from tools.testing.builders import euro
from tools.testing.fakes import FakeLinks

CARD = {"number": "4000000000000119", "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}


@pytest.fixture
def link(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The path of a link over 50.00 that lasts five minutes."""
    links = FakeLinks()
    monkeypatch.setattr(core, "links", lambda: links)
    made = ask(create, {"amount": 50.00, "expirationMinutes": 5}, key=SECRET).json
    return {"id": made["transactionId"]}


def chosen(edge: Edge, link: dict[str, str]) -> PaymentId:
    """A card is held for the link and chosen; nobody has captured it yet."""
    page = ask(open_it, path=link).json["redirectUrl"].partition("paymentID=")[2]
    assert ask(submit, CARD, path={"paymentID": page}).json["outcome"] == "APPROVED"
    payment = ask(read, key=SECRET, path=link).json["paymentTransactionId"]
    assert ask(choose, {"choice": "CARD_ONLY"}, key=SECRET, path={"transactionId": payment}).status == 202
    return PaymentId(payment)


def listed_as(**query: str) -> list[str]:
    return [entry["status"] for entry in ask(listed, key=SECRET, query=query).json["links"]]


def shown_as(link: dict[str, str]) -> tuple[str, str]:
    """Its status for the merchant, and for whoever holds its address."""
    return ask(read, key=SECRET, path=link).json["status"], ask(public, path=link).json["status"]


def test_what_vouchers_may_pay_of_a_link_holds_for_the_payment_that_it_starts(
    edge: Edge, link: dict[str, str]
) -> None:
    made = ask(create, {"amount": 50.00, "maxVoucherAmount": 12.50}, key=SECRET).json
    ask(open_it, path={"id": made["transactionId"]})

    assert (made["maxVoucherAmount"], ask(read, key=SECRET, path=link).json["maxVoucherAmount"]) == (12.50, None)
    assert [payment.most_by_voucher for payment in edge.world.payments.all()] == [euro(12_50)]
    refused = ask(create, {"amount": 50.00, "maxVoucherAmount": 50.01}, key=SECRET)
    assert (refused.status, refused.json["code"], refused.json["param"]) == (
        400,
        "amount_too_large",
        "maxVoucherAmount",
    )


def test_a_link_whose_time_is_up_is_expired_everywhere(edge: Edge, link: dict[str, str]) -> None:
    edge.world.now.advance(minutes=5)

    assert shown_as(link) == ("EXPIRED", "EXPIRED")
    assert (listed_as(), listed_as(status="PENDING")) == (["EXPIRED"], [])


def test_a_link_that_is_being_paid_at_its_end_is_pending_until_that_is_known(
    edge: Edge, link: dict[str, str]
) -> None:
    payment_id = chosen(edge, link)
    edge.world.now.advance(minutes=6)

    assert shown_as(link) == ("PENDING", "PENDING")
    assert listed_as() == listed_as(status="PENDING") == ["PENDING"]

    payment = edge.world.payments.get(payment_id)
    edge.world.payments.add(replace(payment, status=Status.SUCCESS, completed_at=edge.world.now()))
    assert listed_as() == ["PAID"]
    assert shown_as(link) == ("PAID", "PAID")


def test_verify_finds_the_capture_whose_answer_was_lost(edge: Edge, link: dict[str, str]) -> None:
    payment_id = chosen(edge, link)
    assert capture_card(payment_id, world=edge.world).word == "unknown"
    assert ask(read, key=SECRET, path=link).json["status"] == "PENDING"

    verified = ask(verify, key=SECRET, path=link).json

    assert verified["status"] == "PAID"
    assert verified["authCode"].isdigit()


def test_all_that_is_wrong_with_a_link_is_told_at_once(edge: Edge) -> None:
    body = {"amount": 10.005, "linkType": "MAIL", "language": 5, "expirationDays": 1, "expirationMinutes": 5}
    told = ask(create, body, key=SECRET).json
    assert [error["param"] for error in told["errors"]] == [
        "language",
        "amount",
        "expirationMinutes",
        "customerEmail",
    ]

    told = ask(create, {"amount": 10, "linkType": "MAIL", "customerEmail": "x", "expirationDays": 0}, key=SECRET).json
    assert [error["param"] for error in told["errors"]] == ["customerEmail", "expirationDays"]
