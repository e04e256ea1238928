"""What people at a merchant are mailed, in their language: an invitation, and the link that signs them in."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from shared.domain.merchant import Merchant
from shared.domain.person import Person
from shared.ports.messages import Message
from shared.usecases.link_letter import link_letter, texts_about
from shared.usecases.wording import language_of

CATALOG: Final = "people_messages"


def link_mail(person: Person, merchant: Merchant, url: str, ends_at: datetime) -> Message:
    return _mail("link", person, merchant, url, ends_at)


def invitation(person: Person, merchant: Merchant, url: str, ends_at: datetime) -> Message:
    return _mail("invite", person, merchant, url, ends_at)


def _mail(kind: str, person: Person, merchant: Merchant, url: str, ends_at: datetime) -> Message:
    language = language_of(person.language, CATALOG)
    texts = texts_about(merchant, ends_at, catalog=CATALOG, language=language)
    return link_letter(
        f"people_{kind}",
        person.email,
        url,
        language=language,
        subject=texts[f"{kind}_subject"],
        said=texts[f"{kind}_text"],
        press=texts["open"],
        notes=[texts["until"], texts[f"{kind}_footer"]],
    )
