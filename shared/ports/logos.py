"""The logos of merchants, each under a name that its content gives it."""

from __future__ import annotations

from typing import Protocol

from shared.domain.ids import MerchantId
from shared.domain.picture import Picture


class Logos(Protocol):
    def keep(self, merchant_id: MerchantId, picture: Picture) -> str:
        """Keep a logo and return its name; the same picture again changes nothing. Nothing shows it yet."""
        ...

    def get(self, merchant_id: MerchantId, name: str) -> Picture:
        """Raises NotFound. What was kept once stays: mails and payments of before name it."""
        ...
