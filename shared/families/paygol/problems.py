"""Paygol's errors: a number, a word and a text, told with HTTP 200 wherever the caller can do better."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from shared.domain.errors import (
    BodyTooLarge,
    GatewayError,
    GatewayNotConfigured,
    InvalidAmount,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    OutcomeUnknown,
    Unavailable,
)
from shared.domain.outside import RepeatedField
from shared.edge.problems import status_of
from shared.edge.request import Reply
from shared.families.paygol.reasons import Reason, Why

_CODES: Final = (
    "invalid_request",
    "unknown_service",
    "invalid_signature",
    "invalid_token",
    "missing_parameter",
    "invalid_parameter",
    "invalid_amount",
    "invalid_currency",
    "unknown_method",
    "method_not_available",
    "unknown_transaction",
    "gateway_not_configured",
    "unavailable",
)
RESULTS: Final = {code: number for number, code in enumerate(_CODES, start=1)}
_OURS: Final = frozenset({405, 413, 500, 502, 503})
# What an error of the core is here; the first that fits.
_MEANS: Final[tuple[tuple[type[GatewayError], str], ...]] = (
    (NotFound, "unknown_transaction"),
    (GatewayNotConfigured, "gateway_not_configured"),
    (Unavailable, "unavailable"),
    (OutcomeUnknown, "unavailable"),
    (InvalidAmount, "invalid_amount"),
    (BodyTooLarge, "invalid_request"),
    (MethodNotAllowed, "invalid_request"),
    (RepeatedField, "invalid_request"),
    (InvalidRequest, "invalid_parameter"),
)


class WrongParameters(InvalidRequest):
    """Fields of the request by name; the text names them too, for clients that show nothing else."""

    def __init__(self, code: str, names: Iterable[str], why: Why, **values: str) -> None:
        self.parameters, self.reason = tuple(names), Reason(why, values)
        said = "missing" if why is Why.MISSING else str(self.reason)  # of any number of them
        super().__init__(f"{', '.join(self.parameters)} {said}", code=code)


class WrongForm(InvalidRequest):
    """A form that cannot be read at all."""

    def __init__(self, why: Why) -> None:
        self.reason = Reason(why)
        super().__init__(f"the form {why}", code="invalid_request")


def missing(names: Iterable[str]) -> WrongParameters:
    return WrongParameters("missing_parameter", names, Why.MISSING)


def invalid(name: str, why: Why, **values: str) -> WrongParameters:
    return WrongParameters("invalid_parameter", [name], why, **values)


def code_of(error: GatewayError) -> str:
    if error.error_code in RESULTS:
        return error.error_code
    return next((code for kind, code in _MEANS if isinstance(error, kind)), "unavailable")


def text_of(error: GatewayError) -> str:
    """``E05: pg_email missing``. A client shows what stands between the first colon and the second: there is one."""
    return f"E{RESULTS[code_of(error)]:02d}: {str(error).replace(':', ',')}"


def details(error: GatewayError) -> dict[str, object]:
    told: dict[str, object] = {"code": code_of(error), "message": text_of(error)}
    return told | ({"parameters": list(error.parameters)} if isinstance(error, WrongParameters) else {})


def status_told(error: GatewayError) -> int:
    """Libraries take any status of 400 and more for a broken connection: only what is one gets it."""
    meant = status_of(error)
    if meant == 502:
        return 503
    return meant if meant in _OURS else 200


def reply(error: GatewayError) -> Reply:
    return Reply({"result": RESULTS[code_of(error)], "error": details(error)}, status_told(error))
