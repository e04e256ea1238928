"""What must hold at rest between payments and what they are for, or come to: links, cards, disputes, methods."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from shared.adapters.card_gateways.sandbox_books import PAGE
from shared.domain import ids
from shared.domain.dispute import CLOSED, GIVEN_BACK, Dispute
from shared.domain.event import EventType
from shared.domain.method_course import received, returns, surplus
from shared.domain.operation import Kind, State
from shared.domain.payment import PAID, Mode, Payment, Status
from shared.domain.payment_link import LinkStatus, PaymentLink
from shared.families.payglobe.dispute_views import told_dispute
from tools.simulator.disputers import Disputed
from tools.simulator.visitors import CUSTOMER
from tools.testing.builders import a_credential

if TYPE_CHECKING:
    from tools.simulator.simulation import Simulation


def links_agree(simulation: Simulation) -> None:
    for link in simulation.stored_links.all():
        mine = [payment for payment in simulation.payments.all() if payment.link_id == link.id]
        _link_is_over(simulation, link, mine)


def _link_is_over(simulation: Simulation, link: PaymentLink, mine: list[Payment]) -> None:
    fail = simulation.fail
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


def methods_agree(simulation: Simulation) -> None:
    """What came at the provider is what we recorded, and all of it is the sale, went back, or is seen by a person."""
    for payment in simulation.payments.all():
        if payment.mode is Mode.ALTERNATIVE:
            _method_agrees(simulation, payment)


def _method_agrees(simulation: Simulation, payment: Payment) -> None:
    fail, book = simulation.fail, simulation.counter.book(payment.id)
    came = dict(book.get("receipts", []))
    ours = {op.reference: op.amount.minor for op in payment.operations if op.kind is Kind.RECEIPT}
    if came != ours:
        fail(f"{payment.id}: our receipts {ours}, the provider's {came}")
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


def wallets_agree(simulation: Simulation) -> None:
    credential, fail = a_credential(), simulation.fail
    cards = simulation.stored_cards
    if cards.discards:
        fail(f"tokens {sorted(cards.discards)} were never deleted at their gateway")
    wallet = cards.wallet(credential.merchant.id, credential.environment, CUSTOMER)
    if wallet.cards and wallet.find(wallet.default or 0) is None:
        fail(f"the default card {wallet.default} is not in the wallet")
    if len(wallet.cards) > 1:
        fail(f"one card was saved {len(wallet.cards)} times")
    payments = simulation.payments.all()
    for card in wallet.cards:
        charged = [p for p in payments if p.saved_card == card.number and p.status in PAID]
        if card.usage_count != len(charged):
            fail(f"card {card.number} was charged {len(charged)} times and counts {card.usage_count}")
    kept = {card.token_mark for card in wallet.cards}
    at_gateway = {ids.fingerprint(str(book["token"])) for book in _books(simulation, payments) if "token" in book}
    if not kept <= at_gateway or at_gateway & set(wallet.forgotten):
        fail(f"{len(kept)} tokens are saved, {len(at_gateway)} at the gateway, {len(wallet.forgotten)} forgotten")


def disputes_agree(simulation: Simulation) -> None:
    disputes, fail = simulation.stored_disputes.all(), simulation.fail
    for payment in simulation.payments.all():
        held = sum(dispute.held for dispute in disputes if dispute.payment_id == payment.id)
        if payment.disputed != held:
            fail(f"{payment.id}: {payment.disputed} is held back, its disputes hold {held}")
    for dispute in disputes:
        _dispute_is_over(simulation, dispute)
        _dispute_is_told(simulation, dispute)
    for person in simulation.people:
        if isinstance(person, Disputed) and person.heard:
            _ends_as_the_bank_says(simulation, person)
    _counted(simulation, disputes)


def _dispute_is_over(simulation: Simulation, dispute: Dispute) -> None:
    keeps = dispute.last.status in GIVEN_BACK
    if dispute.held != (0 if keeps else dispute.amount.minor):
        simulation.fail(f"{dispute.id} is {dispute.last.status} over {dispute.amount} and holds {dispute.held}")
    if dispute.due_at is not None:
        simulation.fail(f"{dispute.id} is {dispute.status} for ever, due {dispute.due_at}")


def _dispute_is_told(simulation: Simulation, dispute: Dispute) -> None:
    events = [event for event in simulation.payments.events.told if event.subject == dispute.id]
    if [event.sequence for event in events] != list(range(1, dispute.sequence + 1)):
        simulation.fail(f"{dispute.id}: events numbered {[event.sequence for event in events]}")
    types = [event.type for event in events]
    if types[0] is not EventType.DISPUTE_CREATED or types.count(EventType.DISPUTE_CREATED) != 1:
        simulation.fail(f"{dispute.id}: told as {types}")
    told = events[-1].facts.dispute
    if told is None or told_dispute(told) != told_dispute(dispute):
        simulation.fail(f"{dispute.id} is {dispute.status} and was told last as {told}")


def _ends_as_the_bank_says(simulation: Simulation, person: Disputed) -> None:
    """Whatever order its messages came in."""
    assert person.plan.dispute is not None
    dispute = simulation.stored_disputes.get(person.dispute_id)
    wanted = person.plan.dispute.decision(frozenset(person.heard))
    ours = dispute.last.status if dispute.last.status in CLOSED else None
    if ours is not wanted:
        simulation.fail(f"{dispute.id}: the bank decided {wanted}, we have {ours}")


def _counted(simulation: Simulation, disputes: list[Dispute]) -> None:
    credential = a_credential()
    ours: Counter[object] = Counter()
    for tally in simulation.stored_disputes.tallies(credential.merchant.id, credential.environment):
        ours[tally.status, tally.currency] += tally.count
    if ours != Counter((dispute.status, dispute.amount.currency) for dispute in disputes):
        simulation.fail(f"{len(disputes)} disputes are counted as {dict(ours)}")


def _books(simulation: Simulation, payments: list[Payment]) -> list[dict[str, object]]:
    return [simulation.books.load(PAGE, payment.page_id)[0] for payment in payments]
