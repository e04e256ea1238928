"""Suspend a merchant, and take it back: nothing new begins meanwhile, and what is under way finishes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.usecases.merchant.changing import Office, change_record

if TYPE_CHECKING:
    from shared.domain.ids import MerchantId
    from shared.domain.merchant import MerchantRecord


def suspend_merchant(merchant_id: MerchantId, *, office: Office, resume: bool = False) -> MerchantRecord:
    """The merchant suspended, or active again with ``resume``. Repeated, it changes nothing. Raises NotFound."""

    def decided(record: MerchantRecord) -> MerchantRecord:
        since = None if resume else record.merchant.suspended_at or office.now()
        return replace(record, merchant=replace(record.merchant, suspended_at=since))

    return change_record(
        merchant_id, decided, what="merchant-resume" if resume else "merchant-suspend", office=office
    )
