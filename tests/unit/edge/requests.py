"""Requests as API Gateway hands them to a function, and replies as it takes them back."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from shared.edge.http import Served
from tests.promises import keep_promise


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.text))


class Context:
    """What the Lambda runtime passes beside the event; the edge needs nothing of it."""


def ask(
    endpoint: Served,
    body: object = None,
    *,
    key: str | None = None,
    path: dict[str, str] | None = None,
    method: str | None = None,
    query: dict[str, str] | None = None,
    encoded: bool = False,
    idempotency_key: str | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """One request. ``body`` is sent as it is when it is text or bytes, else as JSON."""
    sent = dict(headers or {})
    if idempotency_key is not None:
        sent["idempotency-key"] = idempotency_key
    if key is not None:
        sent["Authorization"] = f"Bearer {key}"
    raw = body if isinstance(body, str | bytes) or body is None else json.dumps(body)
    if isinstance(raw, bytes) or (encoded and isinstance(raw, str)):
        raw = base64.b64encode(raw if isinstance(raw, bytes) else raw.encode()).decode()
        encoded = True
    event = {
        "httpMethod": method or endpoint.method,
        "resource": endpoint.path,
        "headers": sent,
        "pathParameters": path,
        "queryStringParameters": query,
        "stageVariables": {"pagesOrigin": "https://pages.example/"},
        "requestContext": {"requestId": "request-1"},
        "body": raw,
        "isBase64Encoded": encoded,
    }
    reply = endpoint(event, Context())  # type: ignore[arg-type]
    text = reply["body"]
    if reply["isBase64Encoded"]:
        text = base64.b64decode(text).decode("latin-1")
    answer = Answer(reply["statusCode"], reply["headers"], text)
    if answer.status != 500 and endpoint.handle.__module__.startswith("functions."):
        keep_promise(endpoint, answer.status, text)
    return answer
