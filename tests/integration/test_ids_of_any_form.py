"""Whatever stands where an id is expected, in a path or a query: a documented answer, and never our failure."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Final

import pytest

from tools.contract.routes import Route, endpoints, handler, template_routes
from tools.testing.calling import request as sample_request
from tools.testing.in_process import in_process
from tools.testing.resources import Context

ENDPOINTS: Final = endpoints()
ROUTES: Final = [route for route in template_routes() if route.method != "OPTIONS"]
WITH_IDS: Final = [route for route in ROUTES if "{" in route.path]
WITH_QUERIES: Final = sorted(module for module, endpoint in ENDPOINTS.items() if endpoint.query)
LENGTHS: Final = (0, 1, 80, 1025, 2049, 8000)
ALPHABETS: Final = ("A", "#", "é", "\x00", "..")
# How ours begin, and never ending.
BEGINNINGS: Final = ("TXN_20251107_", "TKN_", "PAY", "LINK_", "dp_", "we_", "evt_", "dlv_notify_")
# Such as we give out, but this one we never did.
UNKNOWN: Final = (
    "TXN_20251107_AAAAAAAAAAAAAAAA",
    "TKN_AAAAAAAAAAAA",
    "PAYAAAAAAAAAAAAAAAAAAAAAAAA",
    "LINK_0123456789ABCDEF",
    "dp_aaaaaaaaaaaaaaaa",
    "we_aaaaaaaaaaaaaaaa",
    "dlv_aaaaaaaaaaaaaaaa_" + "0" * 32,
    "notify",
    "999999999999999",
    "V5000-A1",
)


@pytest.fixture(scope="module")
def gateway() -> Iterator[None]:
    """One for all: nothing that is asked here changes anything."""
    with in_process():
        yield


def strange() -> list[str]:
    """0 to 8,000 bytes of every alphabet and after every beginning, some noise, and what is well-formed."""
    repeated = [alphabet * length for alphabet in ALPHABETS for length in LENGTHS]
    begun = [begin + "A" * (length - len(begin)) for begin in BEGINNINGS for length in (80, 3000)]
    noise = [secrets.token_urlsafe(length)[:length] for length in LENGTHS]
    cut = [text.encode()[:8000].decode(errors="ignore") for text in (*repeated, *begun, *noise)]
    return [*dict.fromkeys(cut), *UNKNOWN]


def queried() -> list[str]:
    """Fewer of them, since most that a query names is looked for."""
    repeated = [alphabet * length for alphabet in ("A", "0", "é", "𝟜") for length in (0, 1, 255, 1025, 2049, 8000)]
    return [*dict.fromkeys(text.encode()[:8000].decode(errors="ignore") for text in repeated), *UNKNOWN]


@pytest.mark.parametrize("route", WITH_IDS, ids=lambda route: f"{route.method} {route.path}")
@pytest.mark.parametrize("caller", ["key", "client secret"])
def test_no_id_in_a_path_is_a_5xx(gateway: None, route: Route, caller: str) -> None:
    names = re.findall(r"{(\w+)}", route.path)

    for text in strange():
        event = sample_request(route.module, path=dict.fromkeys(names, text))
        if caller == "client secret":
            event["headers"] |= {"Authorization": f"Bearer {text}_secret_AAAAAAAAAAAAAAAA"}
        reply = handler(route.module)(event, Context())
        assert reply["statusCode"] < 500, f"{len(text)} x {text[:20]!r}: {reply}"


@pytest.mark.parametrize("module", WITH_QUERIES)
def test_nothing_in_a_query_is_a_5xx(gateway: None, module: str) -> None:
    for name in ENDPOINTS[module].query:
        for text in queried():
            reply = handler(module)(sample_request(module, query={name: text}), Context())
            assert reply["statusCode"] < 500, f"{name}: {len(text)} x {text[:20]!r}: {reply}"


def test_what_cannot_be_an_id_is_not_looked_for(gateway: None) -> None:
    reply = handler("payment_link.public")(sample_request("payment_link.public", path={"id": "L" * 3000}), Context())

    assert reply["statusCode"] == 404
    assert '"code": "not_found"' in reply["body"]


def test_a_key_is_judged_before_the_id(gateway: None) -> None:
    event = sample_request("payment.transaction", path={"transactionId": "T" * 3000})
    event["headers"] |= {"Authorization": "Bearer sk_test_NobodysSecretKey"}

    assert handler("payment.transaction")(event, Context())["statusCode"] == 401
