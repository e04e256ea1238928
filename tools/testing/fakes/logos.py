"""Logos in memory."""

from __future__ import annotations

from shared.adapters.dynamodb.logos import name_of
from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId
from shared.domain.picture import Picture


class FakeLogos:
    """The port ``Logos``."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Picture] = {}

    def keep(self, merchant_id: MerchantId, picture: Picture) -> str:
        name = name_of(picture)
        self._kept[merchant_id, name] = picture
        return name

    def get(self, merchant_id: MerchantId, name: str) -> Picture:
        if (merchant_id, name) not in self._kept:
            raise NotFound("there is no such logo")
        return self._kept[merchant_id, name]
