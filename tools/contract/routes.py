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
ANY: Final = "ANY"


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


def events() -> Iterator[Route]:
    """The routes as the template has them, ANY among the methods."""
    for name, properties in functions():
        module = properties["Handler"].removesuffix(".handler")
        for event in properties.get("Events", {}).values():
            if event["Type"] == "Api":
                yield Route(name, module, event["Properties"]["Method"].upper(), event["Properties"]["Path"])


def template_routes() -> list[Route]:
    """What is answered where. A function that has ANY of a path answers its own methods and a script's preflight
    there; the rest it refuses, and leaves to the functions that have it."""
    return [
        Route(route.function, route.module, method, route.path)
        for route in events()
        for method in (_answered_by(route.module) if route.method == ANY else (route.method,))
    ]


def _answered_by(module: str) -> tuple[str, ...]:
    endpoint: Endpoint = handler(module)
    by_scripts = endpoint.cors and "/js/" not in endpoint.path  # a script itself is asked for without a preflight
    return (*endpoint.methods, "OPTIONS") if by_scripts else endpoint.methods


def refusing() -> dict[str, list[str]]:
    """The modules behind the ANY of each path; beside one, nobody would say what the path takes."""
    found: dict[str, list[str]] = {route.path: [] for route in events()}
    for route in events():
        if route.method == ANY:
            found[route.path].append(route.module)
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
