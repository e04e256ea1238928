"""A payment link on its way to the customer, by e-mail or text message, in the customer's language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import Final

from shared.domain.errors import Conflict, TooManyTries
from shared.domain.payment import Environment
from shared.domain.payment_link import MOST_SENDS, LinkType, PaymentLink, check_pending
from shared.ports.links import Links
from shared.ports.messages import Message, Messenger
from shared.ports.world import World
from shared.usecases.link.settle_link import change_link
from shared.usecases.wording import (
    Texts,
    amount_in,
    button_in,
    catalogs,
    html_message,
    language_of,
    letterhead,
    moment_in,
)

CATALOG: Final = "link_messages"


def send_link(link: PaymentLink, *, messenger: Messenger) -> None:
    """Send the link if its type says so: once per ``link.sends``, however often this is called."""
    if link.type is not LinkType.LINK:
        _send(link, f"link:{link.id}:{link.sends}", "subject", messenger)


def send_reminder(link: PaymentLink, *, messenger: Messenger) -> None:
    """Remind the customer, once per link, or once for each of the times it was to be."""
    which = f":{link.remind_at:%Y%m%d}" if link.remind_every else ""
    _send(link, f"link:{link.id}:reminder{which}", "reminder_subject", messenger)


def resend_link(link: PaymentLink, *, world: World, links: Links) -> PaymentLink:
    """Send the link once more. Raises Conflict when it is over or never was ours to send, TooManyTries after five."""

    def once_more(current: PaymentLink, now: datetime) -> PaymentLink:
        check_pending(current, now)
        if current.type is LinkType.LINK:
            raise Conflict("a link of type LINK is sent by you, not by us", code="not_sent_by_us")
        if current.sends >= MOST_SENDS:
            raise TooManyTries(f"a payment link is sent at most {MOST_SENDS} times")
        return replace(current, sends=current.sends + 1)

    link = change_link(link, once_more, world=world, links=links)
    send_link(link, messenger=world.messenger)
    return link


def _send(link: PaymentLink, key: str, subject: str, messenger: Messenger) -> None:
    to = link.phone if link.type is LinkType.SMS else link.email
    if to is not None:
        messenger.send(message(link, to, subject), link.merchant_id, link.environment, key)


def message(link: PaymentLink, to: str, subject: str = "subject") -> Message:
    """What is sent; ``subject`` names the subject's text in the catalog."""
    texts = _texts(link)
    if link.type is LinkType.SMS:
        return Message("payment_link", "sms", to, "", texts["sms"])
    lines = [texts["greeting" if link.name else "greeting_unnamed"], texts["request"]]
    if link.description:
        lines.append(texts["description"])
    notes = [texts["until"], texts["footer"]]
    if link.environment is Environment.TEST:
        notes.insert(0, texts["test"])
    text = "\n\n".join([*lines, f"{texts['pay']}: {link.url}", *notes]) + "\n"
    return Message("payment_link", "email", to, texts[subject], text, _html(link, texts, subject, lines, notes))


def _texts(link: PaymentLink) -> Texts:
    language = language_of(link.language, CATALOG)
    values = {
        "merchant": link.merchant_name,
        "amount": amount_in(link.amount, language),
        "name": link.name,
        "description": link.description,
        "until": moment_in(link.expires_at, link.time_zone, language),
        "url": link.url,
    }
    # One pass: what a shop wrote is never taken for a mark.
    fill = re.compile(r"\{(\w+)\}")
    return {key: fill.sub(lambda mark: values[mark[1]], text) for key, text in catalogs(CATALOG)[language].items()}


def _html(link: PaymentLink, texts: Texts, subject: str, lines: list[str], notes: list[str]) -> str:
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    head = letterhead(link.merchant_name, link.brand, link.merchant_id, link.pages_origin)
    button = button_in(link.url, texts["pay"], link.brand.accent)
    small = "".join(f'<p style="color:#555">{escape(note)}</p>' for note in notes)
    return html_message(language_of(link.language, CATALOG), texts[subject], head + said + button + small)
