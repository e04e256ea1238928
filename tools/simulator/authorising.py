"""What must hold of a card whose hold or charge is placed by a call of ours, and of one try and one amount."""

from __future__ import annotations

from shared.domain.attention import AMOUNT_MISMATCH, CHARGE_RETURNED
from shared.domain.operation import RETURNED, Kind, Operation, State
from shared.domain.payment import Mode, Payment
from shared.usecases.payment.authorise import NOT_SENT
from tools.simulator.stage import Stage


def of_write(stage: Stage, before: Payment | None, after: Payment) -> None:
    if after.mode is Mode.ALTERNATIVE or after.saved_card is not None:
        return
    for operation in after.operations:
        if operation.kind in (Kind.PREAUTH, Kind.SALE):
            _of_card(stage, before, after, operation)


def _of_card(stage: Stage, before: Payment | None, after: Payment, operation: Operation) -> None:
    if operation.state is State.SUCCEEDED and operation.amount != after.amount:
        stage.fail(f"{after.id}: {operation.amount} counts as paid of {after.amount}")
    declined = operation.state is State.REFUSED and operation.code != NOT_SENT
    if declined and not after.is_final and not after.ending and (after.order_id or after.challenge):
        stage.fail(f"{after.id}: {after.status} after its one try was declined")
    is_new = before is not None and before.operation(operation.key) is None
    if is_new and after.challenge is not None and after.id not in stage.asked:
        stage.fail(f"{after.id}: {operation.key} is to be sent, and its card's holder was not asked")
    if is_new and operation.is_open and before is not None and not before.takes_card:
        stage.fail(f"{after.id}: {operation.key} is to be sent, and it was {before.status} {before.ending or ''}")


def with_what_a_person_knows(payment: Payment, theirs: dict[str, int]) -> None:
    """Make the gateway's book what ours would be: less the other amount, more what came back after it was taken.

    Both are operations of their own in the journal, and ``attention`` names them.
    """
    for operation in payment.operations:
        if operation.code == AMOUNT_MISMATCH.lower() and payment.attention == AMOUNT_MISMATCH:
            theirs["authorised" if operation.kind is Kind.PREAUTH else "captured"] -= operation.amount.minor
        if operation.key.endswith(f":{RETURNED}") and payment.attention == CHARGE_RETURNED:
            theirs["captured"] += operation.amount.minor
            theirs["refunded"] += operation.amount.minor
