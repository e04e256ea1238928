"""A merchant's keys as their owner sees them: a publishable one in full, a secret one by its last four characters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from shared.domain.ids import MerchantId
from shared.domain.merchant import Key, KeyKind
from shared.ports.cards import Vault
from shared.ports.merchants import NewKey
from shared.ports.world import Clock
from shared.usecases.merchant.create_merchant import Keep, kept

_SHOWN: Final = 4


def sealed_by(vault: Vault, now: Clock) -> Keep:
    """How a key is kept that is to be listed: no key lies readable in a table."""

    def keep(merchant_id: MerchantId, new: NewKey) -> Key:
        sealed = vault.seal(new.value, _context(merchant_id, new)) if new.kind is KeyKind.PUBLISHABLE else ""
        return replace(kept(new), tail=new.value[-_SHOWN:], created_at=now(), sealed=sealed)

    return keep


def shown_key(key: Key, merchant_id: MerchantId, vault: Vault) -> str:
    """What may be shown of a key again and again. Raises Unavailable."""
    if key.sealed:
        return vault.open(key.sealed, _context(merchant_id, key))
    return f"{key.kind}_{key.environment}_...{key.tail}"


def _context(merchant_id: MerchantId, key: Key | NewKey) -> Mapping[str, str]:
    return {"merchant": merchant_id, "environment": key.environment.value, "use": "publishable key"}
