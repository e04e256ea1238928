"""Whatever stands in any field, query or path: no failure of ours, no undocumented status, no card number back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from shared.edge.endpoint import Endpoint
from shared.edge.http import Served
from tests.unit.edge.conftest import SECRET, Edge
from tests.unit.edge.requests import ask
from tests.unit.glomopay.shop import PLAIN_CARD, begun, order
from tools.contract.dialects import family_of
from tools.contract.routes import endpoints
from tools.testing.calling import sample

CARD: Final = "4242424242424242"
NESTED: Final = "[" * 200 + "]" * 200
# As JSON, so that what no Python value becomes is among it.
JUNK: Final = (
    "null", "true", "0", "-1", "1", "1.5", "1e400", "1E-9", "NaN", "9" * 30, '""', '" "', '"x"', f'"{"x" * 3000}"',
    f'"{CARD}"', '"4242 4242-4242 4242"', '"\\u0000"', '"\\ud800"', '"\\u202e<script>"', '"0x10"', '"१२"', "[]", "{}",
    f'["{CARD}"]', f'{{"a": "{CARD}"}}', f'{{"{CARD}": 1}}', NESTED, '"2026-13-45T99:00:00Z"',
    '"9999-12-31T23:59:59Z"',
    '"0001-01-01T00:00:00+23:59"', '"cust_"', '"order_\\n"', '"payt_' + "a" * 500 + '"', '"https://[::1"',
    '"javascript:1"',
)  # fmt: skip
TEXTS: Final = (*(text.strip('"') for text in JUNK if text.startswith('"')), "", "%00", CARD, "9" * 40)
ENDPOINTS: Final = {name: e for name, e in endpoints().items() if family_of(e) == "glomopay"}


@pytest.fixture
def ids(edge: Edge, customer: dict[str, Any]) -> dict[str, str]:
    """Something real of each kind, so that more than its absence is judged."""
    paid = begun(order(customer), PLAIN_CARD)
    paid.answer(None)
    return {"cust_": customer["id"], "order_": order(customer), "payt_": paid.id, "token": paid.token}


def real(text: str, ids: dict[str, str]) -> str:
    return next((found for prefix, found in ids.items() if text.startswith(prefix)), text)


def body_of(module: str, ids: dict[str, str]) -> dict[str, Any]:
    body = sample(module).get("body", {})
    return {name: real(value, ids) if isinstance(value, str) else value for name, value in body.items()}


def key_of(endpoint: Endpoint, ids: dict[str, str]) -> str:
    return ids["token"] if "authentication" in endpoint.path else SECRET


def path_of(endpoint: Endpoint, module: str, ids: dict[str, str]) -> dict[str, str] | None:
    named = sample(module).get("path")
    return {name: real(value, ids) for name, value in named.items()} if named else None


def with_junk(body: dict[str, Any]) -> Iterator[str]:
    """The body with junk in the place of each field, and of each field of its objects."""
    mark = "\x01"
    for name in body:
        yield from (json.dumps(body | {name: mark}).replace(json.dumps(mark), junk) for junk in JUNK)
        if isinstance(body[name], dict):
            for inner in body[name]:
                changed = body | {name: body[name] | {inner: mark}}
                yield from (json.dumps(changed).replace(json.dumps(mark), junk) for junk in JUNK)
    yield from (*JUNK, "", "{", '{"a":1}', json.dumps(body)[:-1])


def check(answer: Any, what: str) -> None:
    assert answer.status < 500, f"{what}: {answer.text}"
    assert CARD not in answer.text, f"{what}: {answer.text}"


@pytest.mark.parametrize("module", sorted(name for name, e in ENDPOINTS.items() if e.request is not None))
def test_no_field_of_a_body_brings_anything_down(ids: dict[str, str], module: str) -> None:
    endpoint = ENDPOINTS[module]
    assert isinstance(endpoint, Served)
    if module.endswith("rotate"):
        return  # a new key each time: its own tests say what its fields take
    # Fields that a sample leaves out are tried as well.
    fields = endpoint.request.model_json_schema()["properties"] if endpoint.request else {}
    body = dict.fromkeys(fields) | body_of(module, ids)
    for text in with_junk(body):
        answer = ask(endpoint, text, key=key_of(endpoint, ids), path=path_of(endpoint, module, ids))
        check(answer, f"{module} {text[:200]}")


@pytest.mark.parametrize("module", sorted(name for name, e in ENDPOINTS.items() if e.query))
def test_no_query_brings_anything_down(ids: dict[str, str], module: str) -> None:
    endpoint = ENDPOINTS[module]
    assert isinstance(endpoint, Served)
    for name in endpoint.query:
        for text in TEXTS:
            check(ask(endpoint, key=SECRET, query={name: text}), f"{module}?{name}={text[:60]}")


@pytest.mark.parametrize("module", sorted(name for name, e in ENDPOINTS.items() if "{id}" in e.path))
def test_no_path_brings_anything_down(ids: dict[str, str], module: str) -> None:
    endpoint = ENDPOINTS[module]
    assert isinstance(endpoint, Served)
    prefixes = ("", "cust_", "order_", "payt_", "plink_", "refund_")
    for text in (*TEXTS, *(prefix + "a" * 16 for prefix in prefixes), "payt_" + CARD):
        answer = ask(endpoint, body_of(module, ids), key=key_of(endpoint, ids), path={"id": text})
        assert answer.status in (400, 401, 404), f"{module} {text[:60]}: {answer.text}"
        check(answer, f"{module} {text[:60]}")
