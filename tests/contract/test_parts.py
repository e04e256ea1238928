"""An endpoint is a handler, a function of the template, a sample and a reply; what is missing is named."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import pytest
from pydantic import BaseModel

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from tools.contract.parts import Parts, committed, missing
from tools.contract.routes import endpoints
from tools.local.deploy import ROOT
from tools.testing.calling import enveloped

ENDPOINTS: Final = endpoints()
COMMITTED: Final = committed()
MODULE: Final = "payment.applaud"
PATH: Final = "/api/payment/applaud/{transactionId}"


class Applause(BaseModel):
    loudness: int


@endpoint(
    "POST",
    PATH,
    caller=Caller.SECRET_KEY,
    summary="Applaud",
    request=Applause,
    query={"claps": "How many"},
    cors=True,
)
def applaud(call: Call) -> Reply:
    return Reply({"loud": call.body(Applause).loudness > 10})


WHOLE: Final = Parts(
    roles={MODULE: "ReadsPayments"},
    routes={MODULE: {("POST", PATH), ("OPTIONS", PATH)}},
    samples={MODULE: {"path": {"transactionId": "TXN_1"}, "query": {"claps": "2"}, "body": {"loudness": 11}}},
    replies={MODULE: "tools.contract.replies.payglobe.payments"},
    promised={("POST", PATH)},
)
LACKS: Final = {
    "its role": (replace(WHOLE, roles={}), "template.yaml: no function has Handler: payment.applaud.handler and"),
    "its route": (
        replace(WHOLE, routes={MODULE: {("OPTIONS", PATH)}}),
        f"template.yaml: the function of payment.applaud lacks the route POST {PATH}",
    ),
    "its preflight": (
        replace(WHOLE, routes={MODULE: {("POST", PATH)}}),
        f"template.yaml: the function of payment.applaud lacks the route OPTIONS {PATH}",
    ),
    "its sample": (replace(WHOLE, samples={}), "events/payment/applaud.json: there is no sample"),
    "a part of the path": (
        replace(WHOLE, samples={MODULE: {"body": {}}}),
        "events/payment/applaud.json: path names [], the route ['transactionId']",
    ),
    "the body": (
        replace(WHOLE, samples={MODULE: {"path": {"transactionId": "TXN_1"}}}),
        "events/payment/applaud.json: the endpoint takes a body",
    ),
    "a query that is known": (
        replace(WHOLE, samples={MODULE: {**WHOLE.samples[MODULE], "query": {"boos": "1"}}}),
        "events/payment/applaud.json: the endpoint knows no query boos",
    ),
    "brevity": (
        replace(WHOLE, samples={MODULE: {**WHOLE.samples[MODULE], "httpMethod": "POST"}}),
        "events/payment/applaud.json: httpMethod is not a request's own",
    ),
    "its reply": (
        replace(WHOLE, replies={}),
        "tools/contract/replies/payglobe/: no class has a row for payment.applaud",
    ),
    "a reply of its family": (
        replace(WHOLE, replies={MODULE: "tools.contract.replies.another.payments"}),
        "tools/contract/replies/payglobe/: no class has a row for payment.applaud",
    ),
    "its promise": (replace(WHOLE, promised=set()), f"docs/openapi.yaml: lacks POST {PATH}; run: make openapi"),
}


@pytest.mark.parametrize("module", sorted(ENDPOINTS))
def test_no_endpoint_lacks_a_part(module: str) -> None:
    assert list(missing(module, ENDPOINTS[module], COMMITTED)) == []


def test_an_endpoint_with_all_its_parts_is_whole() -> None:
    assert list(missing(MODULE, applaud, WHOLE)) == []


@pytest.mark.parametrize("part", LACKS)
def test_a_missing_part_is_named_and_nothing_else_is(part: str) -> None:
    parts, said = LACKS[part]

    (found,) = missing(MODULE, applaud, parts)

    assert found.startswith(said)


def test_a_sample_becomes_the_event_that_api_gateway_would_send() -> None:
    event = enveloped(applaud, WHOLE.samples[MODULE])

    assert (event["httpMethod"], event["resource"], event["path"]) == ("POST", PATH, "/api/payment/applaud/TXN_1")
    assert event["pathParameters"] == {"transactionId": "TXN_1"}
    assert event["multiValueQueryStringParameters"] == {"claps": ["2"]}
    assert event["headers"]["Authorization"].startswith("Bearer sk_test_")
    assert event["body"] == '{"loudness": 11}'


def test_a_sample_that_lacks_a_part_of_its_path_becomes_no_event() -> None:
    with pytest.raises(KeyError, match="transactionId"):
        enveloped(applaud, {})


def test_the_recipe_shows_an_endpoint_as_it_is() -> None:
    recipe = (ROOT / "CONTRIBUTING.md").read_text()
    shown = re.findall(r"^```\w+ (\S+)\n(.*?)^```", recipe, re.MULTILINE | re.DOTALL)

    assert len(shown) == 4
    for file, text in shown:
        assert text in (ROOT / file).read_text(), file
