"""The Postman collection: a tour whose requests follow from one another, and every operation by its tag."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from tools.contract.tour.whole import tour
from tools.local.deploy import ROOT
from tools.ops.onboarding import (
    DEMO_DISPUTE_SECRETS,
    DEMO_PUBLISHABLE,
    DEMO_SECRET,
    DEMO_SERVICE,
    DEMO_SERVICE_SECRET,
)

POSTMAN: Final = ROOT / "docs" / "payment-gateway.postman_collection.json"
TOUR_FOLDER: Final = "Tour"


def postman(spec: dict[str, Any]) -> dict[str, Any]:
    """A Postman 2.1 collection of the same operations, with ``{{baseUrl}}`` and ``{{key}}`` as variables."""
    folders: dict[str, list[dict[str, Any]]] = {}
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            folders.setdefault(operation["tags"][0], []).append(_item(path, method, operation, spec))
    return {
        "info": {
            "name": "Payment gateway",
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{key}}", "type": "string"}]},
        "variable": [
            {"key": "baseUrl", "value": "http://127.0.0.1:8080/paymentgw"},
            {"key": "key", "value": DEMO_SECRET},
            {"key": "publishableKey", "value": DEMO_PUBLISHABLE},
            {"key": "service", "value": DEMO_SERVICE},
            {"key": "serviceSecret", "value": DEMO_SERVICE_SECRET},
            {"key": "disputeSecret", "value": DEMO_DISPUTE_SECRETS["igfs"]["test"][0]},
            {"key": "receiver", "value": "http://127.0.0.1:4242/webhook"},
        ],
        "item": [
            {"name": TOUR_FOLDER, "item": tour()},
            *({"name": name, "item": items} for name, items in sorted(folders.items())),
        ],
    }


def _item(path: str, method: str, operation: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": method.upper(),
        "header": [],
        "url": "{{baseUrl}}" + re.sub(r"{(\w+)}", r":\1", path),
    }
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        body = _example(spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        request["header"] = [{"key": "Content-Type", "value": "application/json"}]
        request["body"] = {"mode": "raw", "raw": json.dumps(body, indent=2)}
    return {"name": operation["summary"], "request": request}


def _example(schema: dict[str, Any]) -> dict[str, Any]:
    required = schema.get("required", [])
    return {name: part["examples"][0] for name, part in schema["properties"].items() if "examples" in part} | {
        name: "" for name in required if "examples" not in schema["properties"][name]
    }
