"""The links that people who work live are mailed: they leave through the mail service, and sign in."""

from __future__ import annotations

import secrets

import requests

from tests.client import Client
from tests.mailbox import link_in, mail_to, mails_to
from tests.merchants import onboarded

SESSION = "/api/merchant/session"


def opened(gateway_url: str, link: str) -> requests.Response:
    """What the page behind a mailed link does when it is pressed."""
    origin, token = link.split("/dashboard/#/enter/")
    return requests.post(gateway_url + SESSION, json={"token": token}, headers={"Origin": origin}, timeout=60)


def test_whoever_is_invited_to_work_live_is_mailed_the_link_that_signs_in_once(gateway_url: str) -> None:
    shop = onboarded(gateway_url)
    anna = f"anna-{secrets.token_hex(4)}@shop.example"
    body = {"email": anna, "role": "refunds", "environments": ["live"], "language": "it"}
    invited = Client(gateway_url).using(shop.live).call("POST", "/api/merchant/people", body)
    assert invited.status_code == 201, invited.text

    text = mail_to(gateway_url, anna)
    begun = opened(gateway_url, link_in(text))

    assert "entra" in text.lower()
    assert begun.status_code == 200, begun.text
    cookie = begun.headers["Set-Cookie"].partition(";")[0]
    seen = requests.get(gateway_url + SESSION, headers={"Cookie": cookie}, timeout=60).json()
    assert (seen["person"]["email"], seen["person"]["role"], seen["environment"]) == (anna, "refunds", "live")
    assert opened(gateway_url, link_in(text)).status_code == 401


def test_whoever_asks_for_a_link_gets_one_by_mail_and_nobody_else_does(gateway_url: str) -> None:
    shop = onboarded(gateway_url)
    bea, stranger = (f"{name}-{secrets.token_hex(4)}@shop.example" for name in ("bea", "stranger"))
    body = {"email": bea, "role": "owner", "environments": ["test", "live"], "language": "en"}
    Client(gateway_url).using(shop.live).call("POST", "/api/merchant/people", body)
    mail_to(gateway_url, bea)

    origin = gateway_url.removesuffix("/paymentgw")
    for email in (stranger, bea):
        asked = requests.post(
            f"{gateway_url}{SESSION}/link", json={"email": email}, headers={"Origin": origin}, timeout=60
        )
        assert asked.status_code == 202, asked.text
    second = mail_to(gateway_url, bea, 2)

    assert opened(gateway_url, link_in(second)).status_code == 200
    assert mails_to(gateway_url, stranger) == []
