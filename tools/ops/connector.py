"""The commands about a merchant's connectors, on a running local gateway or on a deployed stack. JSON comes out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click

from shared.adapters.connector_checks import CHECKS
from shared.adapters.settings_files import model_of, validated
from shared.domain.account import Account, Connector, Role
from shared.domain.errors import (
    CredentialsRefused,
    GatewayError,
    GatewayNotConfigured,
    InvalidRequest,
    NotFound,
    OutcomeUnknown,
    Unavailable,
)
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.usecases.merchant.connect import connect, disconnect
from shared.usecases.merchant.purge import purge
from tools.ops.merchant import at_a_target
from tools.ops.target import Target

ROLES: Final = {"gateway": Role.CARD_GATEWAY, "provider": Role.VOUCHER_PROVIDER, "methods": Role.METHOD_PROVIDER}
Shown = dict[str, Any]
of_one = click.option("--env-mode", type=click.Choice(list(Environment)), required=True)
of_a_merchant = click.option("--merchant", required=True)
named_gateway = click.option("--gateway", default="")
named_provider = click.option("--provider", default="")
named_methods = click.option("--methods", default="")


@click.group()
def main() -> None:
    """A merchant's card gateways, voucher providers and method providers."""


@main.command(name="set")
@at_a_target
@of_a_merchant
@of_one
@named_gateway
@named_provider
@named_methods
@click.option("--settings", default="")
@click.option("--new-account", is_flag=True)
def set_up(
    at: Target,
    merchant: str,
    env_mode: str,
    gateway: str,
    provider: str,
    methods: str,
    settings: str,
    new_account: bool,
) -> Shown:
    """Validate the settings, ask whose they are, store them, point the merchant's environment at the connector."""
    role, name = _named(gateway, provider, methods)
    environment, merchant_id = Environment(env_mode), MerchantId(merchant)
    wanted = validated(role, name, _document(settings), environment, allow_private=at.on_this_machine)
    account = CHECKS[role][name](at.http, environment, {**wanted.public, **wanted.secret})
    record = connect(
        merchant_id,
        environment,
        role,
        Connector(name, wanted.public, account=account),
        wanted.secret,
        office=at.office,
        credentials=at.credentials,
        needed_by=(lambda: at.needed_by(merchant_id, environment, name)) if new_account else None,
        abilities=at.able(name) if role is Role.CARD_GATEWAY else None,
    )
    stored = next(each for each in record.account(environment).active(role) if each.name == name)
    shown = _shown(at, environment, role, stored, active=True)
    return {"merchantId": merchant, **shown, "version": record.version}


@main.command(name="list")
@at_a_target
@of_a_merchant
def list_all(at: Target, merchant: str) -> Shown:
    """Its active and inactive connectors."""
    accounts = at.office.merchants.record(MerchantId(merchant)).accounts
    listed = [one for name in sorted(accounts) for one in _connectors(at, Environment(name), accounts[name])]
    return {"merchantId": merchant, "connectors": listed}


@main.command()
@at_a_target
@of_a_merchant
@of_one
@named_gateway
@named_provider
@named_methods
@click.option("--purge", "and_forget", is_flag=True)
def remove(
    at: Target, merchant: str, env_mode: str, gateway: str, provider: str, methods: str, and_forget: bool
) -> Shown:
    """No new payments there; what is there goes on, and the credentials stay until --purge."""
    role, name = _named(gateway, provider, methods)
    environment = Environment(env_mode)
    if and_forget:
        record = purge(
            MerchantId(merchant),
            environment,
            name,
            office=at.office,
            credentials=at.credentials,
            payments=at.payments,
            cards=at.cards,
        )
        return {"merchantId": merchant, "environment": environment, "purged": name, "version": record.version}
    record = disconnect(MerchantId(merchant), environment, role, name, office=at.office)
    kept = record.account(environment).inactive[name]
    return {"merchantId": merchant, **_shown(at, environment, role, kept, active=False), "version": record.version}


@main.command()
@at_a_target
@of_a_merchant
@of_one
@named_gateway
@named_provider
@named_methods
def test(at: Target, merchant: str, env_mode: str, gateway: str, provider: str, methods: str) -> Shown:
    """One harmless call with the stored credentials. The sandbox is a part of the stack, which is not called."""
    role, name = _named(gateway, provider, methods)
    model_of(role, name)
    merchant_id, environment = MerchantId(merchant), Environment(env_mode)
    known = {one.name for one in at.office.merchants.record(merchant_id).account(environment).known()}
    try:
        if name not in known:
            raise NotFound(f"{name} is not set up for this merchant in {env_mode}")
        account = CHECKS[role][name](at.http, environment, _stored(at, merchant_id, environment, name))
    except GatewayError as error:
        click.echo(json.dumps({"ok": False, "code": _word_of(error), "message": str(error)}, indent=2))
        sys.exit(1)
    return {"ok": True, "account": account}


def _stored(at: Target, merchant_id: MerchantId, environment: Environment, name: str) -> Mapping[str, str]:
    """Nothing for a connector that was set up with nothing."""
    try:
        return at.credentials.of(merchant_id, environment, name)
    except GatewayNotConfigured:
        return {}


def _word_of(error: GatewayError) -> str:
    """Which of three things went wrong."""
    if isinstance(error, CredentialsRefused):
        return "credentials_refused"
    return "unreachable" if isinstance(error, Unavailable | OutcomeUnknown) else "refused"


def _named(gateway: str, provider: str, methods: str) -> tuple[Role, str]:
    named = {"gateway": gateway, "provider": provider, "methods": methods}
    said = [(ROLES[word], name) for word, name in named.items() if name]
    if len(said) != 1:
        raise InvalidRequest("say GATEWAY=..., PROVIDER=... or METHODS=...")
    return said[0]


def _document(settings: str) -> object:
    """The file named by ``@path``; nothing for a connector without settings. No value stands on a command line."""
    if not settings:
        return {}
    if not settings.startswith("@"):
        raise InvalidRequest("SETTINGS is a file: SETTINGS=@path/to/file.json")
    try:
        return json.loads(Path(settings[1:]).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(f"there is no file {settings[1:]}") from None
    except ValueError:
        raise InvalidRequest(f"{settings[1:]} is no JSON") from None


def _connectors(at: Target, environment: Environment, account: Account) -> Iterator[Shown]:
    for role in ROLES.values():
        for connector in account.active(role):
            yield _shown(at, environment, role, connector, active=True)
    for connector in account.inactive.values():
        yield _shown(at, environment, None, connector, active=False)


def _shown(at: Target, environment: Environment, role: Role | None, connector: Connector, *, active: bool) -> Shown:
    named = next((word for word, its in ROLES.items() if its is role), "gateway")
    return {
        "environment": environment,
        named: connector.name,
        "active": active,
        "settings": {**connector.settings, **dict.fromkeys(connector.secrets, "(set)")},
        "notificationUrl": f"{at.base_url}/webhook/psp/{connector.name}/{connector.id}" if connector.id else None,
        "updatedAt": connector.changed_at.isoformat() if connector.changed_at else None,
    }


if __name__ == "__main__":
    main()
