"""Every event in events/ is taken by its handler: answered, never crashed on."""

from __future__ import annotations

from typing import Final

import pytest

from tools.contract.dialects import dialect_of
from tools.contract.routes import endpoints, handler
from tools.testing.calling import example_event
from tools.testing.resources import Context

MAILED: Final = frozenset({"merchant.session_begin"})  # whose request holds the link that one person was mailed


@pytest.mark.parametrize("module", sorted(endpoints()))
def test_an_endpoint_answers_its_event(module: str, stack: dict[str, str]) -> None:
    event = example_event(module)

    reply = handler(module)(event, Context())

    assert reply["statusCode"] < 500, reply["body"]
    called = endpoints()[module]
    unproved = called.caller in dialect_of(called).secret or module in MAILED
    assert (reply["statusCode"] == 401) == unproved
    assert reply["headers"]["X-Request-Id"] == event["requestContext"]["requestId"]
