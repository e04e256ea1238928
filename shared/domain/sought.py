"""What a merchant looks for among its payments, and whether a payment is it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from shared.domain.payment import Payment, Status
from shared.domain.record import dataclass
from shared.domain.searched import searched


@dataclass(frozen=True, slots=True)
class Sought:
    """None and an empty set leave nothing out; ``since`` is included, ``until`` is not.

    ``text`` is a part of a number, name or address, in any letter case. Amounts are in major units of whatever
    currency.
    """

    statuses: frozenset[Status] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    family: str | None = None
    gateway: str | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether more than its time is asked of a payment."""
        told = (self.text, self.statuses, self.family, self.gateway)
        return any(told) or self.least is not None or self.most is not None

    def fits(self, payment: Payment) -> bool:
        return (
            (not self.statuses or payment.status in self.statuses)
            and (self.since is None or payment.created_at >= self.since)
            and (self.until is None or payment.created_at < self.until)
            and self.text.casefold() in searched(payment)
            and (self.least is None or payment.amount.major >= self.least)
            and (self.most is None or payment.amount.major <= self.most)
            and self.family in (None, payment.family)
            and self.gateway in (None, payment.called)
        )
