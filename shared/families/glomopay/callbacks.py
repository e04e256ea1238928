"""The address that the customer's browser is sent back to: the merchant's own, byte for byte, and our signed word."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

from shared.domain.errors import InvalidRequest
from shared.domain.payment import Environment
from shared.domain.target_url import check_browser_url

OURS: Final = ("order_id", "payment_id", "status", "signature", "error")


def check_callback(url: str, environment: Environment) -> str:
    """Raises InvalidRequest for an address that no browser is sent to, and for one that says already what we add."""
    check_browser_url(url, environment, "callback_url")
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    names = {name.partition("[")[0] for name, _ in query}  # to many servers ``status[]`` is one more ``status``
    if taken := sorted(names.intersection(OURS)):
        raise InvalidRequest(f"callback_url: {taken[0]} in its query is added by us")
    return url


def signature(key: str, order_id: str, payment_id: str, status: str) -> str:
    """Of these three and the merchant's secret key, 64 lower-case hexadecimal digits."""
    return hmac.new(key.encode(), f"{order_id}|{payment_id}|{status}".encode(), hashlib.sha256).hexdigest()


def signed(url: str, key: str, order_id: str, payment_id: str, status: str) -> str:
    """``url`` with what it came to. The key goes nowhere: what it signs is good for this payment alone."""
    told = {"order_id": order_id, "payment_id": payment_id, "status": status}
    return added(url, told | {"signature": signature(key, order_id, payment_id, status)})


def added(url: str, told: dict[str, str]) -> str:
    """``url`` with more in its query, whatever stands there already; a fragment stays last."""
    address, mark, fragment = url.partition("#")
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in told.items())
    return f"{address}{joint}{query}{mark}{fragment}"
