"""A merchant that an operator sets up at an acquirer, by the commands that operators use."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from click.testing import CliRunner

from tests.client import Client
from tools.ops import connector, merchant


def operator(program: Any, *command: str, port: int) -> dict[str, Any]:
    done = CliRunner().invoke(program, [*command, "--port", str(port)])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


class Connected:
    """``settings`` make ``gateway`` the merchant's, and ``account`` is what the acquirer calls it.

    ``modes``: those of the merchant's payments where the gateway cannot do them all.
    """

    def __init__(
        self,
        gateway_url: str,
        folder: Path,
        gateway: str,
        settings: dict[str, Any],
        account: str,
        modes: str = "",
    ) -> None:
        port = urlsplit(gateway_url).port
        assert port is not None
        made = operator(merchant.main, "create", "--name", f"{gateway} shop", port=port)
        if modes:
            wanted = ("--merchant", made["merchantId"], "--env-mode", "test", "--settings", f"allowed-modes={modes}")
            operator(merchant.main, "set", *wanted, port=port)
        which = ("--merchant", made["merchantId"], "--env-mode", "test", "--gateway", gateway)
        written = folder / f"{gateway}.json"
        written.write_text(json.dumps(settings))
        shown = operator(connector.main, "set", *which, "--settings", f"@{written}", port=port)
        assert operator(connector.main, "test", *which, port=port) == {"ok": True, "account": account}
        self.client = Client(gateway_url, made["keys"]["sk_test"])
        self.notification_url: str = shown["notificationUrl"]

    def goes_to_pay(self, payment: dict[str, Any], origin: str) -> str:
        """The customer's browser follows the shop's link; the acquirer's address on which it ends up."""
        reply = requests.get(payment["redirectUrl"], timeout=60)
        assert reply.status_code == 200, reply.text
        assert urlsplit(reply.url).netloc == urlsplit(origin).netloc
        return str(reply.url)

    def state(self, payment: dict[str, Any]) -> dict[str, Any]:
        return self.client.get(f"/api/payment/transaction/{payment['id']}")

    def customer(self) -> str:
        """One whom the merchant has told us of, as orders need them."""
        about = {"name": "Ada", "customer_type": "individual", "address": "1 Main Street"}
        about |= {
            "email": f"ada.{secrets.token_hex(6)}@example.com",
            "city": "Rome",
            "state": "Lazio",
            "country": "ITA",
            "phone": "+39-0612345678",
        }
        made = self.client.call("POST", "/api/v1/customer", about)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def refund(self, payment: dict[str, Any], **body: object) -> requests.Response:
        return self.client.call("POST", f"/api/payment/refund/{payment['id']}", body)

    def token(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        """A call about saved cards, which is done."""
        reply = self.client.call("POST", f"/api/token-payment/{verb}", body)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())
