"""Calls to issuers of vouchers that speak JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final

from shared.adapters.psp_http import PspHttp, PspRequest
from shared.adapters.reading import read_message
from shared.domain.errors import InvalidRequest, OutcomeUnknown
from shared.domain.payment import Environment
from shared.domain.record import dataclass

NOT_FOUND: Final = 404
_REFUSALS: Final = 400


@dataclass(frozen=True, slots=True)
class Said:
    """What an issuer answered: a JSON object."""

    status: int
    body: Mapping[str, Any] = field(repr=False)

    @property
    def done(self) -> bool:
        return self.status < _REFUSALS


@dataclass(frozen=True, slots=True)
class Wire:
    """One issuer's API for one shop: ``base`` and the headers by which the shop is known."""

    name: str
    http: PspHttp
    environment: Environment
    base: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    def asks(
        self, called: str, method: str, path: str, body: Mapping[str, Any] | None = None, *, question: bool = False
    ) -> Said:
        """Raises Unavailable, CredentialsRefused, and OutcomeUnknown also for what is no JSON object."""
        headers = {"Content-Type": "application/json", **self.headers} if body is not None else self.headers
        content = json.dumps(body).encode() if body is not None else b""
        request = PspRequest(
            f"{self.name}.{called}",
            method,
            f"{self.base.rstrip('/')}/{path}",
            self.environment,
            headers,
            content,
            question=question or method == "GET",
        )
        reply = self.http.call(request)
        try:
            return Said(reply.status, read_message(reply.body))
        except InvalidRequest as error:
            raise OutcomeUnknown(f"the answer of {self.name} to {called} is not JSON") from error
