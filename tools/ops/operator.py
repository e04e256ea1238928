"""``make operator``: a key for the operators' door, here or on a deployed stack. JSON comes out."""

from __future__ import annotations

import secrets
from typing import Any

import click

from shared.adapters.dynamodb.operators import DynamoOperators
from shared.domain.errors import InvalidRequest
from shared.domain.ids import fingerprint
from shared.domain.operator import Operator, checked_name, new_key
from tools.ops.merchant import at_a_target
from tools.ops.onboarding import now
from tools.ops.target import Target


@click.command()
@at_a_target
@click.option("--name", default="")
@click.option("--remove", is_flag=True)
def main(at: Target, name: str, remove: bool) -> dict[str, Any]:
    """Make an operator's key, which is printed once; the one that it had stops at once. Without a name, list them."""
    operators = DynamoOperators(at.client("dynamodb"), at.outputs["MerchantsTableName"])
    if not name:
        if remove:
            raise InvalidRequest("say whose key is to be removed: NAME=", param="name")
        return {"operators": [{"name": one.name, "since": one.created_at.isoformat()} for one in operators.all()]}
    if remove:
        operators.remove(name)
        return {"operator": name, "removed": True}
    key = new_key(secrets.token_bytes(20))
    operators.put(Operator(checked_name(name), fingerprint(key), now()))
    return {"operator": name, "key": key}


if __name__ == "__main__":
    main()
