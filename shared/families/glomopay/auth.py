"""How Glomopay's callers prove who they are: the merchant's own keys, and what opens one payment."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from shared.domain.errors import Unauthenticated
from shared.domain.merchant import Credential, KeyKind
from shared.edge.bearer import credential_of, key_form

if TYPE_CHECKING:
    from shared.ports.merchants import Merchants

# Mobile libraries refuse a publishable key that does not begin with the environment's name.
_WITHOUT_KIND: Final = re.compile(r"(test|live)_[A-Za-z0-9]{8,100}")


class Caller(StrEnum):
    """Who may call an endpoint."""

    SECRET_KEY = "secret key"  # noqa: S105 - a kind of caller, not a secret
    ANY_KEY = "publishable or secret key"
    CARD_HOLDER = "the payment's authToken"


def credential(token: str, caller: StrEnum, merchants: Merchants) -> Credential:
    """The merchant behind a key. Raises Unauthenticated, also for a publishable key where a secret one is needed."""
    token = _whole(token)
    found = credential_of(token, merchants)
    if caller is Caller.SECRET_KEY and found.kind is not KeyKind.SECRET:
        raise Unauthenticated("this needs a secret key (sk_...)")
    return found


def form_of(token: str) -> tuple[str | None, str | None]:
    """(what kind of key a token has the form of, the environment it names): None for what has or names none."""
    return key_form(_whole(token)) or (None, None)


def _whole(token: str) -> str:
    return f"pk_{token}" if _WITHOUT_KIND.fullmatch(token) else token
