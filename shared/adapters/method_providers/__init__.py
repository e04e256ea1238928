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
from shared.domain.method import STRIPE_METHODS
from shared.ports.methods import MethodProvider


def _stripe(settings: ConnectorSettings) -> MethodProvider:
    from shared.adapters.method_providers.stripe import StripeMethodProvider

    return StripeMethodProvider(settings)


METHOD_PROVIDERS: Final[Mapping[str, Callable[[ConnectorSettings], MethodProvider]]] = {
    "sandbox": SandboxMethodProvider,
    STRIPE_METHODS: _stripe,
}
