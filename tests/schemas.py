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


def check_notice(family: str, name: str, notice: dict[str, Any]) -> None:
    """The same for what another family tells, whose schemas are by ``name``; and the schema names all its fields."""
    schema = notices(family)[name]
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(notice)
    _check_named(schema, notice, name)


@cache
def notices(family: str) -> dict[str, dict[str, Any]]:
    """The schemas of a family's notices by their file's stem."""
    return {path.stem: json.loads(path.read_text()) for path in sorted((FOLDER.parent / family).glob("*.json"))}


def fields(name: str) -> set[str]:
    """The dotted names that the schema of an event promises to be there."""
    return set(_required(schemas()[name], ""))


@cache
def _registry() -> Registry[Any]:
    resources = [(f"{name}.json", Resource.from_contents(schema)) for name, schema in schemas().items()]
    return Registry().with_resources(resources)


def _check_named(schema: dict[str, Any], told: dict[str, Any], where: str) -> None:
    """Every field that is told is one that the schema promises."""
    if "properties" not in schema:
        return  # whatever the merchant sent
    assert set(told) == set(schema["required"]) == set(schema["properties"]), where
    for name, inner in schema["properties"].items():
        if isinstance(told[name], dict):
            _check_named(inner, told[name], f"{where}.{name}")


def _required(schema: dict[str, Any], prefix: str) -> Iterator[str]:
    for part in schema.get("allOf", []):
        yield from _required(schemas()[part["$ref"].removesuffix(".json")], prefix)
    for name in schema.get("required", []):
        yield f"{prefix}{name}"
    for name, inner in schema.get("properties", {}).items():
        yield from _required(inner, f"{prefix}{name}.")
