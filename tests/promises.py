"""What docs/openapi.yaml promises, held against real replies."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from shared.edge.endpoint import Endpoint
from tools.contract import openapi


def keep_promise(endpoint: Endpoint, status: int, text: str) -> None:
    """Fail unless the specification lists this status with a schema that fits, without a field more."""
    spec = _specification()
    responses = spec["paths"][endpoint.path][endpoint.method.lower()]["responses"]
    assert str(status) in responses, f"{endpoint.method} {endpoint.path} answered {status}: {text}"
    promised = responses[str(status)]["content"]
    if "application/json" not in promised:
        return  # what people read has no schema
    schema = promised["application/json"]["schema"]
    body = json.loads(text, parse_float=Decimal)
    problems = Draft202012Validator({**schema, "components": spec["components"]}).iter_errors(body)
    found = [f"{'.'.join(map(str, problem.absolute_path))}: {problem.message}" for problem in problems]
    assert not found, f"{endpoint.method} {endpoint.path} {status}: {found}"


@cache
def _specification() -> dict[str, Any]:
    """The specification, closed: a field it does not name is a failure here, though clients must bear it."""
    spec: dict[str, Any] = json.loads(json.dumps(openapi.build(), default=str))
    for schema in spec["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return spec
