"""A transaction by its number, which is all that its pages and its shop know it by."""

from __future__ import annotations

from contextlib import suppress

from shared.bootstrap import records
from shared.domain.errors import NotFound
from shared.domain.payment import Payment
from shared.edge.call import Call
from shared.families.paygol.auth import FAMILY
from shared.families.paygol.ids import named_transaction

_UNKNOWN = "there is no such transaction"


def find_transaction(number: str) -> Payment:
    """Raises NotFound, in the same words whatever is wrong with the number."""
    with suppress(NotFound):
        payment = records.payments().get(named_transaction(number))
        if payment.family == FAMILY:
            return payment
    raise NotFound(_UNKNOWN)


def own_transaction(number: str, call: Call) -> Payment:
    """The same, if it is the calling service's. Raises NotFound."""
    payment, caller = find_transaction(number), call.credential
    if (payment.merchant_id, payment.environment) != (caller.merchant.id, caller.environment):
        raise NotFound(_UNKNOWN)
    return payment
