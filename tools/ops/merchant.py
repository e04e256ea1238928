"""``make merchant`` and ``make rotate-key``: on a running local gateway, or on a deployed stack."""

from __future__ import annotations

import json
import sys
from typing import Any

import boto3
import click

from shared.domain.errors import GatewayError
from shared.usecases.merchant.change_merchant import shown_settings
from tools.local.stack import RUNNING
from tools.ops.onboarding import add_merchant, as_json, replace_key, set_merchant

STACKS = {"dev": "payment-gateway-dev", "staging": "payment-gateway-staging", "prod": "payment-gateway"}


def _table(port: int, env: str | None) -> tuple[Any, str]:
    """The merchants table of the stack that is meant, and a client that reaches it."""
    if env is not None:
        if env not in STACKS:
            sys.exit(f"ENV is one of {', '.join(STACKS)}")
        stack = boto3.client("cloudformation").describe_stacks(StackName=STACKS[env])["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        return boto3.client("dynamodb"), outputs["MerchantsTableName"]
    record = RUNNING / f"{port}.json"
    if not record.is_file():
        sys.exit(f"no gateway runs on port {port}; start one with: make run PORT={port}")
    running = json.loads(record.read_text())
    database = boto3.client(
        "dynamodb",
        endpoint_url=running["endpoint"],
        region_name=running["region"],
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the local cloud takes any
    )
    return database, running["outputs"]["MerchantsTableName"]


@click.group()
def main() -> None:
    """Merchants and their keys."""


@main.command()
@click.option("--name", required=True)
@click.option("--port", default=8080)
@click.option("--env", default=None)
def create(name: str, port: int, env: str | None) -> None:
    """Onboard a merchant. Its keys and webhook secrets are printed once and stored hashed."""
    database, table = _table(port, env)
    try:
        click.echo(as_json(add_merchant(database, table, name)))
    except GatewayError as error:
        sys.exit(f"{error}; say NAME=...")


@main.command()
@click.option("--merchant", required=True)
@click.option("--key", required=True)
@click.option("--port", default=8080)
@click.option("--env", default=None)
def rotate(merchant: str, key: str, port: int, env: str | None) -> None:
    """Replace a key; the old one stops working with this write."""
    database, table = _table(port, env)
    try:
        new = replace_key(database, table, merchant, key)
    except GatewayError as error:
        sys.exit(str(error))
    click.echo(
        json.dumps({"merchantId": merchant, "environment": new.environment, "kind": new.kind, "key": new.value})
    )


@main.command(name="set")
@click.option("--merchant", required=True)
@click.option("--settings", required=True)
@click.option("--port", default=8080)
@click.option("--env", default=None)
def change(merchant: str, settings: str, port: int, env: str | None) -> None:
    """Change what a merchant's keys may do, for all of them with one write."""
    database, table = _table(port, env)
    try:
        after = set_merchant(database, table, merchant, settings)
    except GatewayError as error:
        sys.exit(str(error))
    click.echo(json.dumps({"merchantId": merchant, "name": after.name, "settings": shown_settings(after)}, indent=2))


if __name__ == "__main__":
    main()
