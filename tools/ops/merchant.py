"""The commands about merchants and their keys, on a running local gateway or on a deployed stack. JSON comes out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import click

from shared.domain.errors import GatewayError
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.domain.target_url import check_webhook_url
from shared.usecases.merchant.change_merchant import change_merchant, shown_account, shown_merchant
from shared.usecases.merchant.create_merchant import create_merchant
from shared.usecases.merchant.rotate_key import rotate_key
from shared.usecases.merchant.suspend_merchant import suspend_merchant
from shared.usecases.webhook.service_endpoint import point_service
from tools.ops.merchants import overlap_of, settings_of, shown, summary
from tools.ops.onboarding import PAYGOL_FORMAT, as_json, new_services
from tools.ops.target import Target, target

MOST_CHANGES = 50
Command = Callable[..., Any]


@click.group()
def main() -> None:
    """Merchants and their keys."""


def at_a_target(command: Command) -> Command:
    """Give ``command`` the ``Target`` that its options name; print its answer as JSON, or its error and exit 1."""

    def run(port: int, env: str | None, **options: Any) -> None:
        try:
            answer = command(target(port, env), **options)
        except GatewayError as error:
            sys.exit(str(error))
        click.echo(answer if isinstance(answer, str) else json.dumps(answer, indent=2))

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    # Where the command's own options stand, for click reads them off the function.
    run.__dict__.update(command.__dict__)
    return click.option("--port", default=8080)(click.option("--env", default=None)(run))


@main.command()
@at_a_target
@click.option("--name", required=True)
@click.option("--ipn-url", default="")
def create(at: Target, name: str, ipn_url: str) -> str:
    """Onboard a merchant. Its keys and webhook secrets are printed once and stored hashed."""
    office = at.office
    if ipn_url:
        check_webhook_url(ipn_url, "IPN_URL", allow_private=at.on_this_machine)
    made = create_merchant(
        name,
        merchants=office.merchants,
        now=office.now,
        entropy=office.entropy,
        services=new_services(),
        keep=at.keep,
    )
    if ipn_url:
        test = next(service for service in made.services if service.environment is Environment.TEST)
        point_service(made.merchant.id, test, ipn_url, PAYGOL_FORMAT, office=office)
    return as_json(made, ipn_url)


@main.command(name="list")
@at_a_target
def list_all(at: Target) -> dict[str, Any]:
    """Every merchant, oldest first."""
    records = sorted(at.office.merchants.all(), key=lambda record: record.merchant.created_at)
    return {"merchants": [summary(record) for record in records]}


@main.command()
@at_a_target
@click.option("--merchant", required=True)
def show(at: Target, merchant: str) -> dict[str, Any]:
    """One merchant: settings, connectors, keys by their fingerprints, and the last changes."""
    merchants, merchant_id = at.office.merchants, MerchantId(merchant)
    return shown(merchants.record(merchant_id), merchants.audit_trail(merchant_id, MOST_CHANGES))


@main.command(name="set")
@at_a_target
@click.option("--merchant", required=True)
@click.option("--settings", required=True)
@click.option("--env-mode", type=click.Choice(list(Environment)), default=None)
def change(at: Target, merchant: str, settings: str, env_mode: str | None) -> dict[str, Any]:
    """Change a merchant's settings, for all its keys with one write."""
    environment = Environment(env_mode) if env_mode else None
    record = change_merchant(
        MerchantId(merchant), settings_of(settings), office=at.office, environment=environment, able=at.able
    )
    of_one = shown_account(record.account(environment)) if environment else {}
    return {
        "merchantId": merchant,
        "environment": environment,
        "settings": {**shown_merchant(record.merchant), **of_one},
        "version": record.version,
    }


@main.command()
@at_a_target
@click.option("--merchant", required=True)
@click.option("--resume", is_flag=True)
def suspend(at: Target, merchant: str, resume: bool) -> dict[str, Any]:
    """Refuse what creates payments or moves money, or with --resume take that back."""
    return summary(suspend_merchant(MerchantId(merchant), office=at.office, resume=resume))


@main.command()
@at_a_target
@click.option("--merchant", required=True)
@click.option("--key", required=True)
@click.option("--overlap", default="0h")
def rotate(at: Target, merchant: str, key: str, overlap: str) -> dict[str, Any]:
    """Replace a key; the old one stops working with this write, or when the overlap is over."""
    new = rotate_key(MerchantId(merchant), key, office=at.office, overlap=overlap_of(overlap), keep=at.keep)
    return {"merchantId": merchant, "environment": new.environment, "kind": new.kind, "key": new.value}


if __name__ == "__main__":
    main()
