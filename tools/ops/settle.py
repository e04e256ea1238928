"""``make settle``: a person's word on an operation that its gateway answers no question about. JSON comes out."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from tools.ops.merchant import at_a_target
from tools.ops.target import Target


@click.command()
@at_a_target
@click.option("--payment", required=True)
@click.option("--key", required=True)
@click.option("--state", required=True)
@click.option("--why", required=True)
@click.option("--reference", default="")
def main(at: Target, payment: str, key: str, state: str, why: str, reference: str) -> dict[str, Any]:
    """Close the operation ``key`` of a payment by what its acquirer or issuer told you."""
    word = {"payment": payment, "key": key, "state": state, "who": at.who, "why": why, "reference": reference}
    reply = at.client("lambda").invoke(FunctionName=at.outputs["SettleFunctionName"], Payload=json.dumps(word))
    said: dict[str, Any] = json.loads(reply["Payload"].read())
    if "FunctionError" in reply or not said.get("ok"):
        sys.exit(said.get("message") or said.get("errorMessage") or "it was not closed")
    return said


if __name__ == "__main__":
    main()
