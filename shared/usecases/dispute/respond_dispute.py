"""The merchant's answer to a dispute: a text, and the files it refers to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain import ids
from shared.domain.dispute import AWAITING, Dispute, Evidence, Response
from shared.domain.dispute_course import responded
from shared.domain.errors import Conflict, IllegalTransition, InvalidRequest
from shared.domain.statuses import DisputeStatus
from shared.ports.disputes import Disputes, EvidenceStore
from shared.ports.world import World
from shared.usecases.dispute.change_dispute import change_dispute

MOST_FILES: Final = 10
LARGEST_FILE: Final = 5_000_000  # bytes; what card schemes take at most
UPLOAD_SECONDS: Final = 900
TYPES: Final = ("application/pdf", "image/jpeg", "image/png", "text/plain")


def respond_dispute(
    dispute: Dispute,
    text: str,
    evidence: Sequence[str],
    *,
    world: World,
    disputes: Disputes,
    files: EvidenceStore,
) -> Dispute:
    """The dispute, under review. The same answer sent again while it is under review changes nothing.

    Raises IllegalTransition when it is closed or under review, InvalidRequest for a file that is not there.
    """
    wanted = tuple(dict.fromkeys(evidence))

    def decide(before: Dispute | None, now: datetime) -> Dispute | None:
        assert before is not None
        if before.last.status is DisputeStatus.UNDER_REVIEW and before.responses:
            last = before.responses[-1]
            if (last.text, last.evidence) == (text, wanted):
                return None
        after = responded(before, Response(text, wanted, now), now)
        return replace(after, evidence=_as_uploaded(after, wanted, files))

    return _changed(dispute, change_dispute(dispute.id, decide, world=world, disputes=disputes))


def _as_uploaded(dispute: Dispute, wanted: Sequence[str], files: EvidenceStore) -> tuple[Evidence, ...]:
    """The files, the wanted ones as they are now: a form can be used again, what an answer says cannot be changed."""
    known = {file.id: file for file in dispute.evidence}
    for evidence_id in wanted:
        file = known.get(evidence_id)
        if file is None:
            raise InvalidRequest(
                f"evidence: {evidence_id} is no file of this dispute", code="unknown_evidence", param="evidence"
            )
        if file.version is not None:
            continue  # part of an earlier answer
        version = files.version_of(_key(dispute, file))
        if version is None:
            raise InvalidRequest(
                f"evidence: {evidence_id} was not uploaded yet", code="evidence_not_uploaded", param="evidence"
            )
        known[evidence_id] = replace(file, version=version)
    return tuple(known.values())


def add_evidence(
    dispute: Dispute,
    name: str,
    content_type: str,
    size: int,
    *,
    world: World,
    disputes: Disputes,
    files: EvidenceStore,
    seed: bytes,
) -> tuple[Evidence, str, dict[str, str]]:
    """A place for one file: what it is called from now on, and the form that uploads it, for a quarter of an hour.

    With the same ``seed`` the same place, until an answer refers to it. Raises InvalidRequest for a wrong type or
    size, IllegalTransition when no answer is awaited, Conflict for more than ten files.
    """
    if content_type not in TYPES:
        raise InvalidRequest(f"contentType is one of {', '.join(TYPES)}", code="file_type", param="contentType")
    if not 1 <= size <= LARGEST_FILE:
        raise InvalidRequest(f"size is from 1 to {LARGEST_FILE} bytes", code="file_size", param="size")
    evidence_id = ids.evidence_id(seed)

    def decide(before: Dispute | None, now: datetime) -> Dispute | None:
        assert before is not None
        if before.status_at(now) not in AWAITING:
            raise IllegalTransition(f"a dispute in status {before.status_at(now)} takes no evidence")
        if any(evidence_id in response.evidence for response in before.responses):
            raise Conflict("the file is part of an answer and stays as it is", code="evidence_used")
        if any(e.id == evidence_id for e in before.evidence):
            return None
        if len(before.evidence) >= MOST_FILES:
            raise Conflict(f"a dispute takes at most {MOST_FILES} files", code="too_many_files")
        file = Evidence(evidence_id, name, content_type, size, requested_at=now)
        return replace(before, evidence=(*before.evidence, file))

    dispute = _changed(dispute, change_dispute(dispute.id, decide, world=world, disputes=disputes))
    file = next(e for e in dispute.evidence if e.id == evidence_id)
    url, fields = files.form(_key(dispute, file), file.content_type, file.size, UPLOAD_SECONDS)
    return file, url, dict(fields)


def _key(dispute: Dispute, file: Evidence) -> str:
    return f"{dispute.merchant_id}/{dispute.environment}/{dispute.id}/{file.id}"


def _changed(before: Dispute, after: Dispute | None) -> Dispute:
    assert after is not None, before.id
    return after
