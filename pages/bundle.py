"""Joins our own ES modules into one file, so that one integrity value covers every line that runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "(\.\.?/[\w./-]+\.js)";\n', re.MULTILINE)
_ANY_IMPORT: Final = re.compile(r"^\s*import\b|^\s*export\s+(default|\{|\*)", re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|const|class)\b)", re.MULTILINE)
_NAME: Final = re.compile(r"^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE)
_COMMENT: Final = re.compile(r"^\s*//.*\n", re.MULTILINE)
_INDENT: Final = re.compile(r"^\s+", re.MULTILINE)


def bundled(entry: Path) -> str:
    """``entry`` and all it imports, each module once, dependencies first.

    Works because the modules keep to two rules, which are checked: every import is ``import { a } from
    "./b.js";`` without renaming, and no two modules declare the same top-level name. Raises ValueError.
    """
    order: list[Path] = []
    _visit(entry, order, [])
    owner: dict[str, str] = {}
    parts = []
    for path in order:
        source = path.read_text()
        for name in _NAME.findall(source):
            if name in owner:
                raise ValueError(f"{path.name} and {owner[name]} both declare {name}")
            owner[name] = path.name
        source = _EXPORT.sub("", _IMPORT.sub("", source))
        if _ANY_IMPORT.search(source):
            raise ValueError(f"{path.name} imports or exports in a form that the bundle does not know")
        parts.append(_INDENT.sub("", _COMMENT.sub("", source)))
    return "".join(parts)


def _visit(path: Path, order: list[Path], above: list[Path]) -> None:
    if path in above:
        raise ValueError(f"{path.name} imports itself by way of {above[-1].name}")
    if path in order:
        return
    source = path.read_text()
    if " as " in "".join(match[0] for match in _IMPORT.finditer(source)):
        raise ValueError(f"{path.name} renames an import")
    for imported in _IMPORT.findall(source):
        _visit((path.parent / imported).resolve(), order, [*above, path])
    order.append(path)
