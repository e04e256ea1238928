"""Mistakes about vouchers: in what is planned of them, and in the connectors of their issuers.

The latter are found in the worlds whose vouchers are two issuers', and nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from shared.adapters.voucher_providers import assiopay, monni
from shared.domain import journal, voucher_plan
from shared.domain.operation import Answer, State
from shared.usecases.flow import validate_vouchers
from shared.usecases.payment import choose_tender
from tools.simulator.aftermath import Patches


def new_reference_each_time() -> Patches:
    return [(assiopay, "wire_key", lambda owner, key: secrets.token_hex(16))]


def any_return_is_ours() -> Patches:
    return [(monni, "_given_back", lambda said, note: Answer(State.SUCCEEDED, "000", "OK", "mrv"))]


def reservation_is_a_spending() -> Patches:
    def spend(self: Any, payment: Any, voucher: Any, operation: Any) -> Any:
        return Answer(State.SUCCEEDED, "000", "OK", voucher.reservation)

    return [(monni.MonniProvider, "spend", spend)]


def too_late_is_done() -> Patches:
    original = monni.MonniProvider.reverse

    def reverse(self: Any, payment: Any, voucher: Any, operation: Any) -> Any:
        answer = original(self, payment, voucher, operation)
        return Answer(State.SUCCEEDED, "000", "OK", "mrv") if answer.code == "too_late_to_reverse" else answer

    return [(monni.MonniProvider, "reverse", reverse)]


def until_forgotten_when_lost() -> Patches:
    original = monni.MonniProvider.lookup

    def lookup(self: Any, payment: Any, voucher: Any, operation: Any) -> Any:
        answer = original(self, payment, voucher, operation)
        return answer and replace(answer, reversible_until=None)

    return [(monni.MonniProvider, "lookup", lookup)]


def lost_unasked() -> Patches:
    def fit(*given: Any, accepts_loss: bool, **named: Any) -> Any:
        return voucher_plan.best_fit(*given, accepts_loss=True, **named)

    return [(validate_vouchers, "best_fit", fit)]


def more_than_eight() -> Patches:
    return [
        (choose_tender, "check_otps", lambda otps: None),
        (choose_tender, "MAX_VOUCHERS_PER_CHOICE", 99),
        (voucher_plan, "_too_many", lambda voucher, together, day: 0),
    ]


def part_not_held() -> Patches:
    return [(journal.Journal, "open_to_vouchers", property(lambda self: self.to_capture))]


def day_not_counted() -> Patches:
    return [(voucher_plan, "_room", lambda country, due, day, before: None)]


OF_PLANS: Final[dict[str, Callable[[], Patches]]] = {
    "a part of a voucher is lost and its customer was not asked": lost_unasked,
    "more than eight vouchers pay a purchase": more_than_eight,
    "vouchers pay more than the part that is for them": part_not_held,
    "vouchers pay more than the law lets them in a day": day_not_counted,
}
MISTAKES: Final[dict[str, Callable[[], Patches]]] = {
    "each call to an issuer bears a new reference": new_reference_each_time,
    "whatever was given back was given back by us": any_return_is_ours,
    "a reservation is taken for a spending": reservation_is_a_spending,
    "a return that came too late is taken for done": too_late_is_done,
    "a lost answer loses until when a voucher goes back": until_forgotten_when_lost,
}
