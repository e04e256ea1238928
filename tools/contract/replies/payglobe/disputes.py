"""Disputes."""

from __future__ import annotations

from pydantic import BaseModel, Field

from shared.domain.dispute import Actor, Purpose
from shared.domain.statuses import DisputeStatus, Reason, Source
from shared.families.payglobe.dispute_views import Delivery
from shared.families.payglobe.fields import Amount


class DisputeView(BaseModel):
    disputeId: str
    originalTransactionId: str
    amountDisputed: Amount
    currency: str
    reasonCode: Reason
    reasonDescription: str
    status: DisputeStatus
    statusBy: Actor = Field(
        description="Whose word the status is. UNDER_REVIEW by MERCHANT: you answered, the PSP has said nothing since"
    )
    pspSource: Source
    responseDeadline: str | None
    daysUntilDeadline: int | None = Field(description="Whole days, computed when it is read")
    isUrgent: bool = Field(description="An answer is awaited, and less than three days remain")
    createdAt: str


class DisputeListReply(BaseModel):
    disputes: list[DisputeView]
    currentPage: int
    totalPages: int
    totalItems: int
    nextCursor: str | None


class DisputeAmounts(BaseModel):
    currency: str
    totalAtRisk: Amount
    totalLost: Amount


class DisputeStatsReply(BaseModel):
    open: int = Field(description="OPEN and EVIDENCE_REQUIRED")
    underReview: int
    won: int
    lost: int = Field(description="LOST and EXPIRED")
    totalAtRisk: Amount = Field(description="Of those that are open or under review")
    totalLost: Amount
    currency: str = Field(description="Of totalAtRisk and totalLost")
    amounts: list[DisputeAmounts] = Field(description="The same for each currency")


class AnswerRefusal(BaseModel):
    code: str = Field(description="The PSP's code, or `not_connected`, `no_answer`, `dispute_closed` of ours")
    message: str = Field(description="What the PSP says; not for customers")


class DisputeResponseView(BaseModel):
    response: str
    accepted: bool = Field(description="What is disputed was given up")
    evidence: list[str]
    submittedAt: str
    delivery: Delivery = Field(
        description="Whether the PSP has it. WAITING: it is sent within minutes. REFUSED: it counts as not said; "
        "answer again before the deadline. BY_HAND: the PSP has no API for it, and a person brings it there"
    )
    deliveredAt: str | None = Field(description="When the PSP took it")
    refusal: AnswerRefusal | None = Field(description="Why the PSP does not take it")


class EvidenceView(BaseModel):
    evidenceId: str
    fileName: str
    contentType: str
    size: int
    purpose: Purpose = Field(description="What it shows")
    version: str | None = Field(description="Which upload counts; null until an answer names the file")


class DisputeTurn(BaseModel):
    status: DisputeStatus
    by: Actor
    at: str


class DisputeReply(DisputeView):
    success: bool
    pspDisputeId: str
    responses: list[DisputeResponseView]
    evidence: list[EvidenceView]
    history: list[DisputeTurn]


class PspReply(BaseModel):
    received: bool
    matched: bool = Field(
        description="False for a message about something else, or about a payment we do not know (202)"
    )
    disputeId: str | None
    status: DisputeStatus | None


class AdvanceReply(BaseModel):
    success: bool
    disputeId: str
    status: DisputeStatus


class UploadForm(BaseModel):
    url: str
    fields: dict[str, str] = Field(description="Send these first, the file last, as multipart/form-data")
    expiresIn: int = Field(description="Seconds")


class EvidenceReply(BaseModel):
    success: bool
    disputeId: str
    evidenceId: str
    upload: UploadForm


class RespondReply(BaseModel):
    success: bool
    disputeId: str
    status: DisputeStatus
    message: str
    delivery: Delivery = Field(
        description="How it goes to the PSP: WAITING to be sent, or BY_HAND; SENT in the sandbox"
    )
