"""What must hold at rest between payments and what they are for, or come to: links, cards, disputes, methods."""

from __future__ import annotations

from collections import Counter

from shared.adapters.card_gateways.sandbox_books import PAGE
from shared.adapters.wire_keys import wire_key
from shared.domain import ids
from shared.domain.course import LATE
from shared.domain.dispute import CLOSED, GIVEN_BACK, TAKEN, Actor, Dispute
from shared.domain.event import EventType
from shared.domain.figures import figures_of
from shared.domain.method_course import received, returns, surplus
from shared.domain.operation import Kind, State
from shared.domain.payment import PAID, Mode, Payment, Status
from shared.domain.payment_link import PaymentLink
from shared.domain.statuses import LinkStatus, Source
from shared.families.payglobe.dispute_views import told_dispute
from tools.simulator.disputers import Disputed
from tools.simulator.stage import Stage
from tools.simulator.visitors import CUSTOMER
from tools.testing.builders import a_credential


def links_agree(stage: Stage) -> None:
    for link in stage.stored_links.all():
        mine = [payment for payment in stage.payments.all() if payment.link_id == link.id]
        _link_is_over(stage, link, mine)


def _link_is_over(stage: Stage, link: PaymentLink, mine: list[Payment]) -> None:
    fail = stage.fail
    if link.status is LinkStatus.PENDING or link.due_at is not None:
        fail(f"{link.id} is {link.status} for ever, due {link.due_at}")
    ours = link.opening.payment_id if link.opening else None
    paid = [payment for payment in mine if payment.status in PAID]
    if link.status is LinkStatus.PAID and ours not in {payment.id for payment in paid}:
        fail(f"{link.id} is PAID and its payment is not")
    for payment in mine:
        if payment.expires_at > link.expires_at or payment.unwanted:
            fail(f"{link.id} ended at {link.expires_at}, {payment.id} at {payment.expires_at}: {payment.unwanted}")
    for payment in paid:
        is_its_own = link.status is LinkStatus.PAID and payment.id == ours
        if not is_its_own and payment.status is not Status.REFUNDED and payment.attention is None:
            fail(f"{link.id} is {link.status} and {payment.id} is kept: {payment.status}")


def methods_agree(stage: Stage) -> None:
    """What came at the provider is what we recorded, and all of it is the sale, went back, or is seen by a person."""
    for payment in stage.payments.all():
        if payment.mode is Mode.ALTERNATIVE:
            _method_agrees(stage, payment)


def _method_agrees(stage: Stage, payment: Payment) -> None:
    fail, book = stage.fail, stage.counter.book(payment.id)
    came = dict(book.get("receipts", []))
    ours = {op.reference: op.amount.minor for op in payment.operations if op.kind is Kind.RECEIPT}
    if came != ours:
        fail(f"{payment.id}: our receipts {ours}, the provider's {came}")
    if came and stage.collector is not None and payment.status not in PAID:
        fail(f"{payment.id}: {came} came whole and in time, and it is {payment.status}")
    page, _ = stage.books.load(PAGE, payment.page_id)
    if page.get("captured", 0) != page.get("refunded", 0):
        fail(f"{payment.id}: a card paid {page['captured']} on a page that was left")
    given = sum(op.amount.minor for op in returns(payment) if op.state is State.SUCCEEDED)
    if given + payment.refunded != book.get("refunded", 0):
        fail(f"{payment.id}: {given} returned and {payment.refunded} refunded, the provider's {book['refunded']}")
    if sum(call["operation"] == "BEGIN" for call in book.get("calls", [])) > 1:
        fail(f"{payment.id}: begun twice at its provider")
    if "number" in book and book["method"] != payment.method:
        fail(f"{payment.id}: begun by {book['method']} and recorded as {payment.method}")
    if surplus(payment):
        fail(f"{payment.id}: {surplus(payment)} of {received(payment)} is nobody's and stays")
    refused = [op for op in returns(payment) if op.state is State.REFUSED]
    if refused and payment.attention is None:
        fail(f"{payment.id}: {refused[0].key} was refused and nobody is told")
    if payment.status in PAID and payment.captured != payment.due:
        fail(f"{payment.id}: {payment.status} with {payment.captured} of {payment.due}")


def wallets_agree(stage: Stage) -> None:
    credential, fail = a_credential(), stage.fail
    cards = stage.stored_cards
    if cards.discards:
        fail(f"tokens {sorted(cards.discards)} were never deleted at their gateway")
    wallet = cards.wallet(credential.merchant.id, credential.environment, CUSTOMER)
    if wallet.cards and wallet.find(wallet.default or 0) is None:
        fail(f"the default card {wallet.default} is not in the wallet")
    if len(wallet.cards) > 1:
        fail(f"one card was saved {len(wallet.cards)} times")
    payments = stage.payments.all()
    for card in wallet.cards:
        charged = [p for p in payments if p.saved_card == card.number and p.status in PAID]
        if card.usage_count != len(charged):
            fail(f"card {card.number} was charged {len(charged)} times and counts {card.usage_count}")
    if stage.acquirer is not None:
        if len(stage.acquirer.tokens()) < len(wallet.cards):
            fail(f"{len(wallet.cards)} tokens are saved, the acquirer knows {stage.acquirer.tokens()}")
        return
    kept = {card.token_mark for card in wallet.cards}
    at_gateway = {ids.fingerprint(str(book["token"])) for book in _books(stage, payments) if "token" in book}
    if not kept <= at_gateway or at_gateway & set(wallet.forgotten):
        fail(f"{len(kept)} tokens are saved, {len(at_gateway)} at the gateway, {len(wallet.forgotten)} forgotten")


