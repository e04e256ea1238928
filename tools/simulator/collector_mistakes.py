"""Mistakes in the connector of Stripe's methods, and in what is made of its word.

Each is found in the worlds whose methods are Stripe's, and nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from shared.adapters.card_gateways import stripe_refunds
from shared.adapters.method_providers import stripe
from shared.adapters.method_providers.stripe import StripeMethodProvider
from shared.domain.errors import Refused
from shared.ports.methods import MethodOutcome, MethodState
from tools.simulator.aftermath import Patches


def new_key_for_the_same_beginning() -> Patches:
    return [(stripe, "_key", lambda payment: secrets.token_hex(16))]


def new_key_for_the_same_refund() -> Patches:
    return [(stripe_refunds, "wire_key", lambda owner, key: secrets.token_hex(16))]


def paid_beginning_refused() -> Patches:
    original = StripeMethodProvider._made

    def made(self: Any, payment: Any) -> Any:
        intent = original(self, payment)
        if intent.get("status") in ("succeeded", "processing"):
            raise Refused("it waits for nobody", code="method_refused")
        return intent

    return [(StripeMethodProvider, "_made", made)]


def refused_cancel_counts_as_closed() -> Patches:
    def close(self: Any, payment: Any) -> MethodOutcome:
        original(self, payment)
        return MethodOutcome(MethodState.EXPIRED, closed=True)

    original = StripeMethodProvider.close
    return [(StripeMethodProvider, "close", close)]


def lost_beginning_called_closed() -> Patches:
    original = StripeMethodProvider.close

    def close(self: Any, payment: Any) -> MethodOutcome:
        if not payment.method_choice.handle:
            return MethodOutcome(MethodState.EXPIRED, closed=True)
        return original(self, payment)

    return [(StripeMethodProvider, "close", close)]


def cash_on_its_way_is_over() -> Patches:
    original = stripe.outcome_of

    def outcome_of(intent: Any) -> MethodOutcome:
        if intent.get("status") == "processing":
            return MethodOutcome(MethodState.EXPIRED, closed=True)
        return original(intent)

    return [(stripe, "outcome_of", outcome_of)]


def cash_on_its_way_is_late() -> Patches:
    original = stripe.outcome_of

    def outcome_of(intent: Any) -> MethodOutcome:
        said = original(intent)
        return replace(said, state=MethodState.PENDING) if said.state is MethodState.ARRIVING else said

    return [(stripe, "outcome_of", outcome_of)]


MISTAKES: Final[dict[str, Callable[[], Patches]]] = {
    "a beginning at Stripe bears another key each time": new_key_for_the_same_beginning,
    "a method's refund at Stripe bears another key each time": new_key_for_the_same_refund,
    "a beginning that is paid by now is taken for a refusal": paid_beginning_refused,
    "what cannot be cancelled at Stripe counts as closed": refused_cancel_counts_as_closed,
    "a beginning that nobody heard of counts as closed": lost_beginning_called_closed,
    "cash on its way counts as never paid": cash_on_its_way_is_over,
    "cash on its way at the deadline is late": cash_on_its_way_is_late,
}
