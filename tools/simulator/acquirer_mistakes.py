"""Mistakes at an acquirer: in a connector, on the wire to it, and in what is made of its word.

Each is found in the worlds of the acquirers that it names, and nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from shared.adapters import circuit
from shared.adapters.card_gateways import (
    igfs_wire,
    nexi,
    paypal,
    paypal_saved,
    shift4,
    stripe,
    stripe_presented,
    worldline,
)
from shared.adapters.card_gateways.igfs import IgfsCardGateway
from shared.adapters.card_gateways.nexi import NexiCardGateway
from shared.adapters.card_gateways.shift4 import Shift4CardGateway
from shared.adapters.card_gateways.shift4_charges import Charges
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.domain import difference, dispute_course
from shared.domain.dispute import Dispute
from shared.domain.errors import OutcomeUnknown
from shared.domain.operation import Answer, Operation, State
from shared.usecases.dispute import pass_on
from shared.usecases.flow import capture_card
from shared.usecases.payment import open_page, release_late
from tools.simulator.aftermath import Patches
from tools.simulator.card_mistakes import bell_believed


def reference_lost() -> Patches:
    original = Operation.closed

    def closed(self: Operation, answer: Any, now: Any) -> Operation:
        return original(self, replace(answer, reference=None), now)

    return [(Operation, "closed", closed)]


def unanswered_call_repeated() -> Patches:
    return [(IgfsCardGateway, "lookup", lambda self, payment, operation: None)]


def new_key_on_the_wire() -> Patches:
    return [(stripe, "wire_key", lambda owner, key: secrets.token_hex(16))]


def new_request_id() -> Patches:
    return [(paypal, "wire_key", lambda owner, key: secrets.token_hex(16))]


def order_not_asked() -> Patches:
    """Nexi acts once under a key, so that it has to be another one too."""
    missing: Any = lambda self, payment, operation, given: True  # noqa: E731 - a patch
    return [(nexi, "wire_key", lambda owner, key: secrets.token_hex(16)), (NexiCardGateway, "_is_missing", missing)]


def new_reference_at_worldline() -> Patches:
    return [(worldline, "wire_key", lambda owner, key: secrets.token_hex(16))]


def holder_not_asked() -> Patches:
    def is_agreed(intent: Any) -> bool:
        return bool(intent.get("payment_method")) and intent.get("status") == "requires_confirmation"

    return [(stripe_presented, "_is_agreed", is_agreed)]


def charge_not_found_again() -> Patches:
    return [(paypal_saved.SavedAccounts, "found", lambda self, payment, operation: None)]


def void_after_partial_capture() -> Patches:
    original = capture_card._releasing

    def releasing(current: Any, answers: Any, now: Any) -> Any:
        rest = current.authorised - current.captured
        told = {key: replace(answer, left=rest or None) for key, answer in answers.items()}
        return original(current, told, now)

    return [(capture_card, "_releasing", releasing)]


def any_signature_believed() -> Patches:
    return [(igfs_wire, "_is_genuine", lambda terminal, operation, fields: True)]


def rest_of_a_lost_capture_forgotten() -> Patches:
    original = IgfsCardGateway.capture

    def capture(self: IgfsCardGateway, payment: Any, operation: Any) -> Any:
        answer = original(self, payment, operation)
        return answer if answer.reference else replace(answer, left=None)

    return [(IgfsCardGateway, "capture", capture)]


def circuit_never_closes() -> Patches:
    return [(circuit, "REST", timedelta(days=3650))]


def page_not_found_again() -> Patches:
    original = open_page._kept

    def kept(page: Any, number: int, now: Any) -> Any:
        found = original(page, number, now)
        return found and replace(found, handle={"shop_id": f"{number}"})

    return [(open_page, "_kept", kept)]


def any_event_believed() -> Patches:
    return [(OwnSecrets, "check", lambda self, name, fits: None)]


def answer_said_again() -> Patches:
    return [(pass_on, "_asked", lambda *given: None)]


def lost_answer_forgotten() -> Patches:
    original: Any = Dispute.__dict__["send_at"].fget

    def send_at(dispute: Dispute) -> Any:
        sending = None if dispute.under_way is None else dispute.responses[dispute.under_way].sending
        return None if sending is not None and sending.asked_at is not None else original(dispute)

    return [(Dispute, "send_at", property(send_at))]


def refused_answer_counts() -> Patches:
    original = dispute_course.passed_on

    def passed_on(dispute: Dispute, place: int, answer: Any, now: Any) -> Dispute:
        told = original(dispute, place, answer, now)
        return replace(told, asked=dispute.asked, status=dispute.status, turns=dispute.turns)

    return [(pass_on, "passed_on", passed_on)]


def answer_sent_unrecorded() -> Patches:
    def taken_up(dispute: Dispute, world: Any, disputes: Any) -> Any:
        place = dispute.under_way
        sending = None if place is None else dispute.responses[place].sending
        return None if place is None or sending is None else (dispute, place, sending.sent_before)

    return [(pass_on, "_taken_up", taken_up)]


def difference_given_twice() -> Patches:
    """Shift4 acts once under a key, so that it has to be another one too."""
    forgotten: Any = lambda self, payment, operation: None  # noqa: E731 - a patch
    return [(shift4, "wire_key", lambda owner, key: secrets.token_hex(16)), (Charges, "given_back", forgotten)]


def token_charged_twice() -> Patches:
    """A token is good for one charge there, and a saved card for any number."""
    lost: Any = lambda self, payment, operation=None: None  # noqa: E731 - a patch
    return [
        (shift4, "wire_key", lambda owner, key: secrets.token_hex(16)),
        (Charges, "of_saved_card", lost),
        (Charges, "of_page", lost),
    ]


def owed_taken_for_the_difference() -> Patches:
    def first_try(payment: Any, now: Any) -> Any:
        made = difference.first_try(payment, now)
        return made and replace(made, amount=payment.to_capture)

    return [(capture_card, "first_try", first_try)]


def lost_release_taken_for_done() -> Patches:
    original = Shift4CardGateway.void

    def void(self: Shift4CardGateway, payment: Any, operation: Any) -> Any:
        try:
            return original(self, payment, operation)
        except OutcomeUnknown:
            return Answer(State.SUCCEEDED, "00")

    return [(Shift4CardGateway, "void", void)]


def refused_difference_forgotten() -> Patches:
    return [(release_late, "told_of", lambda payment, operation: payment)]


MISTAKES: Final[dict[str, tuple[str, Callable[[], Patches]]]] = {
    "an acquirer's own number of a call is lost": ("igfs", reference_lost),
    "a call whose answer nobody can tell is made again": ("igfs", unanswered_call_repeated),
    "a repeated call bears another key": ("stripe", new_key_on_the_wire),
    "a call repeated at PayPal bears another number": ("paypal", new_request_id),
    "a refund at Nexi is made again whatever its order says": ("nexi", order_not_asked),
    "a call repeated at Worldline bears another number": ("worldline", new_reference_at_worldline),
    "a presented card is charged before its holder was asked": ("stripe", holder_not_asked),
    "a charge at PayPal is not found by its order": ("paypal", charge_not_found_again),
    "the rest of a partial capture is voided though nothing is held": ("stripe", void_after_partial_capture),
    "a reply is believed whoever signed it": ("igfs", any_signature_believed),
    "a forged notification is believed": ("igfs", bell_believed),
    "what a lost capture left held is forgotten": ("igfs", rest_of_a_lost_capture_forgotten),
    "a circuit that opened never closes": ("igfs", circuit_never_closes),
    "an event of Stripe's is believed whoever signed it": ("stripe", any_event_believed),
    "an event of PayPal's is believed whoever signed it": ("paypal", any_event_believed),
    "an answer to a dispute is said again without asking": ("stripe", answer_said_again),
    "an answer whose word was lost is forgotten": ("paypal", lost_answer_forgotten),
    "a refused answer counts as said": ("stripe", refused_answer_counts),
    "an answer is sent that is on no record": ("paypal", answer_sent_unrecorded),
    "a lost difference is given back again": ("shift4", difference_given_twice),
    "a token is charged again under another key": ("shift4", token_charged_twice),
    "what is owed is given back in place of the difference": ("shift4", owed_taken_for_the_difference),
    "a release whose answer was lost is taken for done": ("shift4", lost_release_taken_for_done),
    "a difference that was refused is forgotten": ("shift4", refused_difference_forgotten),
    "what an acquirer's page is found by is lost": ("igfs", page_not_found_again),
}
