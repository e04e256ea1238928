"""Our keys in another side's letters: the same for the same operation, and nobody else's."""

from __future__ import annotations

import json
from hashlib import sha256

from shared.adapters.settings import Owned


def wire_key(owner: Owned, key: str) -> str:
    """32 letters and digits, which every side's limits take."""
    whole = json.dumps([owner.merchant_id, owner.environment, key])
    return sha256(whole.encode()).hexdigest()[:32]
