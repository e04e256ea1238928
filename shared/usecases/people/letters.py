"""What people at a merchant are mailed, in their language: an invitation, and the link that signs them in."""

from __future__ import annotations

import re
from datetime import datetime
from html import escape
from typing import Final

from shared.domain.merchant import Merchant
from shared.domain.person import Person
from shared.ports.messages import Message
from shared.usecases.wording import button_in, catalogs, html_message, language_of, moment_in

CATALOG: Final = "people_messages"
_MARK: Final = re.compile(r"\{(\w+)\}")


def link_mail(person: Person, merchant: Merchant, url: str, ends_at: datetime) -> Message:
    return _mail("link", person, merchant, url, ends_at)


def invitation(person: Person, merchant: Merchant, url: str, ends_at: datetime) -> Message:
    return _mail("invite", person, merchant, url, ends_at)


def _mail(kind: str, person: Person, merchant: Merchant, url: str, ends_at: datetime) -> Message:
    language = language_of(person.language, CATALOG)
    values = {"merchant": merchant.name, "until": moment_in(ends_at, merchant.time_zone, language)}
    # One pass: what a merchant is called is never taken for a mark.
    texts = {
        name: _MARK.sub(lambda mark: values[mark[1]], text) for name, text in catalogs(CATALOG)[language].items()
    }
    subject, said, notes = texts[f"{kind}_subject"], texts[f"{kind}_text"], [texts["until"], texts[f"{kind}_footer"]]
    text = "\n\n".join([said, f"{texts['open']}: {url}", *notes]) + "\n"
    small = "".join(f'<p style="color:#555">{escape(note)}</p>' for note in notes)
    html = html_message(language, subject, f"<p>{escape(said)}</p>{button_in(url, texts['open'])}{small}")
    return Message(f"people_{kind}", "email", person.email, subject, text, html)
