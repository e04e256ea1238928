"""Whether a deployed API answers at all, before the pages that need it go up: nothing is written by asking."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import requests

_SECONDS: Final = 90.0  # a new deployment of the API takes some to be everywhere
_PAUSE: Final = 3.0


@dataclass(frozen=True, slots=True)
class Probe:
    """A request, and what its answer has to be: its status, and ``code`` of its body where it has one."""

    method: str
    path: str
    status: int
    code: str = ""


PROBES: Final = (
    Probe("GET", "/js/payglobe.js", 200),
    Probe("POST", "/api/payment/init", 401, "unauthenticated"),
    Probe("GET", "/api/merchant/transactions", 401, "unauthenticated"),
    Probe("GET", "/no/such/address", 404, "not_found"),
)


def smoke(base_url: str, seconds: float = _SECONDS, ask: Callable[..., Any] = requests.request) -> list[str]:
    """What is wrong with the answers, once it stayed so for ``seconds``; nothing when all of them are right."""
    deadline = time.monotonic() + seconds
    while True:
        wrong = list(_wrong(base_url, ask))
        if not wrong or time.monotonic() >= deadline:
            return wrong
        time.sleep(min(_PAUSE, seconds))


def _wrong(base_url: str, ask: Callable[..., Any]) -> Iterator[str]:
    for probe in PROBES:
        what = f"{probe.method} {base_url}{probe.path}"
        try:
            answer = ask(probe.method, base_url + probe.path, timeout=30)
            code = answer.json().get("code", "") if probe.code else ""
        except (OSError, ValueError) as error:
            yield f"{what}: {type(error).__name__}"
            continue
        if (answer.status_code, code) != (probe.status, probe.code):
            yield f"{what}: {answer.status_code} {code} instead of {probe.status} {probe.code}"
