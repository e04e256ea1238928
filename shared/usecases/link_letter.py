"""A mail whose one purpose is a link: what it opens, a button, until when, and what to do who did not ask for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final

from shared.domain.merchant import Merchant
from shared.ports.messages import Message
from shared.usecases.wording import Texts, button_in, catalogs, html_message, moment_in

_MARK: Final = re.compile(r"\{(\w+)\}")


def texts_about(merchant: Merchant, ends_at: datetime, *, catalog: str, language: str) -> Texts:
    """The catalog's texts with ``{merchant}`` and ``{until}`` filled in. ``language`` is one of the catalog's."""
    values = {"merchant": merchant.name, "until": moment_in(ends_at, merchant.time_zone, language)}
    # One pass: what a merchant is called is never taken for a mark.
    return {name: _MARK.sub(lambda mark: values[mark[1]], text) for name, text in catalogs(catalog)[language].items()}


def link_letter(
    kind: str, to: str, url: str, *, language: str, subject: str, said: str, press: str, notes: Sequence[str]
) -> Message:
    """``press`` stands on the button that leads to ``url``; ``notes`` are in small print below."""
    text = "\n\n".join([said, f"{press}: {url}", *notes]) + "\n"
    small = "".join(f'<p style="color:#555">{escape(note)}</p>' for note in notes)
    html = html_message(language, subject, f"<p>{escape(said)}</p>{button_in(url, press)}{small}")
    return Message(kind, "email", to, subject, text, html)
