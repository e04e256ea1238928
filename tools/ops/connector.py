"""The commands about a merchant's connectors, on a running local gateway or on a deployed stack. JSON comes out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from shared.adapters.connector_settings import model_of, validated
from shared.adapters.credentials import SecretsManagerCredentials
from shared.domain.account import Account, Connector, Role
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.usecases.merchant.connect import connect, connected, disconnect
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
def set_up(
    at: Target, merchant: str, env_mode: str, gateway: str, provider: str, methods: str, settings: str
) -> Shown:
    """Validate the settings, store the credentials, point the merchant's environment at the connector."""
    role, name = _named(gateway, provider, methods)
    environment = Environment(env_mode)
    wanted = validated(role, name, _document(settings), environment, allow_private=at.on_this_machine)
    credentials = SecretsManagerCredentials(lambda: at.client("secretsmanager"), at.stack, lambda: datetime.now(UTC))
    record = connect(
        MerchantId(merchant),
        environment,
        role,
        Connector(name, wanted.public),
        wanted.secret,
        office=at.office,
        credentials=credentials,
    )
    stored = connected(record.account(environment), role)
    shown = _shown(at, environment, role, stored or Connector(name), active=True)
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
def remove(at: Target, merchant: str, env_mode: str, gateway: str, provider: str, methods: str) -> Shown:
    """No new payments there; what is there goes on, and the credentials stay."""
    role, name = _named(gateway, provider, methods)
    environment = Environment(env_mode)
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
    """Whether the connector answers. The sandbox is a part of the stack: that it is set up is all there is to ask."""
    role, name = _named(gateway, provider, methods)
    model_of(role, name)
    account = at.office.merchants.record(MerchantId(merchant)).account(Environment(env_mode))
    active = connected(account, role)
    if active is None or active.name != name:
        message = f"{name} is not the {role} of this merchant in {env_mode}"
        click.echo(json.dumps({"ok": False, "code": "refused", "message": message}, indent=2))
        sys.exit(1)
    return {"ok": True, "account": name}


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
        if (active := connected(account, role)) is not None:
            yield _shown(at, environment, role, active, active=True)
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
