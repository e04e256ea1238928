"""What Paygol's clients sign and verify: HMAC-SHA256 over exact bytes, and the JSON that PHP would write."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

HEADER: Final = "X-PG-SIG"  # letter for letter: clients search it with a case-sensitive expression
_DIGITS: Final = re.compile(r"(\d+)", re.ASCII)


class Number(str):
    """A JSON number as it was written, so that none of its digits is lost or made up."""

    __slots__ = ()


def signature(secret: bytes, body: bytes) -> str:
    """Lower-case hex."""
    return hmac.new(secret, body, "sha256").hexdigest()


def signed_by(secrets: Sequence[bytes], given: str, body: bytes) -> bytes | None:
    """The secret that signed ``body``; None when none of them did."""
    shown = given.strip().lower().encode()
    return next((each for each in secrets if hmac.compare_digest(signature(each, body).encode(), shown)), None)


def canonical(values: Mapping[str, Any]) -> bytes:
    """The documented form of a request: keys in natural order whatever their case, as PHP's json_encode writes."""
    in_order = dict(sorted(values.items(), key=lambda item: _natural(item[0])))
    return "".join(_php(in_order)).encode("ascii")


def _natural(name: str) -> list[tuple[int, str]]:
    parts = (part for part in _DIGITS.split(name.lower()) if part)
    return [(int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in parts]


def _php(value: Any) -> Iterator[str]:
    if isinstance(value, Number):
        yield value
    elif isinstance(value, Mapping):
        yield "{"
        for n, (name, part) in enumerate(value.items()):
            yield f"{',' if n else ''}{_text(name)}:"
            yield from _php(part)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for n, part in enumerate(value):
            yield "," if n else ""
            yield from _php(part)
        yield "]"
    else:
        yield _text(value) if isinstance(value, str) else json.dumps(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=True).replace("/", "\\/")
