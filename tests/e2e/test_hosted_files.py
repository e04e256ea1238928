"""What anybody may read is read by HEAD as well: what GET says of it, without the thing itself."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import requests

from tests.client import Client

SAID = ("Content-Type", "Cache-Control", "Content-Length", "ETag", "Access-Control-Allow-Origin")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/paymentgw/js/payglobe.js", 200),
        ("/paymentgw/js/v1/payglobe.nobody.js", 404),
        ("/js/payglobe.js", 200),
        ("/pay/card/", 200),
        ("/dashboard/", 200),
        ("/docs/openapi.yaml", 200),
        ("/docs/nothing", 404),
    ],
)
def test_head_says_what_get_says_and_brings_nothing(client: Client, path: str, status: int) -> None:
    address = client.base_url.removesuffix(urlsplit(client.base_url).path) + path
    with requests.Session() as browser:
        head = browser.head(address, timeout=60)
        whole = browser.get(address, timeout=60)  # over the same connection

    assert (head.status_code, whole.status_code, head.content) == (status, status, b"")
    compared = SAID if status == 200 else ("Content-Type",)
    assert [head.headers.get(name) for name in compared] == [whole.headers.get(name) for name in compared]


def test_the_qr_code_of_a_link_is_one_of_them(client: Client) -> None:
    link = client.call("POST", "/api/payment-links/create", {"amount": 12.50, "description": "Order 7"}).json()
    reader = client.using(None)

    head, whole = (reader.call(method, link["qrcodeUrl"]) for method in ("HEAD", "GET"))

    assert (head.status_code, head.content) == (200, b"")
    assert [head.headers.get(name) for name in SAID] == [whole.headers.get(name) for name in SAID]
