"""Payment links' storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from shared.domain.ids import LinkId, MerchantId
    from shared.domain.payment import Environment
    from shared.domain.payment_link import LinkStatus, PaymentLink


class Links(Protocol):
    """Payment links. Every write is guarded by ``version``."""

    def get(self, link_id: LinkId) -> PaymentLink:
        """The link as it is now (consistent read). Raises NotFound."""
        ...

    def create(self, link: PaymentLink) -> PaymentLink | None:
        """Write a new link. None when created, else the link already there."""
        ...

    def save(self, link: PaymentLink) -> PaymentLink | None:
        """Write if the version is unchanged; stores version + 1. None when written, else the newer one."""
        ...

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        *,
        status: LinkStatus | None,
        limit: int,
        cursor: str | None,
    ) -> tuple[list[PaymentLink], str | None]:
        """A merchant's links, newest first, all or those recorded with ``status``; and the next page's cursor."""
        ...

    def due(self, now: datetime, limit: int) -> list[LinkId]:
        """Links whose ``due_at`` has passed, oldest first (eventually consistent)."""
        ...