def disputes_agree(stage: Stage, disputed: list[Disputed]) -> None:
    disputes, fail = stage.stored_disputes.all(), stage.fail
    for payment in stage.payments.all():
        held = sum(dispute.held for dispute in disputes if dispute.payment_id == payment.id)
        _what_came_after_is_told(stage, payment)
        lost = any(d.payment_id == payment.id and d.last.status in TAKEN for d in disputes)
        if lost and payment.status in (Status.SUCCESS, Status.PARTIALLY_REFUNDED) and not payment.charged_back:
            fail(f"{payment.id}: a dispute of it is lost, and it does not say so")
        if payment.disputed != held:
            fail(f"{payment.id}: {payment.disputed} is held back, its disputes hold {held}")
    for dispute in disputes:
        _dispute_is_over(stage, dispute)
        _dispute_is_told(stage, dispute)
        _answers_are_known(stage, dispute)
    for person in disputed:
        if person.heard:
            _ends_as_the_bank_says(stage, person)
    _counted(stage, disputes)


def _what_came_after_is_told(stage: Stage, payment: Payment) -> None:
    told = Counter(event.type for event in stage.payments.events.told if event.subject == payment.id)
    if told[EventType.CHARGED_BACK] != payment.charged_back:
        stage.fail(f"{payment.id}: charged back {payment.charged_back}, told {told[EventType.CHARGED_BACK]} times")
    late = [op for op in payment.operations if op.key.endswith(f":{LATE}")]
    known = [op for op in (*late, *returns(payment)) if not op.is_open]
    if told[EventType.RETURNED] != len(known):
        stage.fail(f"{payment.id}: of {len(known)} returns {told[EventType.RETURNED]} were told")


def _dispute_is_over(stage: Stage, dispute: Dispute) -> None:
    keeps = dispute.last.status in GIVEN_BACK
    if dispute.held != (0 if keeps else dispute.amount.minor):
        stage.fail(f"{dispute.id} is {dispute.last.status} over {dispute.amount} and holds {dispute.held}")
    if dispute.due_at is not None:
        stage.fail(f"{dispute.id} is {dispute.status} for ever, due {dispute.due_at}")


def _answers_are_known(stage: Stage, dispute: Dispute) -> None:
    """Each answer is at the acquirer once if it is said to be, and not at all if it was refused."""
    if stage.acquirer is None or dispute.source is Source.SANDBOX:
        return
    there = Counter(stage.acquirer.answers_to(dispute.psp_id))
    for response in dispute.responses:
        sending = response.sending
        if sending is None or sending.is_open:
            stage.fail(f"{dispute.id}: an answer is on its way for ever")
            return
        came, wanted = there[wire_key(dispute, sending.key)], int(sending.state is State.SUCCEEDED)
        if not response.accepts and came != wanted:
            stage.fail(f"{sending.key} is {sending.state} ({sending.code}), and the acquirer has it {came} times")
    newest = dispute.responses[-1].sending if dispute.responses else None
    unsaid = newest is not None and newest.state is State.REFUSED and not dispute.is_closed
    if unsaid and dispute.asked.by is Actor.MERCHANT:
        stage.fail(f"{dispute.id}: its answer was refused, and nothing is asked any more")
    attention = stage.payments.get(dispute.payment_id).attention
    if unsaid and attention is None:
        stage.fail(f"{dispute.id}: its answer was refused, and nobody is told")


def _dispute_is_told(stage: Stage, dispute: Dispute) -> None:
    events = [event for event in stage.payments.events.told if event.subject == dispute.id]
    if [event.sequence for event in events] != list(range(1, dispute.sequence + 1)):
        stage.fail(f"{dispute.id}: events numbered {[event.sequence for event in events]}")
    taken = sum(added.figures.lost for event in events if (added := figures_of(event)))
    if taken != dispute.lost:
        stage.fail(f"{dispute.id}: {dispute.lost} of it is lost, and its events add {taken} to the sums")
    types = [event.type for event in events]
    if types[0] is not EventType.DISPUTE_CREATED or types.count(EventType.DISPUTE_CREATED) != 1:
        stage.fail(f"{dispute.id}: told as {types}")
    told = events[-1].facts.dispute
    if told is None or told_dispute(told) != told_dispute(dispute):
        stage.fail(f"{dispute.id} is {dispute.status} and was told last as {told}")


def _ends_as_the_bank_says(stage: Stage, person: Disputed) -> None:
    """Whatever order its messages came in."""
    assert person.plan.dispute is not None
    dispute = stage.stored_disputes.get(person.dispute_id)
    wanted = person.plan.dispute.decision(frozenset(person.heard))
    ours = dispute.last.status if dispute.last.status in CLOSED else None
    if ours is not wanted:
        stage.fail(f"{dispute.id}: the bank decided {wanted}, we have {ours}")


def _counted(stage: Stage, disputes: list[Dispute]) -> None:
    credential = a_credential()
    ours: Counter[object] = Counter()
    for tally in stage.stored_disputes.tallies(credential.merchant.id, credential.environment):
        ours[tally.status, tally.currency] += tally.count
    if ours != Counter((dispute.status, dispute.amount.currency) for dispute in disputes):
        stage.fail(f"{len(disputes)} disputes are counted as {dict(ours)}")


def _books(stage: Stage, payments: list[Payment]) -> list[dict[str, object]]:
    return [stage.books.load(PAGE, payment.page_id)[0] for payment in payments]
