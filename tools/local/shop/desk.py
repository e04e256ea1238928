"""The shop's desk for payment links: what its staff may ask the gateway with the shop's secret key, and no more."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import requests

LINK_ID: Final = re.compile(r"LINK_[0-9A-F]{16}")
ACTIONS: Final = frozenset({"cancel", "verify", "resend"})
FIELDS: Final = frozenset(
    {"amount", "description", "customerName", "customerEmail", "customerPhone", "linkType", "expirationMinutes"}
)
SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class LinkDesk:
    """``api`` ends in ``/paymentgw``. The key stays here: the page never sees it."""

    api: str
    secret_key: str = field(repr=False)

    def listed(self) -> tuple[int, Any]:
        return self._ask("GET", "/api/payment-links?limit=20")

    def create(self, wanted: object, key: str) -> tuple[int, Any]:
        """``key`` is the Idempotency-Key: a form sent twice makes one link."""
        if not isinstance(wanted, Mapping) or set(wanted) - FIELDS:
            return 400, {"message": "the form has fields that the desk does not know"}
        return self._ask("POST", "/api/payment-links/create", {k: v for k, v in wanted.items() if v != ""}, key)

    def act(self, link_id: str, action: str) -> tuple[int, Any]:
        if not LINK_ID.fullmatch(link_id) or action not in ACTIONS:
            return 404, {"message": "the desk does not know this"}
        return self._ask("POST", f"/api/payment-links/{link_id}/{action}", {})

    def _ask(self, method: str, path: str, body: object = None, key: str = "") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.secret_key}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        sent = None if body is None else json.dumps(body).encode()
        try:
            reply = requests.request(method, f"{self.api}{path}", data=sent, headers=headers, timeout=SECONDS)
        except requests.RequestException:
            return 502, {"message": "the payment gateway does not answer"}
        return reply.status_code, reply.json()
