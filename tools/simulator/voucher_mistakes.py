"""Mistakes in the connectors of issuers of vouchers.

Each is found in the worlds whose vouchers are two issuers', and nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from shared.adapters.voucher_providers import assiopay, monni
from shared.domain.operation import Answer, State
from tools.simulator.aftermath import Patches


def new_reference_each_time() -> Patches:
    return [(assiopay, "wire_key", lambda owner, key: secrets.token_hex(16))]


def any_return_is_ours() -> Patches:
    return [(monni, "_given_back", lambda said, note: Answer(State.SUCCEEDED, "000", "OK", "mrv"))]


def reservation_is_a_spending() -> Patches:
    def spend(self: Any, payment: Any, voucher: Any, operation: Any) -> Any:
        return Answer(State.SUCCEEDED, "000", "OK", voucher.reservation)

    return [(monni.MonniProvider, "spend", spend)]


MISTAKES: Final[dict[str, Callable[[], Patches]]] = {
    "each call to an issuer bears a new reference": new_reference_each_time,
    "whatever was given back was given back by us": any_return_is_ours,
    "a reservation is taken for a spending": reservation_is_a_spending,
}
