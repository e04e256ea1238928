"""What anybody may ask who knows a transaction's number: its page, and the browser on its way."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING, Final, TypeVar

from shared.domain.errors import GatewayError, InvalidRequest
from shared.edge import wire
from shared.edge.endpoint import Handle
from shared.edge.http import Served
from shared.edge.leading import leads_to
from shared.edge.problems import status_of
from shared.edge.request import Reply
from shared.families.paygol.auth import Caller
from shared.families.paygol.problems import WrongForm
from shared.families.paygol.reasons import texts_of
from shared.families.paygol.words import browsers_language, title_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from pydantic import BaseModel

    from shared.domain.merchant import Credential
    from shared.edge.endpoint import Terms
    from shared.edge.request import Identity, Request
    from shared.families.paygol.reasons import Reason

Body = TypeVar("Body", bound="BaseModel")
HTML: Final = "text/html; charset=utf-8"


class WrongFields(InvalidRequest):
    """What is wrong with each field of a form, by its name."""

    def __init__(self, reasons: Mapping[str, Reason]) -> None:
        self.reasons = dict(reasons)
        super().__init__("; ".join(f"{name} {why}" for name, why in self.reasons.items()), code="invalid_fields")


class _Open:
    """A family for callers that show nothing; what an error looks like, each of its doors says."""

    def authenticate(self, request: Request, caller: StrEnum, identity: Identity) -> Credential | None:
        return None

    def read(self, request: Request, model: type[Body]) -> Body:
        return wire.judged(wire.read_object(request.body or b"{}"), model)

    def finish(self, reply: Reply, request: Request, identity: Identity) -> Reply:
        return reply

    def preflight(self) -> Reply:
        return Reply("", 204)

    def form_of(self, token: str) -> tuple[str | None, str | None]:
        return None, None


class PageDoor(_Open):
    """For the hosted page: JSON, HTTP statuses."""

    def problem(self, error: GatewayError, request: Request) -> Reply:
        told: dict[str, object] = {"error": str(error), "message": str(error), "code": error.error_code}
        if isinstance(error, WrongFields):
            told["fields"] = {name: str(reason) for name, reason in error.reasons.items()}
            told["reasons"] = {name: reason.plain() for name, reason in error.reasons.items()}
        return Reply({**told, "requestId": request.id}, status_of(error))


class BrowserDoor(_Open):
    """For a browser on its way: redirects, and errors that a person reads."""

    def problem(self, error: GatewayError, request: Request) -> Reply:
        asked = browsers_language(request)
        lines = [error.reason.said_of(texts_of(asked)["FORM"], asked)] if isinstance(error, WrongForm) else []
        return html_page(title_of(error, asked), lines, status_of(error), language=asked)


def html_page(
    title: str, lines: list[str], status: int, *, language: str, link: tuple[str, str] | None = None
) -> Reply:
    """A page without any script, in which nothing of what was given is more than text."""
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    back = f'<p><a href="{escape(link[0])}">{escape(link[1])}</a></p>' if link else ""
    text = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><h1>{escape(title)}</h1>{f'<ul>{listed}</ul>' if listed else ''}{back}</html>"
    )
    return Reply(text, status, {"Content-Type": HTML, "Content-Security-Policy": "default-src 'none'"})


def goes_to(url: str, status: int = 302) -> Reply:
    return leads_to(url, status, HTML)


_PAGE: Final = PageDoor()
_BROWSER: Final = BrowserDoor()


def page_door(method: str, path: str, *, summary: str, **terms: Unpack[Terms]) -> Callable[[Handle], Served]:
    """Make a function what the hosted page asks."""
    return lambda handle: Served(
        handle=handle, family=_PAGE, method=method, path=path, caller=Caller.ANYONE, summary=summary, **terms
    )


def browser_door(method: str, path: str, *, summary: str, **terms: Unpack[Terms]) -> Callable[[Handle], Served]:
    """Make a function where a browser is led by."""
    terms["reply_type"] = HTML
    terms.setdefault("success", (302,))
    return lambda handle: Served(
        handle=handle, family=_BROWSER, method=method, path=path, caller=Caller.ANYONE, summary=summary, **terms
    )
