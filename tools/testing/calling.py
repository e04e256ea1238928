"""Handlers called in this process, with the samples that ``events/`` has for them.

The sample of an endpoint holds what is its own: ``path``, ``query``, ``headers``, and ``body`` (as an object, or as
text where its bytes are signed). What API Gateway puts around that is made from the endpoint's contract. The samples
of other functions are their events, as short as they may be. ``make event HANDLER=payment.init`` prints one whole.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from shared.edge.endpoint import Endpoint
from tools.contract.dialects import as_the_demo_shop_sends, dialect_of, shown_by_the_demo_shop
from tools.contract.routes import handler, modules
from tools.local.deploy import ROOT
from tools.testing.resources import Context

Event = dict[str, Any]

STAGE: Final = "paymentgw"
REQUEST_ID: Final = "6f1c1d2e-5b7a-4a3f-9c55-2f0d6b3c8a11"
CLIENT: Final = {"sourceIp": "203.0.113.7", "userAgent": "shop/1.0"}
HEADERS: Final = {
    "Accept": "application/json",
    "Content-Type": "application/json",
    "Host": "api.example.com",
    "User-Agent": CLIENT["userAgent"],
    "X-Forwarded-For": CLIENT["sourceIp"],
    "X-Forwarded-Proto": "https",
}


def event_file(module: str) -> Path:
    """Where the sample of a handler is, or would be."""
    return ROOT / "events" / f"{module.replace('.', '/')}.json"


def sample(module: str) -> Event:
    """What ``events/`` has for a handler."""
    found: Event = json.loads(event_file(module).read_text())
    return found


def example_event(module: str) -> Event:
    """What Lambda would hand to a handler for its sample."""
    served = handler(module)
    return enveloped(served, sample(module)) if isinstance(served, Endpoint) else sample(module)


def enveloped(endpoint: Endpoint, own: Mapping[str, Any]) -> Event:
    """The event of API Gateway for what is a request's own. Raises KeyError when ``own`` lacks a part of the path."""
    own = as_the_demo_shop_sends(endpoint, own)
    path = endpoint.path.format_map(own.get("path", {}))
    headers = HEADERS | shown_by_the_demo_shop(endpoint) | own.get("headers", {})
    query, body = own.get("query"), own.get("body")
    return {
        "resource": endpoint.path,
        "path": path,
        "httpMethod": endpoint.method,
        "headers": headers,
        "multiValueHeaders": _lists(headers),
        "queryStringParameters": query,
        "multiValueQueryStringParameters": query and _lists(query),
        "pathParameters": own.get("path"),
        "stageVariables": {"pagesOrigin": "https://pages.example.com"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "httpMethod": endpoint.method,
            "identity": dict(CLIENT),
            "path": f"/{STAGE}{path}",
            "protocol": "HTTP/1.1",
            "requestId": REQUEST_ID,
            "requestTimeEpoch": 1795233600000,
            "resourcePath": endpoint.path,
            "stage": STAGE,
        },
        "body": body if body is None or isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }


def _lists(values: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in values.items()}


def request(
    module: str,
    *,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: object = None,
) -> Event:
    """The example event of an HTTP handler with these parts changed; a query is never the sample's."""
    own = sample(module)
    own["query"] = dict(query) if query else None
    own["headers"] = {**own.get("headers", {}), **(headers or {})}
    if path:
        own["path"] = dict(path)
    if body is not None:
        own["body"] = body if dialect_of(handler(module)).signs else json.dumps(body)
    return enveloped(handler(module), own)


def invoke(module: str, event: Event) -> dict[str, Any]:
    """What the handler answers. Raises RuntimeError when it answers with a problem."""
    answer: dict[str, Any] = handler(module)(event, Context()) or {}
    if answer.get("statusCode", 200) >= 300:
        raise RuntimeError(f"{module} answered {answer['statusCode']}: {answer['body']}")
    if answer.get("batchItemFailures"):
        raise RuntimeError(f"{module} kept a message")
    return answer


def reply(module: str, event: Event) -> dict[str, Any]:
    """The JSON body that an HTTP handler answers with."""
    return dict(json.loads(invoke(module, event)["body"]))


if __name__ == "__main__":
    if sys.argv[1] not in modules():
        sys.exit("there is no such handler; there are: " + ", ".join(modules()))
    sys.stdout.write(json.dumps(example_event(sys.argv[1]), indent=2) + "\n")
