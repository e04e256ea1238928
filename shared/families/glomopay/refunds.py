"""What the refund endpoints share: the caller's own refund."""

from __future__ import annotations

from typing import Final

from shared.bootstrap import core
from shared.domain import ids as forms
from shared.domain.errors import NotFound
from shared.domain.ids import RefundId
from shared.domain.merchant import Credential
from shared.domain.refund import Refund
from shared.edge.ownership import check_owner

_UNKNOWN: Final = "Refund not found"


def refund_of(refund_id: str, credential: Credential) -> Refund:
    """The caller's refund of this id, which names its payment. Raises NotFound."""
    payment_id = forms.payment_of_refund(refund_id)
    try:
        if payment_id is None:
            raise NotFound(_UNKNOWN)
        payment = core.payments().get(payment_id)
        check_owner(payment, credential, "refund")
        return core.payments().refund(payment_id, RefundId(refund_id))
    except NotFound:
        raise NotFound(_UNKNOWN) from None
