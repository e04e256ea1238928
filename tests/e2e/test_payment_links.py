"""Payment links over HTTP: the guide's replies key by key, and what becomes of a link."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.client import PUBLISHABLE_KEY, Client, until, voucher

LINKS = "/api/payment-links"
GUIDE = {
    "amount": 50.00,
    "currency": "EUR",
    "description": "Payment for Order #12345",
    "customerEmail": "customer@example.com",
    "customerName": "John Doe",
    "linkType": "LINK",
    "expirationDays": 30,
}


def create(client: Client, **changes: Any) -> dict[str, Any]:
    reply = client.call("POST", f"{LINKS}/create", GUIDE | changes)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def read(client: Client, link: dict[str, Any]) -> dict[str, Any]:
    return client.get(f"{LINKS}/{link['transactionId']}")


def open_link(client: Client, link: dict[str, Any]) -> dict[str, Any]:
    """What the hosted page does when the customer wants to pay; the payment as the other helpers know it."""
    reply = client.using(None).call("POST", f"{LINKS}/{link['transactionId']}/open", {})
    assert reply.status_code == 200, reply.text
    page = reply.json()["redirectUrl"].partition("paymentID=")[2]
    transaction = read(client, link)["paymentTransactionId"]
    return {"transactionId": transaction, "igfs": {"paymentId": page}}


def pay(client: Client, link: dict[str, Any], *otps: str) -> dict[str, Any]:
    payment = open_link(client, link)
    client.card(payment)
    assert client.choose(payment, *otps).status_code == 202
    assert client.settled(payment)["status"] == "SUCCESS"
    return payment


def test_a_link_is_created_as_the_guide_prints_it(client: Client) -> None:
    link = create(client)

    assert link["success"] is True
    assert link["transactionId"].startswith("LINK_")
    assert int(link["transactionId"].removeprefix("LINK_"), 16) >= 0
    assert link["linkUrl"].endswith(f"/pay/link/?id={link['transactionId']}")
    assert link["qrcodeUrl"] == f"/api/payment-links/{link['transactionId']}/qrcode"
    assert (link["amount"], link["status"]) == (50.0, "PENDING")
    made, end = (datetime.fromisoformat(link[name]) for name in ("createdAt", "expiresAt"))
    assert made.tzinfo is None
    assert end - made == timedelta(days=30)


def test_a_link_paid_by_card_and_voucher_says_so(client: Client) -> None:
    link = create(client)
    payment = pay(client, link, voucher(2000))

    seen = until(lambda: read(client, link), lambda seen: seen["status"] == "PAID")
    assert seen["paymentId"] == payment["igfs"]["paymentId"]
    assert re.fullmatch(r"[0-9]{6}", seen["authCode"])
    assert datetime.fromisoformat(seen["paidAt"]).tzinfo is None
    assert client.book(payment)["captured"] == 30.0
    again = client.using(None).call("POST", f"{LINKS}/{link['transactionId']}/open", {})
    assert (again.status_code, again.json()["code"]) == (409, "link_paid")


def test_the_list_learns_of_a_payment_without_being_asked(client: Client) -> None:
    link = create(client)
    pay(client, link)

    def paid() -> list[str]:
        found = client.get(f"{LINKS}?status=PAID")
        assert {each["status"] for each in found["links"]} <= {"PAID"}
        assert found["count"] == len(found["links"])
        return [each["transactionId"] for each in found["links"]]

    until(paid, lambda ids: link["transactionId"] in ids)


def test_a_list_is_read_page_by_page(client: Client) -> None:
    made = [create(client, amount=n)["transactionId"] for n in (1, 2, 3)]

    first = client.get(f"{LINKS}?limit=2")
    second = client.get(f"{LINKS}?limit=2&cursor={first['nextCursor'].replace('#', '%23').replace('+', '%2B')}")
    assert [each["transactionId"] for each in first["links"] + second["links"]][:3] == made[::-1]


def test_ten_who_open_a_link_at_once_get_one_payment(client: Client) -> None:
    link = create(client)
    with ThreadPoolExecutor(10) as people:
        opened = list(people.map(lambda _: Client(client.base_url, None).call("POST", _open(link), {}), range(10)))

    assert {reply.status_code for reply in opened} <= {200, 409}
    assert len({reply.json()["redirectUrl"] for reply in opened if reply.status_code == 200}) == 1


def _open(link: dict[str, Any]) -> str:
    return f"{LINKS}/{link['transactionId']}/open"


def test_a_cancelled_link_gives_back_what_was_held_and_takes_no_more(client: Client) -> None:
    link = create(client)
    payment = open_link(client, link)
    client.card(payment)
    reply = client.call("POST", f"{LINKS}/{link['transactionId']}/cancel", {})

    assert (reply.status_code, reply.json()["status"]) == (200, "CANCELLED")
    assert client.settled(payment)["status"] == "FAILED"
    until(lambda: client.book(payment)["voided"], lambda voided: voided == 50.0)
    assert client.using(None).call("POST", _open(link), {}).json()["code"] == "link_cancelled"
    assert client.call("POST", f"{LINKS}/{link['transactionId']}/cancel", {}).status_code == 409


def test_a_paid_link_cannot_be_cancelled(client: Client) -> None:
    link = create(client)
    pay(client, link)

    assert client.call("POST", f"{LINKS}/{link['transactionId']}/cancel", {}).status_code == 409


def test_verify_answers_with_the_link(client: Client) -> None:
    link = create(client)
    open_link(client, link)
    reply = client.call("POST", f"{LINKS}/{link['transactionId']}/verify", {})

    assert (reply.status_code, reply.json()["status"]) == (200, "PENDING")


def messages(client: Client, link: dict[str, Any]) -> list[dict[str, Any]]:
    return [m for m in client.get("/api/sandbox/messages")["messages"] if link["transactionId"] in m["text"]]


def test_links_are_sent_by_mail_and_text_and_sent_again(client: Client) -> None:
    mailed = create(client, linkType="MAIL", language="de")
    texted = create(client, linkType="SMS", customerPhone="+393331234567")

    (mail,) = messages(client, mailed)
    assert (mail["channel"], mail["to"]) == ("email", "customer@example.com")
    assert mailed["linkUrl"] in mail["html"]
    (text,) = messages(client, texted)
    assert (text["channel"], text["to"]) == ("sms", "+393331234567")
    for _ in range(4):
        assert client.call("POST", f"{LINKS}/{mailed['transactionId']}/resend", {}).status_code == 200
    assert client.call("POST", f"{LINKS}/{mailed['transactionId']}/resend", {}).status_code == 429
    assert len(messages(client, mailed)) == 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"linkType": "SMS"},
        {"linkType": "MAIL", "customerEmail": None},
        {"linkType": "PIGEON"},
        {"amount": 0},
        {"amount": 1.005},
        {"currency": "JPY", "amount": 10.5},
        {"expirationDays": 0},
        {"expirationDays": 366},
        {"customerPhone": "12"},
        {"expirationMinutes": 5},
        {"reminderDays": 30},
    ],
)
def test_a_link_that_makes_no_sense_is_refused(client: Client, wrong: dict[str, Any]) -> None:
    reply = client.call("POST", f"{LINKS}/create", GUIDE | wrong)

    assert reply.status_code == 400, reply.text
    assert reply.json()["success"] is False


def test_links_are_the_merchants_own_and_need_its_secret_key(client: Client) -> None:
    link = create(client)

    assert client.using(PUBLISHABLE_KEY).call("POST", f"{LINKS}/create", GUIDE).status_code == 403
    assert client.using(PUBLISHABLE_KEY).call("GET", f"{LINKS}/{link['transactionId']}").status_code == 403
    assert client.using(None).call("GET", f"{LINKS}/{link['transactionId']}").status_code == 401
    assert client.call("GET", f"{LINKS}/LINK_0000000000000000").status_code == 404
    assert client.call("GET", f"{LINKS}?status=NEVER").status_code == 400


def test_an_idempotency_key_makes_one_link(client: Client) -> None:
    made = [
        client.call("POST", f"{LINKS}/create", GUIDE | {"linkType": "MAIL"}, Idempotency_Key="one link")
        for _ in range(2)
    ]

    assert made[0].json()["transactionId"] == made[1].json()["transactionId"]
    assert len(messages(client, made[0].json())) == 1


@pytest.mark.parametrize("size", [100, 300, 777, 1000])
def test_the_qr_code_is_a_png_of_that_size_that_reads_as_the_link(client: Client, size: int, tmp_path: Path) -> None:
    link = create(client)
    reply = client.using(None).call("GET", f"{link['qrcodeUrl']}?size={size}")

    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "image/png")
    assert struct.unpack(">II", reply.content[16:24]) == (size, size)
    assert "max-age" in reply.headers["Cache-Control"]
    decoder = shutil.which("zbarimg")
    if decoder is None:
        pytest.skip("no zbarimg to read the code with: apt-get install zbar-tools")
    image = tmp_path / "code.png"
    image.write_bytes(reply.content)
    read_back = subprocess.run(
        [decoder, "--quiet", "--raw", str(image)], capture_output=True, text=True, check=True, timeout=900
    )
    assert read_back.stdout.strip() == link["linkUrl"]


def test_a_qr_code_that_is_known_is_not_sent_again(client: Client) -> None:
    link, anybody = create(client), client.using(None)
    first = anybody.call("GET", link["qrcodeUrl"])
    again = anybody.call("GET", link["qrcodeUrl"], If_None_Match=first.headers["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert anybody.call("GET", f"{link['qrcodeUrl']}?size=1000000000").status_code == 400
    assert anybody.call("GET", f"{link['qrcodeUrl']}?size=99").status_code == 400
    drawn = anybody.call("GET", f"{link['qrcodeUrl']}?format=svg")
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert drawn.text.startswith("<svg ")
    assert anybody.call("GET", f"{LINKS}/LINK_0000000000000000/qrcode").status_code == 404
