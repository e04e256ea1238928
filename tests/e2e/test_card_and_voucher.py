"""The main job: card and meal voucher as one outcome."""

from __future__ import annotations

import pytest

from tests.client import PUBLISHABLE_KEY, Client, until, voucher


def operations(book: dict[str, object]) -> list[str]:
    calls = book["calls"]
    assert isinstance(calls, list)
    return [call["operation"] for call in calls]


def test_card_alone_captures_the_whole_amount(client: Client) -> None:
    payment = client.paid()

    seen, book = client.transaction(payment), client.book(payment)
    assert seen["breakdown"] == {"cardAmount": 150.0, "voucherAmount": 0.0, "paymentMethod": "CARD_ONLY"}
    assert (book["authorised"], book["captured"], book["voided"]) == (150.0, 150.0, 0.0)
    assert operations(book) == ["PREAUTH", "CAPTURE"]


def test_a_voucher_pays_a_part_and_the_rest_of_the_hold_is_released(client: Client) -> None:
    otp = voucher(5000)
    payment = client.paid(otp)

    seen, book, vouchers = client.transaction(payment), client.book(payment), client.voucher_book(otp)
    assert seen["breakdown"] == {"cardAmount": 100.0, "voucherAmount": 50.0, "paymentMethod": "CARD_AND_VOUCHER"}
    assert (book["authorised"], book["captured"], book["released"]) == (150.0, 100.0, 50.0)
    assert operations(vouchers) == ["VALIDATE", "SPEND", "NOTIFY"]
    assert len({call["reference"] for call in vouchers["calls"]}) == 1
    assert vouchers["spent"] == 50.0


def test_a_voucher_that_pays_everything_voids_the_hold(client: Client) -> None:
    payment = client.paid(voucher(20000))

    seen, book = client.transaction(payment), client.book(payment)
    assert seen["breakdown"] == {"cardAmount": 0.0, "voucherAmount": 150.0, "paymentMethod": "VOUCHER_ONLY"}
    assert (book["captured"], book["voided"]) == (0.0, 150.0)


@pytest.mark.parametrize("refused", ["INVALID", "EXPIRED", "USED", "SPENDFAIL"])
def test_a_refused_voucher_can_be_followed_by_another(client: Client, refused: str) -> None:
    payment = client.init()
    client.card(payment)
    client.choose(payment, voucher(5000, refused))
    assert client.settled(payment)["status"] == "VOUCHER_FAILED"

    assert client.choose(payment, voucher(5000)).status_code == 202

    assert client.settled(payment, {"SUCCESS"})["breakdown"]["voucherAmount"] == 50.0


def test_a_failed_capture_gives_the_voucher_back_and_releases_the_hold(client: Client) -> None:
    otp = voucher(5000)
    payment = client.init()
    client.card(payment, "4000000000000341")
    client.choose(payment, otp)

    assert client.settled(payment)["status"] == "CARD_CAPTURE_FAILED"
    book = until(lambda: client.book(payment), lambda seen: seen["voided"] != 0.0)
    assert (book["captured"], book["voided"]) == (0.0, 150.0)
    vouchers = client.voucher_book(otp)
    assert (vouchers["spent"], vouchers["reversed"]) == (50.0, 50.0)


@pytest.mark.parametrize(("card", "otp"), [("4000000000000119", "OK"), ("4242424242424242", "SPENDLOST")])
def test_a_lost_answer_ends_counted_once(client: Client, card: str, otp: str) -> None:
    code = voucher(5000, otp)
    payment = client.paid(code, card=card)

    assert client.book(payment)["captured"] == 100.0
    assert client.voucher_book(code)["spent"] == 50.0
    assert operations(client.book(payment)).count("CAPTURE") == 1
    assert operations(client.voucher_book(code)).count("SPEND") == 1


def test_a_publishable_key_sees_no_card_and_gets_no_client_secret(client: Client) -> None:
    shop = client.using(PUBLISHABLE_KEY)
    payment = shop.init()
    client.card(payment)

    seen = shop.transaction(payment)

    assert "clientSecret" not in payment
    assert not {"card", "operations", "customerEmail"} & set(seen)
    assert seen["cardGateway"]["preauthorizedAmount"] == 150.0


def test_a_client_secret_opens_its_own_payment_only(client: Client) -> None:
    mine, other = client.init(), client.init()
    page = client.using(mine["clientSecret"])

    assert page.call("GET", f"/api/payment/transaction/{mine['id']}").status_code == 200
    assert page.call("GET", f"/api/payment/transaction/{other['id']}").status_code == 404
    assert page.call("POST", f"/api/payment/refund/{mine['id']}", {}).status_code == 401


def test_a_customer_who_gives_up_gets_the_hold_back(client: Client) -> None:
    payment = client.init(150.00)
    client.card(payment)
    path = f"/api/payment/cancel/{payment['id']}"

    replies = [client.using(payment["clientSecret"]).call("POST", path, {}) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [202, 202]
    seen = client.settled(payment)
    assert (seen["status"], seen["lastError"]["code"]) == ("FAILED", "cancelled")
    assert (client.book(payment)["captured"], client.book(payment)["voided"]) == (0.0, 150.0)
    assert client.choose(payment).status_code == 409


def test_a_payment_that_is_paid_is_not_cancelled(client: Client) -> None:
    payment = client.paid()

    reply = client.call("POST", f"/api/payment/cancel/{payment['id']}", {})

    assert reply.status_code == 409
    assert reply.json()["message"] == "a payment in status SUCCESS cannot be cancelled any more"
    assert client.transaction(payment)["status"] == "SUCCESS"


def test_a_sale_given_up_before_the_card_takes_none_any_more(client: Client) -> None:
    payment = client.init(20.00, paymentMode="SALE_DIRECT")

    assert client.call("POST", f"/api/payment/cancel/{payment['id']}", {}).json()["status"] == "FAILED"

    card = {"number": "4242424242424242", "holderName": "A", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}
    late = client.using(None).call("POST", f"/sandbox/card-page/{payment['igfs']['paymentId']}", card)
    assert late.status_code == 409
    assert client.book(payment)["captured"] == 0.0
