"""What connectors to acquirers with an API and a page of their own have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from shared.domain.errors import Unprocessable
from shared.domain.operation import Answer, Operation, State
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from shared.domain.card_data import CardData
    from shared.domain.payment import Payment
    from shared.ports.connectors import CardStep, Handed, PageOutcome

_NO_DOOR: Final = "this card gateway takes cards on its own page alone"
_NO_SCRIPT: Final = "this card gateway takes no token of a card"
_OTHER_CURRENCY: Final = Answer(State.REFUSED, "wrong_currency", "The payment is in another currency")


def in_another_currency(payment: Payment, operation: Operation) -> Answer | None:
    """The refusal of an amount that is not even sent: an acquirer would take it in the hold's own currency."""
    return _OTHER_CURRENCY if operation.amount.currency != payment.amount.currency else None


@dataclass(frozen=True, slots=True)
class Form:
    """A body of fields and files, and its content type, which names what divides them."""

    content_type: str
    body: bytes = field(repr=False)

    @classmethod
    def of(cls, boundary: str, fields: Mapping[str, str], files: Iterable[tuple[str, str, str, bytes]]) -> Form:
        """``files`` as name of the field, of the file, content type, content. The same is written the same twice."""
        from urllib3.filepost import encode_multipart_formdata  # an acquirer's library, met where files are sent

        parts: list[Any] = [
            *fields.items(),
            *((field_name, (name, content, kind)) for field_name, name, kind, content in files),
        ]
        body, content_type = encode_multipart_formdata(parts, boundary)
        return cls(content_type, body)


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ``fields`` are its body, or what stands in the address of a GET. ``key`` lets it act once.

    ``question``: it may be asked twice, because it moves nothing. ``form``: a body that carries files, instead of
    ``fields``.
    """

    name: str
    method: str
    path: str
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    key: str = ""
    question: bool = False
    form: Form | None = None


class NoTokens:
    """That part of the port ``CardGateway`` which takes tokens from a page of ours: its own script makes none."""

    __slots__ = ()

    def recognise(self, payment: Payment, token: str) -> Handed:
        raise Unprocessable(_NO_SCRIPT, code="not_supported")


class OwnPageAlone(NoTokens):
    """That part of the port ``CardGateway`` which takes cards from a merchant's server: there is no such door."""

    __slots__ = ()

    def present_card(self, payment: Payment, card: CardData) -> CardStep:
        raise Unprocessable(_NO_DOOR, code="not_supported")

    def authenticate(self, payment: Payment, code: str | None) -> PageOutcome:
        raise Unprocessable(_NO_DOOR, code="not_supported")
