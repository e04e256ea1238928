"""An acquirer's desks for disputes, watched for answers given twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.answering import Takes
from shared.domain.dispute import Dispute, Response
from shared.domain.operation import Answer
from shared.domain.statuses import Source
from shared.ports.disputes import DisputeDesk, DisputeDesks, Exhibit
from tools.simulator.other_side import Watched


@dataclass(frozen=True, slots=True)
class WatchedDesk:
    """The port ``DisputeDesk`` of an acquirer, whose storm is on the wire."""

    inner: DisputeDesk
    side: Watched

    @property
    def takes(self) -> Takes:
        return self.inner.takes

    def answer(self, dispute: Dispute, response: Response, exhibits: Sequence[Exhibit]) -> Answer:
        return self.side.send("answer", _sent_as(response), lambda: self.inner.answer(dispute, response, exhibits))

    def accept(self, dispute: Dispute, response: Response) -> Answer:
        return self.side.send("accept", _sent_as(response), lambda: self.inner.accept(dispute, response))

    def lookup(self, dispute: Dispute, response: Response) -> Answer | None:
        return self.side.ask(_sent_as(response), lambda: self.inner.lookup(dispute, response))


def _sent_as(response: Response) -> str:
    assert response.sending is not None
    return response.sending.key


@dataclass(frozen=True, slots=True)
class WatchedDesks:
    """The port ``DisputeDesks``."""

    inner: DisputeDesks
    side: Watched

    def of(self, source: Source, gateway: str) -> DisputeDesk | None:
        desk = self.inner.of(source, gateway)
        return None if desk is None else WatchedDesk(desk, self.side)
