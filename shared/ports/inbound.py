"""What an acquirer, issuer or provider sends us of its own accord."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from shared.domain.record import dataclass

if TYPE_CHECKING:
    from shared.domain.dispute import Notice
    from shared.domain.ids import PaymentId


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message as it came; header names in lower case. ``payment`` is what its address names, where it names one."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    now: datetime
    method: str = "POST"
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    payment: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a message is about: payments by our id or the sender's, operations by the sender's number of them.

    Nothing of what it says about them is kept: whatever happened, the gateway is asked. ``notice`` is what it says of
    a dispute, of which nobody is asked: it is the sender's own word.
    """

    payments: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    notice: Notice | None = None


class Notifier(Protocol):
    """How one connector's other side rings."""

    def read(self, inbound: Inbound) -> Told:
        """What it is about; nothing, for one about something else.

        Raises Unauthenticated unless it is surely the sender's, InvalidRequest when it cannot be understood,
        Unavailable when nobody can say now whose it is.
        """
        ...


class Bells(Protocol):
    """Who asks after a message: of many about one payment, few."""

    def first(self, payment_id: PaymentId, now: datetime) -> bool:
        """Whether nobody was let through for this payment in the last three seconds. Then this call is."""
        ...
