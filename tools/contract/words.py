"""What the fields of the API mean, where their models do not say so: ``words.yaml``, put into a specification."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_TABLE: Final = Path(__file__).with_name("words.yaml")


@cache
def words() -> Mapping[str, str]:
    """By ``Schema.field`` or ``field``."""
    found: dict[str, str] = yaml.safe_load(_TABLE.read_text())
    return found


def described(schemas: Mapping[str, Any]) -> set[str]:
    """Describe every property that is not; returns the rows of the table that were needed."""
    needed: set[str] = set()
    for name, schema in schemas.items():
        _describe(schema, name, needed)
    return needed


def _describe(node: Any, schema: str, needed: set[str]) -> None:
    if isinstance(node, list):
        for part in node:
            _describe(part, schema, needed)
        return
    if not isinstance(node, dict):
        return
    fields = node.get("properties")
    if not isinstance(fields, dict):
        fields = {}  # a field of that name
    for name, part in list(fields.items()):
        row = next((key for key in (f"{schema}.{name}", name) if key in words()), None)
        if row and isinstance(part, dict) and "description" not in part:
            fields[name] = {**part, "description": words()[row]}  # parts are shared by those that look the same
            needed.add(row)
    for part in list(node.values()):
        _describe(part, schema, needed)
