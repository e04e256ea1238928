"""The one way in which a merchant's record is changed: decided on, written with its audit line, or decided again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

from shared.domain.account import Account
from shared.domain.merchant import AuditLine, MerchantRecord
from shared.domain.record import dataclass
from shared.usecases.contended import stored, until_written

if TYPE_CHECKING:
    from shared.domain.ids import MerchantId
    from shared.ports.merchants import Merchants
    from shared.ports.world import Clock, Entropy
    from shared.usecases.contended import Overtaken

MERCHANT: Final = "the merchant"


@dataclass(frozen=True, slots=True)
class Office:
    """What an operator's change needs. ``who`` stands in the audit trail."""

    merchants: Merchants
    who: str
    now: Clock
    entropy: Entropy
    pause: Callable[[int], None]


def change_record(
    merchant_id: MerchantId, decide: Callable[[MerchantRecord], MerchantRecord], *, what: str, office: Office
) -> MerchantRecord:
    """The record as ``decide`` made it of the newest one, in force with the next request of every key.

    Decided again when somebody else wrote first, so that of two changes none is lost. Keys whose time is up are
    dropped. What changes nothing writes nothing. Raises NotFound, StaleWrite, and what ``decide`` raises.
    """

    def write(record: MerchantRecord) -> MerchantRecord | Overtaken[MerchantRecord]:
        after = decide(record)
        changed = tuple(changed_fields(record, after))
        if not changed:
            return record
        after = replace(after, keys=tuple(key for key in after.keys if key.is_valid(office.now())))
        line = AuditLine(office.now(), office.who, what, changed)
        return stored(after, office.merchants.change(record, after, line))

    return until_written(office.merchants.record(merchant_id), write, what=MERCHANT, pause=office.pause)


def changed_fields(before: MerchantRecord, after: MerchantRecord) -> Iterator[str]:
    """The names of what differs, an account's with its environment: ``name``, ``test.limits``, ``keys``."""
    yield from _differing(before.merchant, after.merchant)
    for environment in sorted({*before.accounts, *after.accounts}):
        was, now = (record.accounts.get(environment, Account()) for record in (before, after))
        yield from (f"{environment}.{name}" for name in _differing(was, now))
    for name in ("keys", "services", "people", "invitation"):
        if getattr(before, name) != getattr(after, name):
            yield name


def _differing(before: Any, after: Any) -> Iterator[str]:
    return (field.name for field in fields(before) if getattr(before, field.name) != getattr(after, field.name))
