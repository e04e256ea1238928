"""Replace a key: at once, or with an overlap in which the old one still works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shared.domain import ids
from shared.domain.errors import Conflict, InvalidRequest, NotFound
from shared.usecases.merchant.changing import Office, change_record
from shared.usecases.merchant.create_merchant import Keep, kept, new_key

if TYPE_CHECKING:
    from shared.domain.ids import MerchantId
    from shared.domain.merchant import Key, MerchantRecord
    from shared.ports.merchants import NewKey

LONGEST_OVERLAP: Final = timedelta(days=30)
MOST_KEYS: Final = 20  # all of them are rewritten by one transaction, which takes 100 items


def rotate_key(
    merchant_id: MerchantId,
    old: str,
    *,
    office: Office,
    overlap: timedelta = timedelta(0),
    keep: Keep | None = None,
) -> NewKey:
    """A new key in the place of ``old``, which works until ``overlap`` is over; without one it stops at once.

    ``keep`` says how the new one is kept where not by its hash alone. Raises NotFound unless ``old`` is a valid key
    of this merchant, Conflict when it was replaced already, and InvalidRequest for an overlap of more than 30 days.
    """
    wanted = ids.fingerprint(old)

    def pick(record: MerchantRecord) -> Key | None:
        return next((key for key in record.keys if key.fingerprint == wanted), None)

    return replace_key(merchant_id, pick, office=office, overlap=overlap, keep=keep)


def replace_key(
    merchant_id: MerchantId,
    pick: Callable[[MerchantRecord], Key | None],
    *,
    office: Office,
    overlap: timedelta,
    keep: Keep | None,
) -> NewKey:
    """The same for the key that ``pick`` finds in the record."""
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise InvalidRequest(f"an overlap is at most {LONGEST_OVERLAP.days} days")
    made: list[NewKey] = []

    def replaced(record: MerchantRecord) -> MerchantRecord:
        now = office.now()
        was = pick(record)
        if was is None or not was.is_valid(now):
            raise NotFound(f"this is not a key of merchant {merchant_id}")
        if was.expires_at is not None and overlap:
            raise Conflict("this key was replaced already, and works until its overlap is over")
        if len(record.keys) >= MOST_KEYS:
            raise Conflict(f"a merchant has at most {MOST_KEYS} keys; wait until an overlap is over")
        made[:] = [new_key(was.environment, was.kind, office.entropy)]
        new = keep(merchant_id, made[0]) if keep else kept(made[0])
        others = tuple(key for key in record.keys if key != was)
        ending = (replace(was, expires_at=now + overlap),) if overlap else ()
        return replace(record, keys=(*others, *ending, new))

    change_record(merchant_id, replaced, what="rotate-key", office=office)
    return made[0]
