"""Every failure this system can name.

To add one: derive it from the right class, give it a ``code`` and, only when its HTTP status is not that
class's, a row in ``shared/edge/problems.py``. The message is written for the merchant; internals belong
in the exception's cause, which is logged and never sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple


class GatewayError(Exception):
    """Base of all named failures; ``str(error)`` is safe to show to the caller."""

    code: ClassVar[str] = "internal_error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.error_code = code or self.code


class Fault(NamedTuple):
    """One thing wrong with a request: the field's path (``vouchers.0.otp``; None: no field's), reason, and a text."""

    param: str | None
    code: str
    message: str


class InvalidRequest(GatewayError):
    """The request breaks the documented contract (400). ``faults`` are all that is wrong, the first of them first."""

    code = "invalid_request"
    about: ClassVar[str | None] = None  # the field that errors of this class are about, unless they name another

    def __init__(
        self, message: str, *, code: str | None = None, param: str | None = None, faults: Sequence[Fault] = ()
    ) -> None:
        super().__init__(message, code=code)
        self.faults = tuple(faults) or (Fault(param or self.about, self.error_code, message),)


class InvalidAmount(InvalidRequest):
    code = "invalid_amount"
    about = "amount"


class Unauthenticated(GatewayError):
    """No key, a malformed key or one we do not know (401)."""

    code = "unauthenticated"


class Forbidden(GatewayError):
    """The key is known and may not do this (403)."""

    code = "forbidden"


class NotFound(GatewayError):
    """No such object, or it belongs to somebody else (404)."""

    code = "not_found"


class OfLaterRelease(GatewayError):
    """A record that a later release wrote and this one, which was gone back to, cannot read: left for that one."""


class MethodNotAllowed(GatewayError):
    """There is such an address, and it takes ``allowed`` alone (405)."""

    code = "method_not_allowed"

    def __init__(self, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)
        super().__init__(f"this address takes {' and '.join(self.allowed)}")


class Conflict(GatewayError):
    """Understood, but not in the state the object is in now (409)."""

    code = "conflict"


class IllegalTransition(Conflict):
    """The payment's present status does not allow this move."""

    code = "illegal_transition"


class InProgress(Conflict):
    """The same thing is being done right now by another call; ask again shortly."""

    code = "in_progress"


class BodyTooLarge(GatewayError):
    """The request body is over the limit (413)."""

    code = "body_too_large"


class Unprocessable(GatewayError):
    """Well-formed and refused by a rule that repeating cannot change (422)."""

    code = "unprocessable"


class GatewayNotConfigured(Unprocessable):
    """A live key whose merchant has no live card gateway."""

    code = "gateway_not_configured"


class IdempotencyMismatch(Unprocessable):
    """The same Idempotency-Key came with another body."""

    code = "idempotency_key_reused"


class VoucherNotDivisible(Unprocessable):
    """This provider gives back whole vouchers only."""

    code = "voucher_not_divisible"


class TooManyTries(GatewayError):
    """The bound on card or voucher tries of one payment is reached (429)."""

    code = "too_many_tries"


class TooManyRequests(TooManyTries):
    """More in a minute than this key may cause; nothing was done (429)."""

    code = "rate_limited"

    def __init__(self, retry_after: int) -> None:
        """``retry_after`` in seconds, until the next minute begins."""
        super().__init__(f"too many at once; try again in {retry_after} s")
        self.retry_after = retry_after


class Refused(GatewayError):
    """A card gateway or voucher provider said no; ``error_code`` is its reason in our words."""

    code = "refused"


class Unavailable(GatewayError):
    """A collaborator failed before anything happened: repeating the same call is safe (503)."""

    code = "unavailable"


class CredentialsRefused(Unavailable):
    """An acquirer does not accept what the connector signs in with, or lets it do nothing; nothing moved (503)."""

    code = "credentials_refused"


class SenderNotAsked(Unavailable):
    """Whoever a message claims to be from cannot be asked whether it is; a genuine sender sends it again (424).

    Anybody can post such a message, so that it is never our failure.
    """

    code = "sender_not_asked"


class OutcomeUnknown(GatewayError):
    """The answer was lost after sending: money may or may not have moved.

    Never repeated blindly and never guessed; resolved by asking with the operation's own key.
    """

    code = "outcome_unknown"


class NobodyKnows(OutcomeUnknown):
    """The other side answers no question about this call: what became of it, a person has to find out."""


class TokenGone(GatewayError):
    """The state machine no longer waits on this task token. Not an error: the next step reads the record."""

    code = "task_token_gone"


class StaleWrite(Conflict):
    """Somebody else changed the object since it was read, more often than we were willing to try again."""

    code = "concurrent_change"
