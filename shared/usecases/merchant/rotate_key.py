"""Replace a key: at once, or with an overlap in which the old one still works."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shared.domain import ids
from shared.domain.errors import Conflict, InvalidRequest, NotFound
from shared.usecases.merchant.changing import Office, change_record
from shared.usecases.merchant.create_merchant import kept, new_key

if TYPE_CHECKING:
    from shared.domain.ids import MerchantId
    from shared.domain.merchant import MerchantRecord
    from shared.ports.merchants import NewKey

LONGEST_OVERLAP: Final = timedelta(days=30)
MOST_KEYS: Final = 20  # all of them are rewritten by one transaction, which takes 100 items


def rotate_key(merchant_id: MerchantId, old: str, *, office: Office, overlap: timedelta = timedelta(0)) -> NewKey:
    """A new key in the place of ``old``, which works until ``overlap`` is over; without one it stops at once.

    Raises NotFound unless ``old`` is a valid key of this merchant, Conflict when it was replaced already, and
    InvalidRequest for an overlap of more than 30 days.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise InvalidRequest(f"an overlap is at most {LONGEST_OVERLAP.days} days")
    made: list[NewKey] = []

    def replaced(record: MerchantRecord) -> MerchantRecord:
        now = office.now()
        was = next((key for key in record.keys if key.fingerprint == ids.fingerprint(old)), None)
        if was is None or not was.is_valid(now):
            raise NotFound(f"this is not a key of merchant {merchant_id}")
        if was.expires_at is not None and overlap:
            raise Conflict("this key was replaced already, and works until its overlap is over")
        if len(record.keys) >= MOST_KEYS:
            raise Conflict(f"a merchant has at most {MOST_KEYS} keys; wait until an overlap is over")
        made[:] = [new_key(was.environment, was.kind, office.entropy)]
        others = tuple(key for key in record.keys if key != was)
        ending = (replace(was, expires_at=now + overlap),) if overlap else ()
        return replace(record, keys=(*others, *ending, kept(made[0])))

    change_record(merchant_id, replaced, what="rotate-key", office=office)
    return made[0]
