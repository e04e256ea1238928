"""Worldline's Direct API: JSON both ways, each call signed over its method, date, own headers and path."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any, Final
from urllib.parse import urlsplit

from shared.adapters.card_gateways.calls import Call
from shared.adapters.card_gateways.json_api import Said, understood
from shared.adapters.psp_http import PspHttp, PspRequest
from shared.adapters.reading import parts, word
from shared.domain.payment import Environment

_JSON: Final = "application/json; charset=utf-8"
_KEY: Final = "X-GCS-Idempotence-Key"


def asked(http: PspHttp, environment: Environment, known: Mapping[str, str], call: Call) -> Said:
    """The answer to one call of the merchant id that ``known`` describes.

    Raises Unavailable, CredentialsRefused, and OutcomeUnknown also for what is not Worldline's JSON.
    """
    url = f"{known['api_base'].rstrip('/')}/v2/{known['merchant_id']}/{call.path}"
    headers = {"Date": formatdate(usegmt=True)}
    if call.method == "POST":
        headers["Content-Type"] = _JSON
    if call.key:
        headers[_KEY] = call.key
    signed = f"GCS v1HMAC:{known['api_key_id']}:{signature(known['secret_api_key'], call.method, headers, url)}"
    request = PspRequest(
        f"worldline.{call.name}",
        call.method,
        url,
        environment,
        {**headers, "Authorization": signed},
        json.dumps(call.fields).encode() if call.method == "POST" else b"",
        question=call.question or call.method == "GET",
    )
    return understood("Worldline", http.call(request), _why)


def signature(secret: str, method: str, headers: Mapping[str, str], url: str) -> str:
    where = urlsplit(url)
    lines = [method, headers.get("Content-Type", ""), headers["Date"]]
    lines += [f"{name.lower()}:{value}" for name, value in sorted(headers.items()) if name.startswith("X-GCS")]
    lines += [f"{where.path}?{where.query}" if where.query else where.path]
    return digest(secret, "".join(f"{line}\n" for line in lines).encode())


def digest(secret: str, signed: bytes) -> str:
    return b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode()


def first_error(said: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(iter(parts(said, "errors")), {})


def _why(body: Mapping[str, Any]) -> tuple[str, str]:
    error = first_error(body)
    return word(error, "errorCode") or word(error, "code"), word(error, "message")
