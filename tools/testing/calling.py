"""Handlers called in this process, with the events that ``events/`` has for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.contract.routes import handler
from tools.local.deploy import ROOT
from tools.testing.resources import Context

Event = dict[str, Any]


def event_file(module: str) -> Path:
    """Where the sample event of a handler is, or would be."""
    return ROOT / "events" / f"{module.replace('.', '/')}.json"


def example_event(module: str) -> Event:
    """The sample event of a handler."""
    event: Event = json.loads(event_file(module).read_text())
    return event


def request(
    module: str,
    *,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: object = None,
) -> Event:
    """The example event of an HTTP handler with these parts changed."""
    event = example_event(module)
    event["headers"] |= headers or {}
    event["body"] = event["body"] if body is None else json.dumps(body)
    event["pathParameters"] = dict(path) if path else event["pathParameters"]
    event["queryStringParameters"] = dict(query) if query else None
    return event


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
