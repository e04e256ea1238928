"""Merchants for the local cloud and for a deployed stack: by the product's own use case."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from typing import Any, Final

from shared.adapters.dynamodb.merchants import DynamoMerchants
from shared.domain.errors import Conflict, InvalidRequest, NotFound
from shared.domain.ids import MerchantId
from shared.domain.merchant import KeyKind, Merchant
from shared.domain.payment import Environment
from shared.ports.merchants import NewKey
from shared.usecases.merchant.change_merchant import change_merchant
from shared.usecases.merchant.create_merchant import NewMerchant, create_merchant, rotate_key

DEMO_ID: Final = "m_demo"
DEMO_KEYS: Final = (
    NewKey("pk_test_PayGlobe123456789TestPublishable", Environment.TEST, KeyKind.PUBLISHABLE),
    NewKey("sk_test_PayGlobe123456789TestSecret", Environment.TEST, KeyKind.SECRET),
)
# What signs the local cloud's messages about disputes. Nothing but the local cloud ever knows these.
DEMO_DISPUTE_SECRETS: Final = {
    name: {"test": [f"local_{name}_secret"]} for name in ("igfs", "stripe", "paypal", "sandbox")
}
DEMO_CONTACT: Final = "help@bottega-demo.example"
DEMO_PUBLISHABLE: Final = DEMO_KEYS[0].value
DEMO_SECRET: Final = DEMO_KEYS[1].value


def now() -> datetime:
    return datetime.now(UTC)


def add_merchant(database: Any, table: str, name: str) -> NewMerchant:
    return create_merchant(name, merchants=DynamoMerchants(database, table), now=now, entropy=secrets.token_bytes)


def add_demo_merchant(database: Any, table: str) -> NewMerchant | None:
    """The merchant whose keys the documentation prints. None when it is there already. Local cloud only."""
    store = DynamoMerchants(database, table)
    try:
        made = create_merchant(
            "Bottega Demo",
            merchants=store,
            now=now,
            entropy=secrets.token_bytes,
            merchant_id=DEMO_ID,
            keys=DEMO_KEYS,
        )
    except Conflict:
        return None
    change_merchant(made.merchant.id, {"contact": DEMO_CONTACT}, merchants=store)
    return made


def replace_key(database: Any, table: str, merchant_id: str, old: str) -> NewKey:
    """Raises NotFound unless ``old`` is a key of this merchant."""
    store = DynamoMerchants(database, table)
    if store.credential(old).merchant.id != merchant_id:
        raise NotFound(f"this is not a key of merchant {merchant_id}")
    return rotate_key(old, merchants=store, entropy=secrets.token_bytes)


def set_merchant(database: Any, table: str, merchant_id: str, settings: str) -> Merchant:
    """Change settings given as ``name=value name=value``; lists are separated by commas. Raises InvalidRequest."""
    pairs = [part.partition("=") for part in settings.split()]
    if not all(sign for _, sign, _ in pairs):
        raise InvalidRequest("settings are given as name=value, with a space between two")
    wanted = {name: value for name, _, value in pairs}
    return change_merchant(MerchantId(merchant_id), wanted, merchants=DynamoMerchants(database, table))


def as_json(new: NewMerchant) -> str:
    """What ``make merchant`` prints: the only time these values are seen."""
    keys = {f"{key.kind}_{key.environment}": key.value for key in new.keys}
    hooks = {secret.environment.value: secret.secret.value for secret in new.secrets}
    return json.dumps(
        {"merchantId": new.merchant.id, "name": new.merchant.name, "keys": keys, "webhookSecrets": hooks}
    )
