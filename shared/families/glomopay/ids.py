"""What a Glomopay id begins with; one of another kind is a mistake of the caller's, an unknown one is not there."""

from __future__ import annotations

from typing import Final

from shared.domain.errors import InvalidRequest
from shared.edge.call import Call

CUSTOMER: Final = "cust_"
ORDER: Final = "order_"
PAYMENT: Final = "payt_"
REFUND: Final = "refund_"
LINK: Final = "plink_"


def named(call: Call, prefix: str) -> str:
    """The id in the path. Raises InvalidRequest unless it begins with ``prefix``."""
    found = call.path("id")
    check_prefix(found, prefix)
    return found


def asked_for(call: Call, name: str, prefix: str) -> str | None:
    """The id that a list is narrowed to, if it is. Raises InvalidRequest unless it begins with ``prefix``."""
    found = call.query(name)
    if found is not None:
        check_prefix(found, prefix)
    return found


def check_prefix(text: str, prefix: str, error: type[Exception] = InvalidRequest) -> None:
    """Raises ``error`` for an id of another kind."""
    if not text.startswith(prefix):
        raise error(f"Id must start with '{prefix}'")
