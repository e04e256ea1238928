"""A shop with paid orders, and the bank that disputes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.adapters.dispute_sources.sandbox import opened_dispute
from shared.domain.dispute import Dispute, Notice
from shared.domain.ids import DisputeId
from shared.domain.money import Money
from shared.domain.payment import Mode
from shared.domain.statuses import DisputeStatus, Reason, Source
from shared.ports.disputes import Period
from shared.usecases.dispute.expire_disputes import sweep_disputes
from shared.usecases.dispute.list_disputes import (
    DisputePage,
    DisputeQuery,
    DisputeStats,
    dispute_stats,
    list_disputes,
)
from shared.usecases.dispute.respond_dispute import respond_dispute
from shared.usecases.dispute.take_notice import take_notice
from tests.unit.usecases.till import UNION, VISA, Till
from tools.testing.builders import MERCHANT, TEST, euro
from tools.testing.fakes import NOON, FakeDesks, FakeDisputes, FakeEvidence

DAY = timedelta(days=1)


class Bank(Till):
    """``says`` is one message of the PSP; times in it count in minutes from noon."""

    def __init__(self, **overrides: Any) -> None:
        super().__init__(**overrides)
        self.disputes = FakeDisputes(self.world.payments)
        self.files = FakeEvidence()
        self.desks = FakeDesks()
        self.dispute_id = DisputeId("")

    def sold(self, minor: int = 150_00, number: str = VISA) -> str:
        self.open(euro(minor), Mode.SALE_DIRECT)
        self.pay_by_card(number)
        assert self.state == "SUCCESS"
        return self.id

    def notice(self, status: DisputeStatus = DisputeStatus.OPEN, at: float = 0, **changes: Any) -> Notice:
        made = Notice(
            source=Source.IGFS,
            environment=TEST,
            psp_id="CB-1",
            payment_ids=(self.id,),
            amount=euro(50_00),
            reason=Reason.FRAUDULENT,
            status=status,
            happened_at=NOON + timedelta(minutes=at),
            deadline=NOON + 14 * DAY,
        )
        return replace(made, **changes)

    def says(self, status: DisputeStatus = DisputeStatus.OPEN, at: float = 0, **changes: Any) -> Dispute:
        dispute = self.hears(self.notice(status, at, **changes))
        assert dispute is not None
        self.dispute_id = dispute.id
        return dispute

    def hears(self, notice: Notice) -> Dispute | None:
        return take_notice(notice, world=self.world, disputes=self.disputes)

    @property
    def dispute(self) -> Dispute:
        return self.disputes.get(self.dispute_id)

    @property
    def stands(self) -> str:
        return self.dispute.status.value

    def answer(self, text: str = "Delivered on Monday", *evidence: str, accepts: bool = False) -> Dispute:
        return respond_dispute(
            self.dispute,
            text,
            evidence,
            world=self.world,
            disputes=self.disputes,
            files=self.files,
            desks=self.desks,
            accepts=accepts,
        )

    def sandbox_tells(self) -> list[Dispute | None]:
        """The stream brings every event once more."""
        notices = [opened_dispute(event, self.world.books) for event in self.world.events.told]
        return [self.hears(notice) for notice in notices if notice is not None]

    def sweep(self) -> list[tuple[str, str]]:
        return sweep_disputes(100, world=self.world, disputes=self.disputes, desks=self.desks, files=self.files)[1]

    def listed(self, **wanted: Any) -> DisputePage:
        given: dict[str, Any] = {"status": None, "page": 0, "size": 20, "cursor": None, "period": Period(), **wanted}
        return list_disputes(MERCHANT, TEST, DisputeQuery(**given), world=self.world, disputes=self.disputes)

    def stats(self, currency: str | None = None) -> DisputeStats:
        return dispute_stats(MERCHANT, TEST, currency, world=self.world, disputes=self.disputes)

    def dispute_events(self) -> list[str]:
        """What was told about disputes, in order, without the common beginning."""
        types = [str(UNION.name(event)) for event in self.world.events.told]
        return [name.removeprefix("charge.dispute.") for name in types if name.startswith("charge.dispute.")]

    def later(self, moment: datetime) -> None:
        self.world.now.advance((moment - self.world.now()).total_seconds())


def in_yen(amount: int) -> Money:
    return Money(amount, "JPY")
