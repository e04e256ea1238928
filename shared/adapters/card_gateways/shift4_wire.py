"""Shift4's API: JSON both ways under the account's secret key, and lists that come a page at a time."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from shared.adapters.card_gateways.calls import Call
from shared.adapters.card_gateways.json_api import Said, understood
from shared.adapters.psp_http import PspHttp, PspRequest
from shared.adapters.reading import part, parts, word
from shared.domain.errors import OutcomeUnknown
from shared.domain.payment import Environment

_MOST_PAGES: Final = 10
_PAGE: Final = 100


def asked(http: PspHttp, environment: Environment, known: Mapping[str, str], call: Call) -> Said:
    """The answer to one call of the account that ``known`` describes.

    Raises Unavailable, CredentialsRefused, and OutcomeUnknown also for what is not Shift4's JSON.
    """
    posts = call.method == "POST"
    basic = b64encode(f"{known['secret_key']}:".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"}
    if posts:
        headers["Content-Type"] = "application/json"
    if call.key:
        headers["Idempotency-Key"] = call.key
    url = f"{known['api_base'].rstrip('/')}/{call.path}"
    request = PspRequest(
        f"shift4.{call.name}",
        call.method,
        url if posts or not call.fields else f"{url}?{urlencode(call.fields)}",
        environment,
        headers,
        json.dumps(call.fields).encode() if posts else b"",
        question=call.question or call.method == "GET",
    )
    return understood("Shift4", http.call(request), _why)


def listed(ask: Callable[[Call], Said], call: Call) -> Iterator[Mapping[str, Any]]:
    """Every object of a list, the newest first. Raises OutcomeUnknown when it is none, or does not end."""
    about: dict[str, Any] = {**call.fields, "limit": _PAGE}
    for _ in range(_MOST_PAGES):
        said = ask(replace(call, fields=about))
        if not said.done or not isinstance(said.body.get("list"), list):
            raise OutcomeUnknown("Shift4 gave no list")
        found = parts(said.body, "list")
        yield from found
        if said.body.get("hasMore") is not True or not found:
            return
        about["startingAfterId"] = word(found[-1], "id")
    raise OutcomeUnknown("Shift4 lists too many to find this one among them")


def _why(body: Mapping[str, Any]) -> tuple[str, str]:
    error = part(body, "error")
    return word(error, "code") or word(error, "type"), word(error, "message")
