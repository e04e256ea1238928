"""What our handlers bring beside an AWS client, each as code to put before the bare handler's."""

from __future__ import annotations

import ast
from typing import Final

from tools.contract.routes import FUNCTIONS

# Our package makes Python look for garbage less often; what is added is to be paid for as in the bare handler.
_AS_BARE: Final = """
import gc
often = gc.get_threshold()
import shared
gc.set_threshold(*often)
"""
_POWERTOOLS: Final = """
from shared.edge.observe import count, logger
logger().info("request", status=200)
count("PaymentsEnded")
"""
_VALIDATED: Final = """
import json
from decimal import Decimal
InitRequest.model_validate(json.loads('{"amount": 150.0, "description": "Order 12345"}', parse_float=Decimal))
"""
# Of what a handler's module imports, what its models are made of.
_OF_MODELS: Final = ("pydantic", "shared.families.payglobe.fields", "shared.domain.payment")


def models(module: str) -> str:
    """The source of a handler's pydantic models alone, with the imports that they need."""
    whole = ast.parse((FUNCTIONS / f"{module.replace('.', '/')}.py").read_text())
    kept: list[ast.stmt] = [
        node
        for node in whole.body
        if isinstance(node, ast.ClassDef) or (isinstance(node, ast.ImportFrom) and node.module in _OF_MODELS)
    ]
    return ast.unparse(ast.Module(kept, []))


ADDITIONS: Final = {
    "Powertools: one log line and one metric, as ours are": _AS_BARE + _POWERTOOLS,
    "pydantic: the models of payment.init, and one request": _AS_BARE + models("payment.init") + "\n" + _VALIDATED,
}
