"""The logos of merchants, each under a name that its content gives it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from shared.domain.ids import MerchantId
from shared.domain.picture import Picture


class Logos(Protocol):
    def keep(self, merchant_id: MerchantId, picture: Picture) -> str:
        """Keep a logo and return its name; the same picture again changes nothing. Nothing shows it yet."""
        ...

    def end(self, merchant_id: MerchantId, name: str, at: datetime) -> None:
        """From ``at`` on nobody needs it: it goes sometime after. Nothing happens to one that is not there."""
        ...

    def stay(self, merchant_id: MerchantId, name: str) -> None:
        """It is shown: whatever end was set for it is none."""
        ...

    def get(self, merchant_id: MerchantId, name: str) -> Picture:
        """Raises NotFound."""
        ...
