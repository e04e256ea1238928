"""Texts for customers: catalogs of six languages, amounts, moments, and the frame of an HTML message."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from html import escape
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from shared.domain.brand import PLAIN, Brand
from shared.domain.money import Money

FALLBACK: Final = "en"
Texts = dict[str, str]


@cache
def catalogs(name: str) -> dict[str, Texts]:
    """The texts of ``texts/<name>.json``, by language."""
    found: dict[str, Texts] = json.loads(
        (Path(__file__).parent / "texts" / f"{name}.json").read_text(encoding="utf-8")
    )
    return found


def language_of(wanted: str, name: str) -> str:
    """The catalog's language for ``it-IT`` or ``de_DE``; English when it has none."""
    short = wanted.lower().replace("_", "-").partition("-")[0]
    return short if short in catalogs(name) else FALLBACK


def amount_in(amount: Money, language: str) -> str:
    """``EUR 150.00``, with the language's decimal sign; the code stands for itself in every language."""
    text = f"{amount.major}"
    return f"{amount.currency} {text if language == FALLBACK else text.replace('.', ',')}"


def moment_in(moment: datetime, zone: str, language: str) -> str:
    """``21 November 2026, 19:34 (Europe/Rome, UTC+1)``: by the clocks of ``zone``, which is named."""
    local = moment.astimezone(ZoneInfo(zone))
    texts = catalogs("dates")[language]
    values = {
        "day": local.day,
        "month": texts["months"].split()[local.month - 1],
        "year": local.year,
        "time": f"{local:%H:%M}",
        "zone": zone if zone == "UTC" else f"{zone.replace('_', ' ')}, {_offset(local)}",
    }
    return texts["moment"].format_map(values)


def _offset(local: datetime) -> str:
    minutes = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"


def letterhead(name: str, brand: Brand, merchant_id: str, pages_origin: str) -> str:
    """What an HTML message of a merchant's begins with: its logo over a line in its colour, where it has them."""
    if brand == PLAIN:
        return ""
    line = f"border-bottom:4px solid {brand.accent};" if brand.accent else ""
    said = f"<strong>{escape(name)}</strong>"
    if brand.logo:
        address = escape(f"{pages_origin}/paymentgw/brand/{merchant_id}/{brand.logo}")
        said = f'<img src="{address}" alt="{escape(name)}" style="display:block;max-width:180px;max-height:64px">'
    return f'<div style="{line}padding-bottom:12px;margin-bottom:20px">{said}</div>'


def button_in(url: str, text: str, accent: str = "") -> str:
    """A link that looks like a button, as HTML; in a merchant's colour where it has one."""
    style = (
        f"display:inline-block;padding:12px 24px;background:{accent or '#0b5cad'};"
        "color:#fff;text-decoration:none;border-radius:6px"
    )
    return f'<p><a href="{escape(url)}" style="{style}">{escape(text)}</a></p>'


def html_message(language: str, subject: str, content: str) -> str:
    """A whole HTML document; ``content`` is HTML already, ``subject`` is not."""
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(subject)}</title>"
        '<body style="font-family:sans-serif;max-width:36em;margin:2em auto;padding:0 1em;'
        'overflow-wrap:anywhere;word-break:break-word">'
        f"{content}</body></html>"
    )
