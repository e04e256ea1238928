"""The merchant's answer to a dispute: a text and the files it refers to, or that the money is given up.

It is written here and nowhere sent: ``pass_on`` does that, and housekeeping calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain import ids
from shared.domain.answering import ANYTHING, LARGEST_FILE, MOST_FILES, Takes
from shared.domain.dispute import AWAITING, Dispute, Evidence, Purpose, Response
from shared.domain.dispute_course import responded
from shared.domain.errors import Conflict, IllegalTransition, InvalidRequest
from shared.domain.operation import Kind, Operation, State
from shared.domain.statuses import DisputeStatus
from shared.ports.disputes import DisputeDesks, Disputes, EvidenceStore
from shared.ports.world import World
from shared.usecases.dispute.change_dispute import change_dispute

UPLOAD_SECONDS: Final = 900


def taken_there(dispute: Dispute, *, world: World, desks: DisputeDesks) -> Takes | None:
    """What the dispute's PSP takes of an answer; None where a person brings it there."""
    desk = desks.of(dispute.source, world.payments.get(dispute.payment_id).gateway)
    return None if desk is None else desk.takes


def respond_dispute(
    dispute: Dispute,
    text: str,
    evidence: Sequence[str],
    *,
    world: World,
    disputes: Disputes,
    files: EvidenceStore,
    desks: DisputeDesks,
    accepts: bool = False,
) -> Dispute:
    """The dispute, under review, and what was said under way to its PSP where that has a desk for it.

    The same answer sent again while it is under review changes nothing. Raises IllegalTransition when it is closed or
    under review, InvalidRequest for a file that is not there and for what its PSP would not take.
    """
    wanted = tuple(dict.fromkeys(evidence))
    takes = taken_there(dispute, world=world, desks=desks)

    def decide(before: Dispute | None, now: datetime) -> Dispute | None:
        assert before is not None
        if before.last.status is DisputeStatus.UNDER_REVIEW and before.responses:
            last = before.responses[-1]
            if (last.text, last.evidence, last.accepts) == (text, wanted, accepts):
                return None
        sending = _sending(before, accepts, now) if takes else None
        after = responded(before, Response(text, wanted, now, accepts, sending), now)
        after = replace(after, evidence=_as_uploaded(after, wanted, files))
        (takes or ANYTHING).check(text, [file for file in after.evidence if file.id in wanted])
        return after

    return _changed(dispute, change_dispute(dispute.id, decide, world=world, disputes=disputes))


def _sending(dispute: Dispute, accepts: bool, now: datetime) -> Operation:
    kind = Kind.DISPUTE_ACCEPTANCE if accepts else Kind.DISPUTE_ANSWER
    key = f"{dispute.id}:{kind}:{len(dispute.responses) + 1}"
    return Operation(key, kind, dispute.amount, State.PENDING, started_at=now)


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
        version = files.version_of(dispute.place_of(file))
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
    desks: DisputeDesks,
    seed: bytes,
    purpose: Purpose = Purpose.OTHER,
) -> tuple[Evidence, str, dict[str, str]]:
    """A place for one file: what it is called from now on, and the form that uploads it, for a quarter of an hour.

    With the same ``seed`` the same place, until an answer refers to it. Raises InvalidRequest for a wrong type or
    size, IllegalTransition when no answer is awaited, Conflict for more than ten files.
    """
    (taken_there(dispute, world=world, desks=desks) or ANYTHING).check_type(content_type)
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
        file = Evidence(evidence_id, name, content_type, size, requested_at=now, purpose=purpose)
        return replace(before, evidence=(*before.evidence, file))

    dispute = _changed(dispute, change_dispute(dispute.id, decide, world=world, disputes=disputes))
    file = next(e for e in dispute.evidence if e.id == evidence_id)
    url, fields = files.form(dispute.place_of(file), file.content_type, file.size, UPLOAD_SECONDS)
    return file, url, dict(fields)


def _changed(before: Dispute, after: Dispute | None) -> Dispute:
    assert after is not None, before.id
    return after
