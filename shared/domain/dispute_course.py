"""How a dispute goes on: by what its PSP says, in whatever order that arrives, and by what the merchant answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.dispute import AWAITING, CLOSED, GIVEN_BACK, MOST_RESPONSES, Actor, Dispute, Notice, Response, Word
from shared.domain.errors import IllegalTransition
from shared.domain.ids import DisputeId
from shared.domain.operation import Answer, State
from shared.domain.payment import Mode, Payment
from shared.domain.statuses import DisputeStatus


def opened(notice: Notice, dispute_id: DisputeId, payment: Payment, now: datetime) -> Dispute:
    """The dispute that the first message we hear of makes, whichever of its messages that is."""
    word = Word(notice.status, notice.happened_at)
    decides = word.status in CLOSED
    dispute = Dispute(
        id=dispute_id,
        merchant_id=payment.merchant_id,
        environment=payment.environment,
        payment_id=payment.id,
        source=notice.source,
        psp_id=notice.psp_id,
        amount=notice.amount,
        reason=notice.reason,
        status=notice.status,
        asked=Word(DisputeStatus.OPEN, word.at) if decides else word,
        decided=word if decides else None,
        facts_at=notice.happened_at,
        created_at=now,
        deadline=notice.deadline,
        deadline_at=notice.happened_at if notice.deadline else None,
        reopened_at=notice.happened_at if notice.reopens else None,
        notify_url=payment.notify_url,
    )
    return _holding(dispute.moved(Actor.PSP, now), payment)


def heard(dispute: Dispute, notice: Notice, payment: Payment, now: datetime) -> Dispute:
    """The dispute after one more message. The same set of messages leads to the same state in any order.

    A decision counts over everything that is none, whenever it was sent; of two decisions or two other messages
    the one that weighs more. A decided dispute begins anew only with a later message that ``reopens`` it.
    """
    at, changed = notice.happened_at, dispute
    if at > dispute.facts_at:
        changed = replace(changed, amount=notice.amount, reason=notice.reason, facts_at=at)
    if notice.deadline and (dispute.deadline_at is None or at > dispute.deadline_at):
        changed = replace(changed, deadline=notice.deadline, deadline_at=at)
    changed = _after(changed, Word(notice.status, at), notice.reopens)
    return _holding(changed.moved(Actor.PSP, now), payment)


def _after(dispute: Dispute, word: Word, reopens: bool) -> Dispute:
    """The dispute with one more word of its PSP, whichever was said first."""
    since = dispute.reopened_at
    begins = reopens and (since is None or word.at > since)
    if begins:
        dispute = replace(dispute, reopened_at=word.at)
    if word.status in CLOSED:
        newer = dispute.decided is None or word.weight > dispute.decided.weight
        return replace(dispute, decided=word) if newer else dispute
    outdated = since is not None and word.at < since
    newer = word.weight > dispute.asked.weight or (begins and word.at > dispute.asked.at)
    return replace(dispute, asked=word) if newer and not outdated else dispute


def responded(dispute: Dispute, response: Response, now: datetime) -> Dispute:
    """Under review from now on. Raises IllegalTransition when no answer is awaited."""
    status = dispute.status_at(now)
    if status in CLOSED:
        raise IllegalTransition(f"the dispute is closed ({status})", code="dispute_closed")
    if status not in AWAITING:
        raise IllegalTransition("the dispute is under review already", code="dispute_under_review")
    if len(dispute.responses) >= MOST_RESPONSES:
        raise IllegalTransition(f"a dispute takes at most {MOST_RESPONSES} responses", code="too_many_responses")
    told = replace(
        dispute,
        responses=(*dispute.responses, replace(response, answers=dispute.asked)),
        # Not before the message it answers, should the PSP's clock be ahead of ours.
        asked=Word(DisputeStatus.UNDER_REVIEW, max(now, dispute.asked.at), Actor.MERCHANT),
    )
    return told.moved(Actor.MERCHANT, now)


def passed_on(dispute: Dispute, place: int, answer: Answer, now: datetime) -> Dispute:
    """The dispute after ``answer``, the PSP's to one of the merchant's: what it does not take was not said.

    Then what was asked holds again, with its deadline, unless the PSP has said something since.
    """
    response = dispute.responses[place]
    if response.sending is None or not response.is_under_way:
        return dispute
    response = replace(response, sending=response.sending.closed(answer, now))
    responses = (*dispute.responses[:place], response, *dispute.responses[place + 1 :])
    changed = replace(dispute, responses=responses)
    newest = place == len(responses) - 1
    if answer.state is State.REFUSED and newest and dispute.asked.by is Actor.MERCHANT and response.answers:
        changed = replace(changed, asked=response.answers)
    return changed.moved(changed.status_by(now), now)


def _holding(dispute: Dispute, payment: Payment) -> Dispute:
    by_method = payment.mode is Mode.ALTERNATIVE
    dispute = replace(dispute, currency=payment.amount.currency, by_method=by_method)
    if dispute.last.status in GIVEN_BACK:
        return replace(dispute, held=0)
    # In another currency the amounts cannot be compared: then the whole payment is held.
    same = dispute.amount.currency == payment.amount.currency
    return replace(dispute, held=dispute.amount.minor if same else payment.amount.minor)
