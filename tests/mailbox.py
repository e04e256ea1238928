"""What left through the mail service of the cloud on this machine: as whoever it was sent to reads it."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import requests

from tests.client import until
from tools.local.stack import RUNNING


def mails_to(gateway_url: str, address: str) -> list[str]:
    """The texts of the mails to ``address``, oldest first; each of them says the same as HTML."""
    running = json.loads((RUNNING / f"{urlsplit(gateway_url).port}.json").read_text())
    told = requests.get(f"{running['endpoint']}/_ministack/ses/messages", timeout=60).json()["messages"]
    found = [mail for mails in told.values() for mail in mails if mail["To"] == [address]]
    assert all(link_in(mail["BodyText"]) in mail["BodyHtml"] for mail in found)
    return [mail["BodyText"] for mail in sorted(found, key=lambda mail: mail["Timestamp"])]


def mail_to(gateway_url: str, address: str, number: int = 1) -> str:
    """The text of the mail of this number to ``address``, as soon as it has arrived."""
    return str(until(lambda: mails_to(gateway_url, address), lambda found: len(found) >= number)[number - 1])


def link_in(text: str) -> str:
    found = re.findall(r"https?://\S+", text)
    assert len(found) == 1, text
    return str(found[0])
