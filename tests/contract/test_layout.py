"""Layout rules that a reviewer should not have to remember."""

from __future__ import annotations

import ast
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tools.contract.routes import FUNCTIONS
from tools.local.deploy import ROOT

AREAS = sorted(path.name for path in FUNCTIONS.iterdir() if any(path.glob("*.py")))
MODULES = sorted(FUNCTIONS.rglob("*.py"))
INWARD = ("shared.families", "shared.edge", "shared.bootstrap", "shared.usecases", "shared.domain", "shared.ports")


def imported(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def name_of(path: Path) -> str:
    return str(path.relative_to(FUNCTIONS))


@pytest.mark.parametrize("area", AREAS)
def test_an_area_shadows_no_module_that_lambda_could_import(area: str) -> None:
    assert area not in sys.stdlib_module_names
    assert area not in packages_distributions()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_handler_imports_no_sibling(path: Path) -> None:
    assert not {module.partition(".")[0] for module in imported(path)} & {"functions", *AREAS}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_handler_reaches_adapters_through_the_edge_and_bootstrap_only(path: Path) -> None:
    ours = {module for module in imported(path) if module.startswith("shared.")}
    assert all(module.startswith(INWARD) for module in ours), ours


def test_every_dataclass_says_in_words_what_it_is() -> None:
    """Else ``dataclasses`` reads its signature to say it, at every start of every function: a third of its cost."""
    wordless = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sorted((ROOT / "shared").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        and any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)
        and not ast.get_docstring(node)
    ]
    assert not wordless
