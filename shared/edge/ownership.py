"""What belongs to somebody else is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from shared.domain.errors import NotFound

if TYPE_CHECKING:
    from shared.domain.ids import MerchantId
    from shared.domain.merchant import Credential
    from shared.domain.payment import Environment


class Owned(Protocol):
    """A payment, link or dispute: something of one merchant's."""

    @property
    def merchant_id(self) -> MerchantId: ...
    @property
    def environment(self) -> Environment: ...


def check_owner(thing: Owned, caller: Credential, what: str) -> None:
    """Raises NotFound for another merchant's, and for one of the other environment."""
    if (thing.merchant_id, thing.environment) != (caller.merchant.id, caller.environment):
        raise NotFound(f"there is no such {what}")
