"""Registry of voucher providers.

To add one: write ``<name>.py`` here with a class that satisfies ``shared.ports.connectors.VoucherProvider``, and add
its row. ``tests/contract/test_voucher_providers.py`` is parametrised over this table and holds it against the far
side that has its name in ``tools/testing/far_sides``: write that too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from shared.adapters.settings import ConnectorSettings
from shared.adapters.voucher_providers.sandbox import SandboxVoucherProvider
from shared.ports.connectors import VoucherProvider


def _assiopay(settings: ConnectorSettings) -> VoucherProvider:
    # Imported where it is met: functions that know the sandbox alone pay for no issuer.
    from shared.adapters.voucher_providers.assiopay import AssioPayProvider

    return AssioPayProvider(settings)


def _monni(settings: ConnectorSettings) -> VoucherProvider:
    from shared.adapters.voucher_providers.monni import MonniProvider

    return MonniProvider(settings)


VOUCHER_PROVIDERS: Final[Mapping[str, Callable[[ConnectorSettings], VoucherProvider]]] = {
    "sandbox": SandboxVoucherProvider,
    "assiopay": _assiopay,
    "monni": _monni,
}
