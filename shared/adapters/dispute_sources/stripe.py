"""Disputes as Stripe tells them: ``charge.dispute.*`` events under ``Stripe-Signature``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shared.adapters.dispute_sources.settings import SourceSettings
from shared.adapters.reading import (
    minor_amount,
    moment,
    moment_if_any,
    name_of,
    names,
    part,
    read_message,
    reason_from,
    status_from,
    word,
)
from shared.adapters.stripe_amounts import from_stripe
from shared.adapters.stripe_signature import HEADER, signed_with
from shared.domain.dispute import CLOSED, Notice
from shared.domain.money import Money
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.statuses import DisputeStatus, Source
from shared.ports.inbound import Inbound

_S = DisputeStatus
STATUSES: Final = {
    "needs_response": _S.OPEN,
    "warning_needs_response": _S.OPEN,
    "under_review": _S.UNDER_REVIEW,
    "warning_under_review": _S.UNDER_REVIEW,
    "won": _S.WON,
    "lost": _S.LOST,
    "warning_closed": _S.CANCELLED,
    "charge_refunded": _S.CANCELLED,
    "prevented": _S.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Stripe:
    """The port ``DisputeSource``. The payment is named by the dispute's metadata, else by what it disputes."""

    settings: SourceSettings

    def sent(self, inbound: Inbound) -> bool:
        return HEADER in inbound.headers

    def read(self, inbound: Inbound) -> Notice | None:
        environment = self._environment(inbound)
        return notice_of(read_message(inbound.body), environment)

    def _environment(self, inbound: Inbound) -> Environment:
        return self.settings.environment_of(Source.STRIPE, signed_with(inbound))


def notice_of(message: Mapping[str, Any], environment: Environment) -> Notice | None:
    """What an event says of a dispute; None for one about something else. Raises InvalidRequest."""
    if not word(message, "type").startswith("charge.dispute."):
        return None
    dispute = part(message, "data", "object")
    status = status_from(word(dispute, "status"), STATUSES)
    before = STATUSES.get(word(part(message, "data", "previous_attributes"), "status"))
    if status is _S.OPEN and before is not None:  # an inquiry has become a chargeback: to be answered anew
        status = _S.EVIDENCE_REQUIRED
    due = part(dispute, "evidence_details").get("due_by")
    about = part(dispute, "metadata").get("transactionId")
    return Notice(
        source=Source.STRIPE,
        environment=environment,
        psp_id=name_of(dispute, "id"),
        payment_ids=names(about, dispute.get("payment_intent"), dispute.get("charge")),
        amount=_amount(dispute),
        reason=reason_from(word(dispute, "reason")),
        status=status,
        happened_at=moment(message.get("created"), "created"),
        deadline=moment_if_any(due, "due_by"),
        reopens=before in CLOSED and status not in CLOSED,
    )


def _amount(dispute: Mapping[str, Any]) -> Money:
    amount = minor_amount(dispute.get("amount"), word(dispute, "currency").upper())
    return from_stripe(amount.minor, amount.currency)
