"""How the sandbox writes its books: one document at a time, by optimistic version, each key once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from shared.adapters.dynamodb.codec import from_plain, to_plain
from shared.domain.errors import GatewayNotConfigured, Unavailable
from shared.domain.operation import Answer
from shared.domain.payment import Environment, Payment
from shared.ports.books import Books

if TYPE_CHECKING:
    from shared.adapters.settings import ConnectorSettings
    from shared.domain.saved_card import SavedCard

MOST_TRIES = 50
Doc = dict[str, Any]
Result = TypeVar("Result")
Act = Callable[[Doc], Answer]


def edit(books: Books, kind: str, doc_id: str, act: Callable[[Doc], Result]) -> Result:
    """Let ``act`` change the document in place, and write it; again on the newer one if somebody wrote first."""
    for _ in range(MOST_TRIES):
        loaded, version = books.load(kind, doc_id)
        doc: Doc = dict(loaded)
        result = act(doc)
        if doc == loaded or books.save(kind, doc_id, doc, version):
            return result
    raise Unavailable("the sandbox is busy")


def once(doc: Doc, key: str, act: Act) -> tuple[Answer, bool]:
    """The answer of the call with ``key``, acting only the first time; and whether this was it."""
    answers: Doc = dict(doc.get("answers", {}))
    if key in answers:
        return from_plain(Answer, answers[key]), False
    answer = act(doc)
    answers[key] = to_plain(answer)
    doc["answers"] = answers
    return answer, True


def stored_answer(doc: Doc, key: str) -> Answer | None:
    answers: Doc = doc.get("answers", {})
    return from_plain(Answer, answers[key]) if key in answers else None


def noted(doc: Doc, operation: str, at: str, **facts: object) -> None:
    """Add one line to the list of calls received."""
    doc["calls"] = [*doc.get("calls", []), {"operation": operation, "at": at, **facts}]


def refuse_new(settings: ConnectorSettings, payment: Payment) -> None:
    """As ``refuse_live``, for what begins at the sandbox: its pages are not everywhere."""
    refuse_live(payment)
    if not settings.has_sandbox:
        raise GatewayNotConfigured(
            "this installation has no sandbox: test payments need a gateway's own test account"
        )


def refuse_live(payment: Payment | SavedCard) -> None:
    """The sandbox moves no real money, so it takes part in no live payment."""
    if payment.environment is not Environment.TEST:
        raise GatewayNotConfigured("the sandbox takes part in test payments only")
