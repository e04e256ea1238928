"""Logos in memory."""

from __future__ import annotations

from datetime import datetime

from shared.adapters.dynamodb.logos import name_of
from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId
from shared.domain.picture import Picture


class FakeLogos:
    """The port ``Logos``."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Picture] = {}
        self.ends: dict[tuple[str, str], datetime] = {}

    def keep(self, merchant_id: MerchantId, picture: Picture) -> str:
        name = name_of(picture)
        self._kept[merchant_id, name] = picture
        self.stay(merchant_id, name)
        return name

    def end(self, merchant_id: MerchantId, name: str, at: datetime) -> None:
        if (merchant_id, name) in self._kept:
            self.ends[merchant_id, name] = at

    def stay(self, merchant_id: MerchantId, name: str) -> None:
        self.ends.pop((merchant_id, name), None)

    def get(self, merchant_id: MerchantId, name: str) -> Picture:
        if (merchant_id, name) not in self._kept:
            raise NotFound("there is no such logo")
        return self._kept[merchant_id, name]
