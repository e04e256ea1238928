"""How PayGlobe's callers prove who they are: API keys, and the client secret of a payment."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from shared.domain import ids
from shared.domain.errors import Forbidden, Unauthenticated
from shared.domain.merchant import Credential, KeyKind
from shared.domain.operator import is_key as is_operators
from shared.edge.bearer import credential_of, key_form, opens

if TYPE_CHECKING:
    from shared.domain.payment import Payment
    from shared.ports.merchants import Merchants

_OF_A_PAYMENT: Final = "client secret"
_OPERATORS: Final = "operator"


class Caller(StrEnum):
    """Who may call an endpoint."""

    ANYONE = "anyone"
    KNOWS_ADDRESS = "whoever knows this address, which holds 128 random bits"
    ANY_KEY = "any key"
    SECRET_KEY = "secret key"  # noqa: S105 - a kind of caller, not a secret
    KEY_OR_CLIENT_SECRET = "any key or the payment's client secret"  # noqa: S105
    OPERATOR = "an operator's own key (op_...)"
    PERSON = "somebody who is signed in to the dashboard"
    SECRET_KEY_OR_CLIENT_SECRET = "secret key or the payment's client secret"  # noqa: S105


KEYLESS: Final = frozenset({Caller.ANYONE, Caller.KNOWS_ADDRESS})
SECRET_ONLY: Final = frozenset({Caller.SECRET_KEY, Caller.SECRET_KEY_OR_CLIENT_SECRET})
CLIENT_SECRETS: Final = frozenset({Caller.KEY_OR_CLIENT_SECRET, Caller.SECRET_KEY_OR_CLIENT_SECRET})


def credential(token: str, caller: StrEnum, merchants: Merchants) -> Credential:
    """The merchant behind a key. Raises Unauthenticated for an unknown one, Forbidden for the wrong kind."""
    found = credential_of(token, merchants)
    if caller is Caller.PERSON:
        raise Forbidden("this is for people who are signed in, not for keys", code="session_required")
    if caller in SECRET_ONLY and found.kind is not KeyKind.SECRET:
        raise Forbidden("this needs a secret key (sk_...)", code="secret_key_required")
    return found


def form_of(token: str) -> tuple[str | None, str | None]:
    """(what kind of key a token has the form of, the environment it names): None for what has or names none."""
    if key := key_form(token):
        return key
    if is_operators(token):
        return _OPERATORS, None
    return (_OF_A_PAYMENT if ids.payment_of_client_secret(token) else None), None


def check_client_secret(token: str, payment: Payment) -> None:
    """Raises Unauthenticated unless ``token`` is a client secret of ``payment``."""
    if not opens(token, payment):
        raise Unauthenticated("the client secret is not valid for this payment")
