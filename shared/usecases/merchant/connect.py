"""Point a merchant's environment at a connector, and take it away again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from shared.domain.account import SANDBOX, Account, Connector, Role
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.payment import Environment
from shared.usecases.merchant.changing import Office, change_record

if TYPE_CHECKING:
    from shared.domain.ids import MerchantId
    from shared.domain.merchant import MerchantRecord
    from shared.ports.credentials import CredentialStore

_FIELDS: Final[Mapping[Role, str]] = {
    Role.CARD_GATEWAY: "card_gateway",
    Role.VOUCHER_PROVIDER: "voucher_provider",
    Role.METHOD_PROVIDER: "method_provider",
}


def connected(account: Account, role: Role) -> Connector | None:
    """The connector that new payments of this account go to."""
    found: Connector | None = getattr(account, _FIELDS[role])
    return found


def connect(
    merchant_id: MerchantId,
    environment: Environment,
    role: Role,
    connector: Connector,
    secrets: Mapping[str, str],
    *,
    office: Office,
    credentials: CredentialStore,
) -> MerchantRecord:
    """New payments go to ``connector`` with the next request; one that it replaces goes on with what it has.

    The credentials are stored first: a failure between the two leaves them unused, and the next call replaces them.
    Raises NotFound, InvalidRequest for the sandbox in live, Unavailable.
    """
    if environment is Environment.LIVE and connector.name == SANDBOX:
        raise InvalidRequest("the sandbox moves no money: it is no live connector")
    office.merchants.record(merchant_id)
    if secrets:
        # A call needs the public ones too, and reads them where it reads the secrets: they change together.
        credentials.put(merchant_id, environment, connector.name, {**connector.settings, **secrets})
    wanted, new_id = (
        replace(connector, changed_at=office.now(), secrets=tuple(sorted(secrets))),
        office.entropy(16).hex(),
    )

    def decided(record: MerchantRecord) -> MerchantRecord:
        account = record.account(environment)
        own = replace(wanted, id=_id_of(account, role, connector.name) or new_id)
        return record.with_account(environment, _with(account, role, own))

    return change_record(merchant_id, decided, what="connector", office=office)


def _id_of(account: Account, role: Role, name: str) -> str:
    """The one it has had since it was first set up: its other side goes on ringing at the same address."""
    active = connected(account, role)
    before = active if active is not None and active.name == name else account.inactive.get(name)
    return before.id if before is not None else ""


def disconnect(
    merchant_id: MerchantId, environment: Environment, role: Role, name: str, *, office: Office
) -> MerchantRecord:
    """No new payments go there: test goes back to the sandbox, live has none. Those already there go on.

    Raises NotFound when this connector is not the active one, InvalidRequest for the sandbox in test.
    """

    def decided(record: MerchantRecord) -> MerchantRecord:
        account = record.account(environment)
        active = connected(account, role)
        if active is None or active.name != name:
            raise NotFound(f"{name} is not the {role} of this merchant in {environment}")
        if name == SANDBOX:
            raise InvalidRequest("the sandbox is what the test environment has without another connector")
        back = Connector(SANDBOX) if environment is Environment.TEST else None
        return record.with_account(environment, _with(account, role, back))

    return change_record(merchant_id, decided, what="connector-remove", office=office)


def _with(account: Account, role: Role, connector: Connector | None) -> Account:
    """The account with another connector; the one before it becomes inactive, except the sandbox."""
    before = connected(account, role)
    inactive = {name: kept for name, kept in account.inactive.items() if connector is None or name != connector.name}
    if before is not None and before.name != SANDBOX and (connector is None or before.name != connector.name):
        inactive[before.name] = before
    changed: dict[str, object] = {_FIELDS[role]: connector, "inactive": inactive}
    return replace(account, **changed)  # type: ignore[arg-type]
