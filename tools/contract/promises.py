"""What the API promises, a line each, so that a change that breaks a client is seen beside one that does not.

``docs/released.txt`` has the lines of the last release: ``make contract-released`` writes it. What was taken,
answered or told then has to be so for ever; what was not demanded then must not be. Anything may be added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tools.contract.openapi import build
from tools.local.deploy import ROOT

RELEASED: Final = ROOT / "docs" / "released.txt"
DEMANDS: Final = " demands "
_DEEP: Final = 8  # parts within parts; what holds itself has an end there

Spec = Mapping[str, Any]


def promises(spec: Spec) -> set[str]:
    return {*_of_operations(spec, "paths"), *_of_operations(spec, "webhooks")}


def broken(released: set[str], now: set[str]) -> list[str]:
    """What clients of the release do not have any more, and what they do not send."""
    gone = {line for line in released if DEMANDS not in line} - now
    known = {line.partition(" ")[0] + " " + line.split(" ")[1] for line in released}
    demanded = {line for line in now - released if DEMANDS in line and " ".join(line.split(" ")[:2]) in known}
    return sorted(gone | demanded)


def _of_operations(spec: Spec, section: str) -> Iterator[str]:
    for path, methods in spec[section].items():
        for method, operation in methods.items():
            name = f"{method.upper()} {path}" if section == "paths" else f"EVENT {path}"
            yield name
            yield from _of_operation(name, operation, spec, told=section == "webhooks")


def _of_operation(name: str, operation: Spec, spec: Spec, *, told: bool) -> Iterator[str]:
    for parameter in operation.get("parameters", []):
        yield f"{name} takes {parameter['in']} {parameter['name']}"
        if parameter.get("required"):
            yield f"{name}{DEMANDS}{parameter['in']} {parameter['name']}"
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if told:
            yield from (f"{name} tells {line}" for line in _fields(content["schema"], spec, "", _DEEP))
        else:
            yield from (f"{name} takes {line}" for line in _fields(content["schema"], spec, "", _DEEP))
            yield from (f"{name}{DEMANDS}{line}" for line in _demanded(content["schema"], spec, "", _DEEP))
    for status, reply in ({} if told else operation["responses"]).items():
        yield f"{name} answers {status}"
        for content in reply.get("content", {}).values() if status.startswith("2") else ():
            yield from (f"{name} answers {status} {line}" for line in _fields(content["schema"], spec, "", _DEEP))


def _fields(schema: Any, spec: Spec, where: str, deep: int) -> Iterator[str]:
    """Each field with each of its types, and each word that is taken where only some are."""
    for part in _alternatives(schema, spec):
        types = part.get("type", [])
        for kind in [types] if isinstance(types, str) else types:
            if where:
                yield f"{where}: {kind}"
        yield from (f"{where} = {word}" for word in part.get("enum", []))
        if deep:
            for name, inner in part.get("properties", {}).items():
                yield from _fields(inner, spec, f"{where}.{name}".lstrip("."), deep - 1)
            if "items" in part:
                yield from _fields(part["items"], spec, f"{where}[]", deep - 1)


def _demanded(schema: Any, spec: Spec, where: str, deep: int) -> Iterator[str]:
    for part in _alternatives(schema, spec):
        for name in part.get("required", []):
            yield f"{where}.{name}".lstrip(".")
        if deep:
            for name, inner in part.get("properties", {}).items():
                yield from _demanded(inner, spec, f"{where}.{name}".lstrip("."), deep - 1)
            if "items" in part:
                yield from _demanded(part["items"], spec, f"{where}[]", deep - 1)


def _alternatives(schema: Any, spec: Spec) -> Iterator[Spec]:
    """The schema without references; of what is one or all of several, each."""
    if not isinstance(schema, Mapping):
        return
    if "$ref" in schema:
        yield from _alternatives(spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]], spec)
    for several in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(several, []):
            yield from _alternatives(part, spec)
    yield schema


def text(spec: Spec) -> str:
    return "".join(f"{line}\n" for line in sorted(promises(spec)))


if __name__ == "__main__":
    RELEASED.write_text(text(build()))
    print(f"{RELEASED.relative_to(ROOT)}: what is promised now, for ever")
