"""The published JSON Schemas of the events, as a test judges by them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tools.local.deploy import ROOT

FOLDER = ROOT / "docs" / "schemas" / "events"
SHARED = frozenset({"dispute", "envelope", "payment"})


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by its file's stem: the event type, or what several of them share."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def check(event: dict[str, Any]) -> None:
    """Raises with the field and the rule when ``event`` is not what its schema says."""
    Draft202012Validator(schemas()[event["type"]], registry=_registry()).validate(event)


def fields(name: str) -> set[str]:
    """The dotted names that the schema of an event promises to be there."""
    return set(_required(schemas()[name], ""))


@cache
def _registry() -> Registry[Any]:
    resources = [(f"{name}.json", Resource.from_contents(schema)) for name, schema in schemas().items()]
    return Registry().with_resources(resources)


def _required(schema: dict[str, Any], prefix: str) -> Iterator[str]:
    for part in schema.get("allOf", []):
        yield from _required(schemas()[part["$ref"].removesuffix(".json")], prefix)
    for name in schema.get("required", []):
        yield f"{prefix}{name}"
    for name, inner in schema.get("properties", {}).items():
        yield from _required(inner, f"{prefix}{name}.")
