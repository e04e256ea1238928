"""Disputes as Stripe tells them: ``charge.dispute.*`` events under ``Stripe-Signature``."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from shared.adapters.dispute_sources.reading import (
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
from shared.adapters.dispute_sources.settings import SourceSettings
from shared.domain.dispute import CLOSED, Notice
from shared.domain.errors import Unauthenticated
from shared.domain.money import Money
from shared.domain.payment import Environment
from shared.domain.statuses import DisputeStatus, Source
from shared.ports.inbound import Inbound

TOLERANCE: Final = timedelta(minutes=5)  # as in Stripe's own libraries
HEADER: Final = "stripe-signature"
# Currencies without decimals that Stripe counts in hundredths all the same.
_IN_HUNDREDTHS: Final = frozenset({"ISK", "UGX"})
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
        message = read_message(inbound.body)
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

    def _environment(self, inbound: Inbound) -> Environment:
        given = [entry.partition("=") for entry in inbound.headers.get(HEADER, "").split(",")]
        stamp = next((value for name, _, value in given if name == "t"), "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise Unauthenticated("the signature is not valid")
        if inbound.now.timestamp() - int(stamp) > TOLERANCE.total_seconds():
            raise Unauthenticated("the signature is too old")
        signed = f"{stamp}.".encode() + inbound.body

        def fits(secret: str) -> bool:
            right = hmac.digest(secret.encode(), signed, "sha256").hex()
            return any(
                hmac.compare_digest(value.encode(), right.encode()) for name, _, value in given if name == "v1"
            )

        return self.settings.environment_of(Source.STRIPE, fits)


def _amount(dispute: Mapping[str, Any]) -> Money:
    amount = minor_amount(dispute.get("amount"), word(dispute, "currency").upper())
    if amount.currency in _IN_HUNDREDTHS:
        return minor_amount(amount.minor // 100, amount.currency)
    return amount
