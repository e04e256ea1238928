"""Payment links' storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from shared.domain.record import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shared.domain.event import Event
    from shared.domain.ids import LinkId, MerchantId
    from shared.domain.payment import Environment
    from shared.domain.payment_link import PaymentLink
    from shared.domain.statuses import LinkStatus
    from shared.ports.numbered import Listed, NumberedPage


@dataclass(frozen=True, slots=True)
class WantedLinks:
    """Which links of a family are listed; None leaves none out. A status is what holds ``now``."""

    family: str
    now: datetime
    customer_id: str | None = None
    status: LinkStatus | None = None

    def fits(self, link: PaymentLink) -> bool:
        return (
            link.family == self.family
            and self.customer_id in (None, link.customer_id)
            and self.status in (None, link.status_at(self.now))
        )


class Links(Protocol):
    """Payment links. Every write is guarded by ``version``."""

    def get(self, link_id: LinkId) -> PaymentLink:
        """The link as it is now (consistent read). Raises NotFound."""
        ...

    def create(self, link: PaymentLink) -> PaymentLink | None:
        """Write a new link. None when created, else the link already there."""
        ...

    def save(self, link: PaymentLink, events: Sequence[Event] = ()) -> PaymentLink | None:
        """Write it with its events if the version is unchanged; stores version + 1.

        None when written, else the newer one.
        """
        ...

    def of_family(
        self, merchant_id: MerchantId, environment: Environment, wanted: WantedLinks, page: NumberedPage
    ) -> Listed[PaymentLink]:
        """Those of a merchant's links that were made by a family of clients, by page number."""
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
