"""What a new card gateway consists of: its own files, and its rows in files that are there."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from string import Template
from typing import Final

TEMPLATES: Final = Path(__file__).parent / "templates"
_NAME: Final = re.compile(r"[a-z][a-z0-9]{1,19}")
_GATEWAYS: Final = "shared/adapters/card_gateways"
_FAR_SIDES: Final = "tools/testing/far_sides"
NEW: Final[Mapping[str, str]] = {
    f"{_GATEWAYS}/{{name}}.py": "connector",
    f"{_FAR_SIDES}/{{name}}/__init__.py": "far_side_init",
    f"{_FAR_SIDES}/{{name}}/server.py": "server",
    f"{_FAR_SIDES}/{{name}}/side.py": "side",
}


class NotWritten(Exception):
    """Nothing was written, and why."""


def skeleton(root: Path, name: str) -> dict[Path, str]:
    """Every file that is new or changes below ``root``, with its text; nothing is written. Raises NotWritten."""
    if _NAME.fullmatch(name) is None or keyword.iskeyword(name):
        raise NotWritten("NAME is 2 to 20 lower-case letters and digits, and begins with a letter: NAME=acme")
    made = {root / path.format(name=name): _filled(template, name) for path, template in NEW.items()}
    if there := [str(path.relative_to(root)) for path in made if path.exists()]:
        raise NotWritten(f"there is {', '.join(there)} already")
    for path, change in CHANGES.items():
        made[root / path] = change((root / path).read_text(encoding="utf-8"), name)
    return made


def _filled(template: str, name: str) -> str:
    text = (TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(name=name, Name=name.capitalize())


def _before(text: str, anchor: str, added: str) -> str:
    """``added`` before the one place at which ``anchor`` stands."""
    if text.count(anchor) != 1:
        raise NotWritten(f"there is not one {anchor.strip()!r} to write before")
    return text.replace(anchor, added + anchor)


def _in_table(text: str, begins: str, row: str) -> str:
    """The row as the last of the table that ``begins`` opens."""
    if text.count(begins) != 1:
        raise NotWritten(f"there is not one table {begins.strip()!r}")
    opened = text.index(begins) + len(begins)
    closes = text.index("}", opened)
    rows = text[opened:closes].rstrip()
    return f"{text[:opened]}{rows}{'' if rows.endswith(',') else ','} {row},\n{text[closes:]}"


def _registry(text: str, name: str) -> str:
    table = "CARD_GATEWAYS: Final[Mapping[str, Callable[[ConnectorSettings], CardGateway]]] = {"
    return _in_table(_before(text, table, _filled("row", name)), table, f'"{name}": _{name}')


def _settings(text: str, name: str) -> str:
    table = "SETTINGS: Final[Mapping[Role, Mapping[str, type[BaseModel]]]] = {"
    row = f'"{name}": {name.capitalize()}Settings'
    return _in_table(_before(text, table, _filled("settings", name)), "Role.CARD_GATEWAY: {", row)


def _checks(text: str, name: str) -> str:
    beside = "def _is_a_part_of_the_stack("
    return _in_table(_before(text, beside, _filled("check", name)), "Role.CARD_GATEWAY: {", f'"{name}": _{name}')


def _far_sides(text: str, name: str) -> str:
    imported = f"from tools.testing.far_sides.{name}.side import {name.capitalize()}Side\n"
    text = _before(text, "from tools.testing.far_sides.sandbox import", imported)
    table = "CARD_FAR_SIDES: Final[Mapping[str, Callable[[], CardFarSide]]] = {"
    return _in_table(text, table, f'"{name}": {name.capitalize()}Side')


def _guide(text: str, name: str) -> str:
    return text.rstrip("\n") + "\n" + _filled("guide", name)


CHANGES: Final[Mapping[str, Callable[[str, str], str]]] = {
    f"{_GATEWAYS}/__init__.py": _registry,
    "shared/adapters/connector_settings.py": _settings,
    "shared/adapters/connector_checks.py": _checks,
    f"{_FAR_SIDES}/__init__.py": _far_sides,
    "docs/guides/connectors.md": _guide,
}
