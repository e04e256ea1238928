"""What a card gateway is called: by its own name, or in test by that of the gateway the sandbox stands in for."""

from __future__ import annotations

from typing import Final

from shared.domain.errors import InvalidRequest
from shared.domain.mode import Environment

SANDBOX: Final = "sandbox"
STOOD_IN_FOR: Final = ("IGFS", "SHIFT4", "STRIPE", "NEXI", "WORLDLINE", "PAYPAL")


def name_asked_for(gateway: str, environment: Environment, wanted: str | None) -> str:
    """How replies are to name ``gateway`` to who asked for ``wanted``; empty: by its own name.

    However it is written. Raises InvalidRequest for the name of another gateway.
    """
    if wanted is None or wanted.lower() == gateway.lower():
        return ""
    stands_in = gateway == SANDBOX and environment is Environment.TEST
    if stands_in and wanted.upper() in STOOD_IN_FOR:
        return wanted.upper()
    also = f"; in test it stands in for {', '.join(STOOD_IN_FOR)}" if stands_in else ""
    raise InvalidRequest(f"the payment was made at the gateway {gateway}{also}", code="another_gateway")


def as_printed(name: str) -> str:
    """A saved card's gateway as the guide prints it, ``IGFS``, whether it is that one or stood in for."""
    return name if name == SANDBOX else name.upper()


def may_be_sandbox(name: str) -> bool:
    """Whether the sandbox may be meant by a name in a reply or event of the test environment."""
    return name == SANDBOX or name in STOOD_IN_FOR
