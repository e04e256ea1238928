"""PayGlobe's error body."""

from __future__ import annotations

from shared.domain.errors import GatewayError, TooManyRequests
from shared.edge.problems import status_of
from shared.edge.request import Reply


def reply(error: GatewayError, request_id: str) -> Reply:
    """What the caller of a PayGlobe endpoint gets for ``error``."""
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyRequests) else {}
    return Reply(envelope(error, request_id), status_of(error), headers)


def envelope(error: GatewayError, request_id: str) -> dict[str, object]:
    """``error`` and ``message`` say the same, for both kinds of sample in the guide."""
    message = str(error)
    return {
        "success": False,
        "error": message,
        "message": message,
        "code": error.error_code,
        "requestId": request_id,
    }
