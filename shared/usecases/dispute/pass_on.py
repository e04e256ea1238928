"""A merchant's answer goes to the dispute's PSP: once, asked about when the PSP's word is lost, until it is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.dispute import Dispute, Response
from shared.domain.dispute_course import passed_on
from shared.domain.errors import GatewayNotConfigured
from shared.domain.operation import HANDLER_TIMEOUT, Answer, Operation, State
from shared.ports.disputes import DisputeDesk, DisputeDesks, Disputes, EvidenceStore, Exhibit
from shared.ports.world import World
from shared.usecases.dispute.change_dispute import change_dispute
from shared.usecases.payment.operating import ask, send

LONGEST: Final = timedelta(days=30)  # that a PSP which does not answer is asked
_NO_ANSWER: Final = Answer(State.REFUSED, "no_answer", "The PSP has not said for a month whether it has it")
_NO_DESK: Final = Answer(State.REFUSED, "not_connected", "The gateway is not set up for this merchant any more")
_CLOSED: Final = Answer(State.REFUSED, "dispute_closed", "The dispute was decided before this was sent")


def pass_on(dispute: Dispute, *, world: World, disputes: Disputes, desks: DisputeDesks, files: EvidenceStore) -> None:
    """Send the oldest answer that is under way and due, or ask what became of it. Safe to repeat, by anybody.

    It is written that it is being sent before it is: whoever comes by meanwhile leaves it alone, whoever comes after
    that asks first.
    """
    taken = _taken_up(dispute, world, disputes)
    if taken is None:
        return
    dispute, place, sent_before = taken
    answer = _answer(dispute, dispute.responses[place], sent_before, world, desks, files)

    def close(before: Dispute | None, now: datetime) -> Dispute | None:
        return None if before is None else passed_on(before, place, answer, now)

    change_dispute(dispute.id, close, world=world, disputes=disputes)


def _taken_up(dispute: Dispute, world: World, disputes: Disputes) -> tuple[Dispute, int, bool] | None:
    """The dispute with the answer that is this call's to send, its place, and whether an earlier one may have."""
    taken: list[tuple[int, bool]] = []

    def take(before: Dispute | None, now: datetime) -> Dispute | None:
        taken.clear()
        place = None if before is None else before.under_way
        if before is None or place is None or before.send_at is None or before.send_at > now:
            return None
        response = before.responses[place]
        sending = response.sending
        if sending is None or (sending.taken_at is not None and now - sending.taken_at < HANDLER_TIMEOUT):
            return None
        taken.append((place, sending.sent_before))
        response = replace(response, sending=replace(sending, taken_at=now))
        return replace(before, responses=(*before.responses[:place], response, *before.responses[place + 1 :]))

    found = change_dispute(dispute.id, take, world=world, disputes=disputes)
    if found is None or not taken:
        return None
    return found, *taken[0]


def _answer(
    dispute: Dispute, response: Response, sent_before: bool, world: World, desks: DisputeDesks, files: EvidenceStore
) -> Answer:
    sending = response.sending
    assert sending is not None, dispute.id
    desk = desks.of(dispute.source, world.payments.get(dispute.payment_id).gateway)
    if desk is None:
        return _NO_DESK
    try:
        answer = _asked(desk, dispute, response, sending) if sent_before else None
        if answer is None and dispute.is_closed:
            return _CLOSED
        answer = answer or send(lambda: _sent(desk, dispute, response, files))
    except GatewayNotConfigured:
        return _NO_DESK
    over = world.now() - sending.started_at >= LONGEST
    return _NO_ANSWER if over and answer.state is State.UNKNOWN else answer


def _asked(desk: DisputeDesk, dispute: Dispute, response: Response, sending: Operation) -> Answer | None:
    return ask(lambda: desk.lookup(dispute, response), sending)


def _sent(desk: DisputeDesk, dispute: Dispute, response: Response, files: EvidenceStore) -> Answer:
    if response.accepts:
        return desk.accept(dispute, response)
    named = [file for file in dispute.evidence if file.id in response.evidence and file.version is not None]
    exhibits = [
        Exhibit(f.id, f.name, f.content_type, f.purpose, files.content(dispute.place_of(f), f.version or ""))
        for f in named
    ]
    return desk.answer(dispute, response, exhibits)
