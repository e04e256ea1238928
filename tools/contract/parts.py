"""The parts that an endpoint is made of, beside its handler, and which of them are missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pages.docs.reference import specification
from shared.edge.endpoint import Endpoint
from shared.edge.request import JSON_TYPE
from tools.contract.dialects import family_of
from tools.contract.replies import REPLIES
from tools.contract.rights import role_of, roles
from tools.contract.routes import functions, modules, template_routes
from tools.testing.calling import event_file, sample

OWN: Final = frozenset({"path", "query", "headers", "body"})
_REPLIES: Final = "tools.contract.replies"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the repository has, by module; ``promised`` are the (method, path) of the specification."""

    roles: Mapping[str, str]  # of its function
    routes: Mapping[str, set[tuple[str, str]]]
    samples: Mapping[str, Mapping[str, Any]]
    replies: Mapping[str, str]  # the module of its reply's class
    promised: set[tuple[str, str]]


def committed() -> Parts:
    """The parts as they are in this working copy."""
    known = roles()
    deployed = {properties["Handler"].removesuffix(".handler"): properties for _, properties in functions()}
    routes: dict[str, set[tuple[str, str]]] = {}
    for route in template_routes():
        routes.setdefault(route.module, set()).add((route.method, route.path))
    paths: dict[str, dict[str, Any]] = specification()["paths"]
    return Parts(
        roles={
            module: role_of(each) for module, each in deployed.items() if "Role" in each and role_of(each) in known
        },
        routes=routes,
        samples={module: sample(module) for module in modules() if event_file(module).is_file()},
        replies={module: reply.__module__ for module, reply in REPLIES.items()},
        promised={(method.upper(), path) for path, methods in paths.items() for method in methods},
    )


def missing(module: str, endpoint: Endpoint, parts: Parts) -> Iterator[str]:
    """What a person still has to write for an endpoint, each with where."""
    routes = parts.routes.get(module, set())
    by_scripts = endpoint.cors and "/js/" not in endpoint.path  # a script itself is asked for without a preflight
    preflights = [("OPTIONS", path) for _, path in endpoint.routes if by_scripts]
    if module not in parts.roles:
        yield f"template.yaml: no function has Handler: {module}.handler and the Role of one of the template's roles"
    for method, path in dict.fromkeys((*endpoint.routes, *preflights)):
        if (method, path) not in routes:
            yield f"template.yaml: the function of {module} lacks the route {method} {path}"
    yield from _missing_in_sample(module, endpoint, parts.samples.get(module))
    folder = f"{_REPLIES}.{family_of(endpoint)}"
    if endpoint.reply_type == JSON_TYPE and not f"{parts.replies.get(module)}.".startswith(f"{folder}."):
        yield f"{folder.replace('.', '/')}/: no class has a row for {module}"
    for method, path in endpoint.routes:
        if (method, path) not in parts.promised:
            yield f"docs/openapi.yaml: lacks {method} {path}; run: make openapi"


def _missing_in_sample(module: str, endpoint: Endpoint, own: Mapping[str, Any] | None) -> Iterator[str]:
    where = f"events/{module.replace('.', '/')}.json"
    if own is None:
        yield f"{where}: there is no sample"
        return
    if unknown := sorted(own.keys() - OWN):
        yield f"{where}: {', '.join(unknown)} is not a request's own; what is around it is made from the endpoint"
    named = set(re.findall(r"{(\w+)}", endpoint.path))
    if named != set(own.get("path", {})):
        yield f"{where}: path names {sorted(own.get('path', {}))}, the route {sorted(named)}"
    if unknown := sorted(own.get("query", {}).keys() - endpoint.query.keys()):
        yield f"{where}: the endpoint knows no query {', '.join(unknown)}"
    if endpoint.request is not None and "body" not in own:
        yield f"{where}: the endpoint takes a body, and the sample has none"
