"""What acquirers with a JSON API have in common: one answer, and what of it is no answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Final

from shared.adapters.psp_http import PspReply
from shared.adapters.reading import read_message
from shared.domain.errors import InvalidRequest, OutcomeUnknown
from shared.domain.record import dataclass

_NO_CONTENT: Final = 204
_REFUSALS: Final = 400
_GONE: Final = 404


@dataclass(frozen=True, slots=True)
class Said:
    """What the acquirer answered: an object, nothing where there is nothing to say, or why not.

    ``code`` and ``message`` say why not, in the acquirer's own words.
    """

    status: int
    body: Mapping[str, Any] = field(repr=False)
    code: str = ""
    message: str = field(default="", repr=False)

    @property
    def done(self) -> bool:
        return self.status < _REFUSALS

    @property
    def unknown_there(self) -> bool:
        return self.status == _GONE


def understood(who: str, reply: PspReply, why: Callable[[Mapping[str, Any]], tuple[str, str]]) -> Said:
    """``why`` reads the code and the text of a refusal. Raises OutcomeUnknown for what is not ``who``'s JSON."""
    if reply.status == _NO_CONTENT:
        return Said(reply.status, {})
    try:
        body = read_message(reply.body)
    except InvalidRequest as error:
        raise OutcomeUnknown(f"{who}'s answer is not JSON (status {reply.status})") from error
    if reply.status < _REFUSALS:
        return Said(reply.status, body)
    code, message = why(body)
    if not code:
        raise OutcomeUnknown(f"{who}'s answer says nothing (status {reply.status})")
    return Said(reply.status, body, code, message)
