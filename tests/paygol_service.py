"""A shop's server that speaks Paygol's signed API, and what its customers and their banks do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import requests

from shared.families.paygol.signing import HEADER, signature
from tools.ops.onboarding import DEMO_SERVICE, DEMO_SERVICE_SECRET

JOHN = {"pg_first_name": "John", "pg_last_name": "Doe", "pg_email": "jdoe@my-site.com"}
BITCOIN = {**JOHN, "pg_price": "11.00", "pg_currency": "EUR", "pg_country": "DE", "pg_method": "bitcoin"}


@dataclass
class Service:
    """The demo service at the gateway of a base URL. ``token`` is fetched when it is first needed."""

    base_url: str
    number: str = DEMO_SERVICE
    secret: str = DEMO_SERVICE_SECRET
    token: str = ""

    def sends(self, path: str, given: dict[str, Any]) -> dict[str, Any]:
        """One signed call, whose answer is signed with the same secret."""
        body = json.dumps({"pg_serviceid": self.number, **given}).encode()
        headers = {HEADER: signature(self.secret.encode(), body), "Content-Type": "application/json"}
        reply = requests.post(f"{self.base_url}/api/v2/{path}", data=body, headers=headers, timeout=60)
        assert reply.status_code == 200, reply.text
        assert reply.headers[HEADER] == signature(self.secret.encode(), reply.content)
        return dict(reply.json())

    def asks(self, path: str, **given: Any) -> dict[str, Any]:
        self.token = self.token or self.sends("auth/token", {})["token"]
        return self.sends(path, {"pg_token": self.token, **given})

    def creates(self, **given: Any) -> str:
        """The number of a new transaction."""
        made = self.asks("payment/create", **{**BITCOIN, **given})
        assert made["result"] == 0, made
        return str(made["data"]["transaction_id"])

    def by_form(self, **given: Any) -> str:
        """The number of one that a shop's form began."""
        form = {"pg_serviceid": self.number, **BITCOIN, **given}
        reply = requests.post(f"{self.base_url}/pay", data=form, allow_redirects=False, timeout=60)
        assert reply.status_code == 303, reply.text
        return reply.headers["Location"].partition("?id=")[2]

    def status(self, number: str) -> dict[str, Any]:
        return dict(self.asks("payment/status", transaction_id=number)["payment"])

    def acts(self, number: str, action: str) -> dict[str, Any]:
        """The provider does in test what it is told."""
        address = f"{self.base_url}/sandbox/methods/{number}"
        reply = requests.post(address, json={"action": action}, timeout=60)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())
