"""Which PSP a message is from, and what it says."""

from __future__ import annotations

from collections.abc import Iterable

from shared.domain.dispute import Notice
from shared.domain.errors import Unauthenticated
from shared.ports.disputes import DisputeSource
from shared.ports.inbound import Inbound


def read_notice(inbound: Inbound, sources: Iterable[DisputeSource]) -> Notice | None:
    """The notice in a message; None when it is about something else. Raises Unauthenticated, InvalidRequest."""
    for source in sources:
        if source.sent(inbound):
            return source.read(inbound)
    raise Unauthenticated("the message carries no signature of a PSP that is known here")
