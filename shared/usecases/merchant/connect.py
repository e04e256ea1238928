"""Point a merchant's environment at a connector, and take it away again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from shared.domain.account import SANDBOX, Account, Connector, Role
from shared.domain.errors import Conflict, InvalidRequest, NotFound
from shared.domain.payment import Environment
from shared.usecases.merchant.changing import Office, change_record

if TYPE_CHECKING:
    from shared.domain.abilities import Abilities
    from shared.domain.ids import MerchantId
    from shared.domain.merchant import MerchantRecord
    from shared.ports.credentials import CredentialStore

_FIELDS: Final[Mapping[Role, str]] = {
    Role.CARD_GATEWAY: "card_gateway",
    Role.VOUCHER_PROVIDER: "voucher_provider",
    Role.METHOD_PROVIDER: "method_provider",
}


def connect(
    merchant_id: MerchantId,
    environment: Environment,
    role: Role,
    connector: Connector,
    secrets: Mapping[str, str],
    *,
    office: Office,
    credentials: CredentialStore,
    needed_by: Callable[[], str | None] | None = None,
    abilities: Abilities | None = None,
) -> MerchantRecord:
    """New payments go to ``connector`` with the next request; one that it replaces goes on with what it has.

    A card gateway and a method provider take the place of the one before. A voucher provider joins those that are
    there already, of which only the sandbox makes room.

    Settings of the same connector take the place of those it had, for payments under way too, so they must be of the
    same account. ``needed_by`` says that another account is meant, and tells what still needs the one before.
    ``abilities`` are those of a card gateway, which has to be able to do what the merchant's keys may ask for.
    The credentials are stored first: a failure between the two leaves them unused, and the next call replaces them.
    Raises NotFound, InvalidRequest for the sandbox in live, Conflict for another account, Unprocessable, Unavailable.
    """
    if environment is Environment.LIVE and connector.name == SANDBOX:
        raise InvalidRequest("the sandbox moves no money: it is no live connector")
    account = office.merchants.record(merchant_id).account(environment)
    if abilities is not None:
        abilities.check_wishes(connector, account)
    before = _known(account, role, connector.name)
    if before is not None:
        _check_account(before, connector, needed_by)
    # A call needs the public ones too, and reads them where it reads the secrets: they change together.
    document = {**connector.settings, **secrets}
    if document or (before is not None and before.secrets):
        credentials.put(merchant_id, environment, connector.name, document)
    wanted = replace(connector, changed_at=office.now(), secrets=tuple(sorted(secrets)))
    new_id = office.entropy(16).hex()

    def decided(record: MerchantRecord) -> MerchantRecord:
        account = record.account(environment)
        if abilities is not None:
            abilities.check_wishes(connector, account)  # somebody may have changed them since
        known = _known(account, role, connector.name)
        # Its other side goes on ringing at the address that it was given first.
        own = replace(wanted, id=(known.id if known is not None else "") or new_id)
        return record.with_account(environment, _with(account, role, _joined(account, role, own), office.now()))

    return change_record(merchant_id, decided, what="connector", office=office)


def _known(account: Account, role: Role, name: str) -> Connector | None:
    active = next((connector for connector in account.active(role) if connector.name == name), None)
    return active or account.inactive.get(name)


def _check_account(before: Connector, wanted: Connector, needed_by: Callable[[], str | None] | None) -> None:
    if not before.account or before.account == wanted.account:
        return
    if needed_by is None:
        told = wanted.account or "an account that is not told"
        raise Conflict(
            f"{wanted.name} is set up for the account {before.account}, and these settings are of {told}:"
            " payments under way would be looked for there",
            code="another_account",
        )
    if why := needed_by():
        raise Conflict(f"the account {before.account} is still needed: {why}", code="connector_in_use")


def disconnect(
    merchant_id: MerchantId, environment: Environment, role: Role, name: str, *, office: Office
) -> MerchantRecord:
    """No new payments go there: without another one test goes back to the sandbox, live has none. Those already
    there go on.

    Raises NotFound when this connector is not the active one, InvalidRequest for the sandbox in test.
    """

    def decided(record: MerchantRecord) -> MerchantRecord:
        account = record.account(environment)
        active = {connector.name: connector for connector in account.active(role)}
        if name not in active:
            raise NotFound(f"{name} is not the {role} of this merchant in {environment}")
        if name == SANDBOX and len(active) == 1:
            raise InvalidRequest("the sandbox is what the test environment has without another connector")
        left = [connector for connector in account.active(role) if connector.name != name]
        if not left and environment is Environment.TEST:
            left = [Connector(SANDBOX)]
        return record.with_account(environment, _with(account, role, left, office.now()))

    return change_record(merchant_id, decided, what="connector-remove", office=office)


def _joined(account: Account, role: Role, connector: Connector) -> list[Connector]:
    """Those of ``role`` once ``connector`` is one of them: in the place it had, or the last of several issuers."""
    active = list(account.active(role))
    if any(known.name == connector.name for known in active):
        return [connector if known.name == connector.name else known for known in active]
    several = role is Role.VOUCHER_PROVIDER
    return [*(known for known in active if several and known.name != SANDBOX), connector]


def _with(account: Account, role: Role, connectors: list[Connector], now: datetime) -> Account:
    """The account with these of ``role``; who is none of them any more becomes inactive, but for a sandbox that
    rings nowhere."""
    names = {connector.name for connector in connectors}
    inactive = {name: kept for name, kept in account.inactive.items() if name not in names}
    for before in account.active(role):
        if before.name not in names and (before.name != SANDBOX or before.id):
            inactive[before.name] = replace(before, changed_at=now)
    changed: dict[str, object] = {_FIELDS[role]: next(iter(connectors), None), "inactive": inactive}
    if role is Role.VOUCHER_PROVIDER:
        changed["more_providers"] = tuple(connectors[1:])
    return replace(account, **changed)  # type: ignore[arg-type]
