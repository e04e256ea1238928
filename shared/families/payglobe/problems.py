"""PayGlobe's error body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.domain.errors import GatewayError, InvalidRequest, TooManyRequests
from shared.edge.call import with_remarks
from shared.edge.problems import status_of
from shared.edge.request import Reply


def reply(error: GatewayError, request_id: str, remarks: Sequence[Mapping[str, object]] = ()) -> Reply:
    """What the caller of a PayGlobe endpoint gets for ``error``; ``remarks`` is what was noticed before it."""
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyRequests) else {}
    return Reply(with_remarks(envelope(error, request_id), remarks), status_of(error), headers)


def envelope(error: GatewayError, request_id: str) -> dict[str, object]:
    """``error`` and ``message`` say the same, for both kinds of sample in the guide.

    What breaks the contract is told whole: ``errors`` has each fault, ``param`` is the first one's field.
    """
    faults = error.faults if isinstance(error, InvalidRequest) else ()
    message = "; ".join(fault.message for fault in faults) or str(error)
    told: dict[str, object] = {
        "success": False,
        "error": message,
        "message": message,
        "code": error.error_code,
        "requestId": request_id,
    }
    if faults:
        told |= {"param": faults[0].param, "errors": [fault._asdict() for fault in faults]}
    return told


def unknown_field(name: str, meant: str | None) -> dict[str, object]:
    """A row of ``warnings``: the field was ignored, so that callers who always sent it go on."""
    guess = f"; did you mean {meant}?" if meant else ""
    return {"param": name, "code": "unknown_field", "message": f"{name} is not known and was ignored{guess}"}
