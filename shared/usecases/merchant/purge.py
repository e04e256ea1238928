"""Forget a connector that was removed, with its credentials: only when nothing needs it any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shared.domain.account import Role
from shared.domain.errors import Conflict
from shared.domain.payment import Environment
from shared.usecases.merchant.changing import Office, change_record
from shared.usecases.merchant.in_use import in_use

if TYPE_CHECKING:
    from shared.domain.account import Account
    from shared.domain.ids import MerchantId
    from shared.domain.merchant import MerchantRecord
    from shared.ports.cards import Cards
    from shared.ports.credentials import CredentialStore
    from shared.ports.payments import Payments

# A call that began when the connector was still active has ended by then, and the index of payments knows of it.
SETTLED_AFTER: Final = timedelta(minutes=1)


def purge(
    merchant_id: MerchantId,
    environment: Environment,
    name: str,
    *,
    office: Office,
    credentials: CredentialStore,
    payments: Payments,
    cards: Cards,
) -> MerchantRecord:
    """The record without the connector, whose address rings no more; then its credentials go.

    Called again, also after a failure between the two, it takes away what is left. Raises NotFound for an unknown
    merchant, Conflict while the connector is active, was removed a moment ago, or is needed; Unavailable.
    """
    why = in_use(merchant_id, environment, name, payments=payments, cards=cards)

    def decided(record: MerchantRecord) -> MerchantRecord:
        account = record.account(environment)
        _check_removed(account, name, office)
        if why is not None:
            raise Conflict(f"{name} is still needed: {why}", code="connector_in_use")
        inactive = {other: kept for other, kept in account.inactive.items() if other != name}
        return record.with_account(environment, replace(account, inactive=inactive))

    record = change_record(merchant_id, decided, what="connector-purge", office=office)
    credentials.delete(merchant_id, environment, name)
    return record


def _check_removed(account: Account, name: str, office: Office) -> None:
    if any(connector.name == name for role in Role for connector in account.active(role)):
        raise Conflict(f"{name} takes new payments: remove it first", code="connector_active")
    kept = account.inactive.get(name)
    if kept is not None and kept.changed_at is not None and office.now() - kept.changed_at < SETTLED_AFTER:
        raise Conflict(f"{name} was removed a moment ago: purge it in a minute", code="connector_active")
