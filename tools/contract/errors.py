"""Every code that an error may have, as the sources write them: what a caller may read, a guide has to explain."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from functions.glomopay.payment_create import CARD_CODES
from shared.domain.decline import Decline
from shared.domain.errors import GatewayError
from shared.edge.problems import status_of
from shared.families.glomopay.problems import CODES
from shared.families.paygol.problems import RESULTS
from tools.local.deploy import ROOT

_SOURCES: Final = ("shared", "functions")
_DECLINES: Final = {word.value: 422 for word in Decline}
# Codes that are no text where an error is made, by the file that makes it.
_NOT_BACK: Final = dict.fromkeys(("not_reversible", "too_late_to_reverse"), 422)  # of an issuer
MADE: Final[dict[str, dict[str, int]]] = {
    "shared/usecases/refund/refund_payment.py": {**_DECLINES, **_NOT_BACK, "refund_refused": 422},
    "shared/domain/payment_link.py": {f"link_{word}": 409 for word in ("paid", "expired", "cancelled")},
    "shared/adapters/dynamodb/orders.py": {f"{kind}_reference_taken": 409 for kind in ("order", "payment")},
    "shared/families/paygol/auth.py": dict.fromkeys(RESULTS.keys() - {"gateway_not_configured", "unavailable"}, 400),
    "shared/families/paygol/reading.py": {"invalid_request": 400},
    "shared/families/paygol/doors.py": {"invalid_fields": 400},
    "functions/glomopay/payment_create.py": dict.fromkeys(CARD_CODES.values(), 400),
    "shared/families/glomopay/problems.py": dict.fromkeys(CODES.values(), 400),
}


def codes() -> dict[str, set[int]]:
    """Each code, with the statuses that errors with it mean (a family may tell its callers another)."""
    found: dict[str, set[int]] = {}
    for path in _files():
        for code, error in _of(path):
            found.setdefault(code, set()).add(status_of(error.__new__(error)))
    for made in MADE.values():
        for code, status in made.items():
            found.setdefault(code, set()).add(status)
    return found


def made_elsewhere() -> set[str]:
    """The files that make codes from something else than a text of their own."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in _files()
        for node, error in _calls(path, ast.parse(path.read_text()))
        if error is not None and not isinstance(_code(node), ast.Constant | None)
    }


def _files() -> Iterator[Path]:
    return (path for folder in _SOURCES for path in sorted((ROOT / folder).rglob("*.py")))


def _calls(path: Path, tree: ast.Module) -> list[tuple[ast.Call, type[GatewayError] | None]]:
    return [(node, _errors(path, node)) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _code(call: ast.Call) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)


def _of(path: Path) -> Iterator[tuple[str, type[GatewayError]]]:
    tree = ast.parse(path.read_text())
    for node, error in _calls(path, tree):
        said = _code(node)
        if error is not None and isinstance(said, ast.Constant) and isinstance(said.value, str):
            yield said.value, error
    for error in _classes(path, tree):
        yield error.code, error


def _classes(path: Path, tree: ast.Module) -> Iterator[type[GatewayError]]:
    names = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    module = _module(path)
    for name in names:
        found = getattr(module, name)
        if issubclass(found, GatewayError):
            yield found


def _errors(path: Path, call: ast.Call) -> type[GatewayError] | None:
    """The class of error that a call makes, if it makes one."""
    if not isinstance(call.func, ast.Name) or not call.func.id[:1].isupper():
        return None
    found = getattr(_module(path), call.func.id, None)
    return found if isinstance(found, type) and issubclass(found, GatewayError) else None


def _module(path: Path) -> object:
    return importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
