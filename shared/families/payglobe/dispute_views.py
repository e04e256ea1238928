"""A dispute as the guide prints it: in lists and in webhook events."""

from __future__ import annotations

from datetime import datetime

from shared.domain.dispute import DESCRIPTIONS, Dispute
from shared.domain.event import DisputeFacts
from shared.families.payglobe.views import iso


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
        "responses": [
            {"response": r.text, "evidence": list(r.evidence), "submittedAt": iso(r.at)} for r in dispute.responses
        ],
        "evidence": [
            {
                "evidenceId": e.id,
                "fileName": e.name,
                "contentType": e.content_type,
                "size": e.size,
                "version": e.version,
            }
            for e in dispute.evidence
        ],
        "history": [{"status": t.status.value, "by": t.by.value, "at": iso(t.at)} for t in dispute.turns],
    }
