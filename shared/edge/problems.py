"""The one place where a failure becomes an HTTP status and a body."""

from __future__ import annotations

from typing import Final

from shared.domain import errors
from shared.edge.call import Reply

# The most specific class wins: the lookup walks the exception's MRO.
STATUS: Final[dict[type[BaseException], int]] = {
    errors.InvalidRequest: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.BodyTooLarge: 413,
    errors.Unprocessable: 422,
    errors.Refused: 422,
    errors.SenderNotAsked: 424,
    errors.TooManyTries: 429,
    errors.OutcomeUnknown: 502,
    errors.Unavailable: 503,
    errors.GatewayError: 500,
}


def status_of(error: errors.GatewayError) -> int:
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def reply(error: errors.GatewayError, request_id: str) -> Reply:
    """What the caller of a PayGlobe endpoint gets for ``error``."""
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, errors.TooManyRequests) else {}
    return Reply(envelope(error, request_id), status_of(error), headers)


def envelope(error: errors.GatewayError, request_id: str) -> dict[str, object]:
    """The PayGlobe family's error body; ``error`` and ``message`` say the same, for both kinds of sample."""
    message = str(error)
    return {
        "success": False,
        "error": message,
        "message": message,
        "code": error.error_code,
        "requestId": request_id,
    }
