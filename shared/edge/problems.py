"""What an error means, as an HTTP status; how it is told to a caller, the caller's family says."""

from __future__ import annotations

from typing import Final

from shared.domain import errors

# The most specific class wins: the lookup walks the exception's MRO.
STATUS: Final[dict[type[BaseException], int]] = {
    errors.InvalidRequest: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
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
