"""What the gateway tells by itself, as the ``webhooks`` of a specification; from the schemas in ``docs/schemas``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tools.local.deploy import ROOT

SCHEMAS: Final = ROOT / "docs" / "schemas"
_PARTS: Final = frozenset({"envelope", "payment", "dispute"})  # of other schemas of events; nobody is sent one alone
_OF_A_FILE: Final = frozenset({"$schema", "$id", "$defs"})
_TAKEN: Final = {
    "2XX": {"description": "Taken. Anything else is tried again, for days"},
    "410": {"description": "Not wanted any more: the endpoint is switched off"},
}
_SIGNED: Final = {
    "events": ("X-PayGlobe-Signature", "Base64 of the HMAC-SHA256 of the body; Stripe-Signature is there too"),
    "glomopay": ("X-Glomopay-Signature", "HMAC-SHA256 of the body, as the guide of Glomopay's API says"),
    "paygol": ("X-PG-SIG", "Hexadecimal HMAC-SHA256 of the body with the service's secret"),
}


def webhooks(schemas: dict[str, Any]) -> dict[str, Any]:
    """The section; puts the schemas that it needs into ``schemas``."""
    return {name: {"post": _told(folder, name, path, schemas)} for folder, name, path in _notices(schemas)}


def _notices(schemas: dict[str, Any]) -> Iterator[tuple[str, str, Path]]:
    for folder in _SIGNED:
        for path in sorted((SCHEMAS / folder).glob("*.json")):
            _keep(folder, path, schemas)
            if folder != "events":
                yield folder, f"{folder}.{path.stem}", path
            elif path.stem not in _PARTS:
                yield folder, path.stem, path


def _told(folder: str, name: str, path: Path, schemas: dict[str, Any]) -> dict[str, Any]:
    schema = schemas[_named(folder, path.stem)]
    header, how = _SIGNED[folder]
    content = {"schema": {"$ref": f"#/components/schemas/{_named(folder, path.stem)}"}}
    return {
        "operationId": "told_" + name.replace(".", "_").replace("-", "_"),
        "summary": schema.get("description") or schema.get("title", name),
        "description": "Sent to your server, signed, at least once.",
        "tags": ["webhooks"],
        "security": [],
        "parameters": [{"name": header, "in": "header", "description": how, "schema": {"type": "string"}}],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": _TAKEN,
    }


def _named(folder: str, stem: str) -> str:
    words = stem.replace(".", "_").replace("-", "_").split("_")
    return {"events": "Event", "glomopay": "Glomopay", "paygol": "Paygol"}[folder] + "".join(
        word.capitalize() for word in words
    )


def _keep(folder: str, path: Path, schemas: dict[str, Any]) -> None:
    schema = json.loads(path.read_text())
    name = _named(folder, path.stem)
    if name in schemas:
        raise ValueError(f"{path.name} would be {name}, which there is already")
    for part, own in schema.get("$defs", {}).items():
        schemas[_named(folder, part)] = _moved(folder, own)
    schemas[name] = _moved(folder, {key: part for key, part in schema.items() if key not in _OF_A_FILE})


def _moved(folder: str, node: Any) -> Any:
    """With references to the other files of the folder turned to where their schemas are now."""
    if isinstance(node, list):
        return [_moved(folder, part) for part in node]
    if not isinstance(node, dict):
        return node
    moved = {key: _moved(folder, part) for key, part in node.items()}
    if isinstance(target := node.get("$ref"), str):
        moved["$ref"] = (
            f"#/components/schemas/{_named(folder, target.removeprefix('#/$defs/').removesuffix('.json'))}"
        )
    if node.get("type") == "array":
        moved.setdefault("items", {})  # tools want to be told that anything may stand there
    return moved
