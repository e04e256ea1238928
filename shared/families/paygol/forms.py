"""Forms and links as shops have written them for years: urlencoded or multipart, of a field sent twice the last."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from shared.families.paygol.problems import WrongForm
from shared.families.paygol.reading import is_given, is_text
from shared.families.paygol.reasons import Why

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.edge.request import Request

MOST_FIELDS: Final = 200
_MULTIPART: Final = "multipart/form-data"


def form_of(request: Request) -> dict[str, str]:
    """The fields by name, without those that are empty; whether they are text is still to be checked.

    Raises WrongForm for too many of them.
    """
    pairs = _of_query(request) if request.method == "GET" else _of_body(request)
    found = {name: value for name, value in pairs if name.startswith("pg_") or name in ("service", "id", "format")}
    return {name: value for name, value in found.items() if is_given(name, value)}


def check_text(given: dict[str, str]) -> None:
    """Raises WrongForm for what cannot be stored, shown and signed alike."""
    if not all(is_text(value) for value in given.values()):
        raise WrongForm(Why.CHARACTERS)


def _of_query(request: Request) -> list[tuple[str, str]]:
    many = request.event.get("multiValueQueryStringParameters") or {}
    return [(str(name), str(values[-1])) for name, values in many.items() if values]


def _of_body(request: Request) -> Iterable[tuple[str, str]]:
    kind = request.headers.get("content-type", "")
    if kind.lower().startswith(_MULTIPART):
        return _of_multipart(kind, request.body)
    try:
        raw = request.body.decode("latin-1")  # byte for byte: what the bytes mean is asked of each field
        pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=MOST_FIELDS, encoding="latin-1")
    except ValueError as error:
        raise WrongForm(Why.TOO_MANY) from error
    return [(_text(name.encode("latin-1")), _text(value.encode("latin-1"))) for name, value in pairs]


def _of_multipart(kind: str, body: bytes) -> list[tuple[str, str]]:
    head = b"Content-Type: " + kind.encode("latin-1", "replace") + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        return []
    found: list[tuple[str, str]] = []
    for part in list(message.iter_parts())[:MOST_FIELDS]:
        name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes) and part.get_filename() is None:
            found.append((name, _text(content)))
    return found


def _text(raw: bytes) -> str:
    """UTF-8, and where it is none, what old shops wrote: Windows-1252."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
