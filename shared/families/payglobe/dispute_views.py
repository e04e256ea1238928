"""A dispute as the guide prints it: in lists and in webhook events."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from shared.domain.dispute import DESCRIPTIONS, Dispute, Response
from shared.domain.event import DisputeFacts
from shared.domain.operation import State
from shared.domain.statuses import Source
from shared.families.payglobe.views import iso


class Delivery(StrEnum):
    """Whether a dispute's PSP has an answer."""

    WAITING = "WAITING"  # written down, and on its way
    SENT = "SENT"
    REFUSED = "REFUSED"  # the PSP does not take it: it counts as not said
    BY_HAND = "BY_HAND"  # the PSP has no API for it: a person brings it there


def delivery_of(dispute: Dispute, response: Response) -> Delivery:
    if response.sending is None:  # the sandbox's bank reads it here
        return Delivery.SENT if dispute.source is Source.SANDBOX else Delivery.BY_HAND
    return {State.SUCCEEDED: Delivery.SENT, State.REFUSED: Delivery.REFUSED}.get(
        response.sending.state, Delivery.WAITING
    )


def _shown_response(dispute: Dispute, response: Response) -> dict[str, object]:
    sending = response.sending
    refused = sending if sending is not None and sending.state is State.REFUSED else None
    return {
        "response": response.text,
        "accepted": response.accepts,
        "evidence": list(response.evidence),
        "submittedAt": iso(response.at),
        "delivery": delivery_of(dispute, response).value,
        "deliveredAt": iso(sending.closed_at) if sending is not None and refused is None else None,
        "refusal": refused and {"code": refused.code, "message": refused.message},
    }


def told_dispute(dispute: Dispute | DisputeFacts) -> dict[str, object]:
    """What an event tells, true for ever: amounts in Decimal major units, times ISO 8601 UTC."""
    return {
        "disputeId": dispute.id,
        "originalTransactionId": dispute.payment_id,
        "amountDisputed": dispute.amount.major,
        "currency": dispute.amount.currency,
        "reasonCode": dispute.reason.value,
        "reasonDescription": DESCRIPTIONS[dispute.reason],
        "status": dispute.status.value,
        "pspSource": dispute.source.value,
        "responseDeadline": iso(dispute.deadline),
        "createdAt": iso(dispute.created_at),
    }


def listed_dispute(dispute: Dispute, now: datetime) -> dict[str, object]:
    """The same with what depends on the moment."""
    return told_dispute(dispute) | {
        "status": dispute.status_at(now).value,
        "statusBy": dispute.status_by(now).value,
        "daysUntilDeadline": dispute.days_left(now),
        "isUrgent": dispute.is_urgent(now),
    }


def shown_dispute(dispute: Dispute, now: datetime) -> dict[str, object]:
    """One dispute with its responses, its files and its history."""
    return listed_dispute(dispute, now) | {
        "pspDisputeId": dispute.psp_id,
        "responses": [_shown_response(dispute, response) for response in dispute.responses],
        "evidence": [
            {
                "evidenceId": e.id,
                "fileName": e.name,
                "contentType": e.content_type,
                "size": e.size,
                "purpose": e.purpose.value,
                "version": e.version,
            }
            for e in dispute.evidence
        ],
        "history": [{"status": t.status.value, "by": t.by.value, "at": iso(t.at)} for t in dispute.turns],
    }
