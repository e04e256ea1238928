"""What a Glomopay id begins with; one of another kind is a mistake of the caller's, an unknown one is not there."""

from __future__ import annotations

from typing import Final

from shared.domain.errors import InvalidRequest
from shared.edge.call import Call

CUSTOMER: Final = "cust_"


def named(call: Call, prefix: str) -> str:
    """The id in the path. Raises InvalidRequest unless it begins with ``prefix``."""
    found = call.path("id")
    if not found.startswith(prefix):
        raise InvalidRequest(f"Id must start with '{prefix}'")
    return found
