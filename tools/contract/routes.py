"""The endpoints as three places tell them: handlers, template, events. Contract tests and OpenAPI read this."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from samtranslator.yaml_helper import yaml_parse

from shared.edge.endpoint import Endpoint
from tools.local.deploy import ROOT

FUNCTIONS: Final = ROOT / "functions"


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path of the template, and the module behind it."""

    function: str
    module: str
    method: str
    path: str


@cache
def template() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml_parse((ROOT / "template.yaml").read_text())
    return parsed


def functions() -> Iterator[tuple[str, dict[str, Any]]]:
    """(logical id, properties) of every Lambda of the template."""
    for name, resource in template()["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            yield name, resource["Properties"]


def template_routes() -> list[Route]:
    found = []
    for name, properties in functions():
        for event in properties.get("Events", {}).values():
            if event["Type"] == "Api":
                module = properties["Handler"].removesuffix(".handler")
                route = event["Properties"]
                found.append(Route(name, module, route["Method"].upper(), route["Path"]))
    return found


def modules() -> list[str]:
    """Dotted names below functions/, as the template's Handler spells them."""
    paths = sorted(FUNCTIONS.rglob("*.py"))
    return [".".join(Path(path).relative_to(FUNCTIONS).with_suffix("").parts) for path in paths]


def handler(module: str) -> Any:
    return importlib.import_module(f"functions.{module}").handler


def endpoints() -> dict[str, Endpoint]:
    """Every HTTP endpoint by module."""
    found = {module: handler(module) for module in modules()}
    return {module: value for module, value in found.items() if isinstance(value, Endpoint)}
