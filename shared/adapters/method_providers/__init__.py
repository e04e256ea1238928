"""Registry of method providers.

To add one: write ``<name>.py`` here with a class that satisfies ``shared.ports.methods.MethodProvider``, and add its
row. ``tests/contract/test_method_providers.py`` is parametrised over this table and holds it against the far side
that has its name in ``tools/testing/far_sides``: write that too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from shared.adapters.method_providers.sandbox import SandboxMethodProvider
from shared.adapters.settings import ConnectorSettings
from shared.ports.methods import MethodProvider

METHOD_PROVIDERS: Final[Mapping[str, Callable[[ConnectorSettings], MethodProvider]]] = {
    "sandbox": SandboxMethodProvider,
}
