"""The older API, whose answers are JSON, XML or one line of text, always with HTTP 200."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

from shared.domain.errors import GatewayError
from shared.edge.request import Reply
from shared.families.paygol.problems import code_of, status_told, text_of

TYPES: Final = {"json": "application/json", "xml": "text/xml; charset=utf-8", "txt": "text/plain; charset=utf-8"}
# The order of what one line says; of what is nested, its own name.
CREATED: Final = (
    "service_id", "payment_method", "transaction_id", "status", "amount", "currency", "payment_method_url", "custom",
    "success_url", "cancel_url",
)  # fmt: skip
CHECKED: Final = ("status", "service_id", "transaction_id", "amount", "currency", "custom")
OK, ERROR = "OK", "ERROR"
_MARKED: Final = {"\r": "&#13;"}  # a reader of XML takes a plain one for a line feed


def format_asked(text: str | None) -> str:
    """JSON for what is none of the three."""
    wanted = (text or "").strip().lower()
    return wanted if wanted in TYPES else "json"


def told(data: Mapping[str, Any], wanted: str, order: tuple[str, ...]) -> Reply:
    if wanted == "json":
        return _reply(json.dumps({"data": data}), wanted)
    if wanted == "xml":
        return _reply(_xml(OK, data), wanted)
    flat = {**data, **data.get("redirect_urls", {})}
    return _reply("|".join((OK, *(_cell(flat[name]) for name in order))), wanted)


def refused(error: GatewayError, wanted: str) -> Reply:
    code, message = code_of(error), text_of(error)
    if wanted == "json":
        text = json.dumps({"data": None, "error": {"code": code, "message": message}})
    elif wanted == "xml":
        text = _xml(ERROR, {"code": code, "message": message})
    else:
        text = "|".join((ERROR, code, _cell(message)))
    return _reply(text, wanted, status_told(error))


def _reply(text: str, wanted: str, status: int = 200) -> Reply:
    return Reply(text, status, {"Content-Type": TYPES[wanted]})


def _cell(value: object) -> str:
    return str(value).replace("|", "%7C").replace("\r", " ").replace("\n", " ")


def _xml(response: str, data: Mapping[str, Any]) -> str:
    body = _elements({"response": response, **data})
    return f'<?xml version="1.0" encoding="UTF-8"?><paygol>{body}</paygol>'


def _elements(values: Mapping[str, Any]) -> str:
    parts = (
        f"<{name}>{_elements(value) if isinstance(value, Mapping) else escape(str(value), _MARKED)}</{name}>"
        for name, value in values.items()
    )
    return "".join(parts)
