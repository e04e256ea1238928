"""A guide as HTML: Markdown with anchors, parts of other files put in, and links to where the site has them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

# ``<!-- from: ../../README.md#five-minutes-with-curl -->``: what stands below that heading of that file.
_FROM: Final = re.compile(r"^<!-- from: (\S+?)#(\S+) -->$", re.MULTILINE)
_LINK: Final = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")
_COMMENT: Final = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_HEADING: Final = re.compile(r"^(#+) (.*)$", re.MULTILINE)
_CODE: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_MARKS: Final = re.compile(r"[`*]|\]\([^)]*\)|[\[\]]")

Leads = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text below it, up to the next; ``anchor`` is empty for the page itself."""

    anchor: str
    title: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    title: str
    html: str
    sections: tuple[Section, ...]


def source(path: Path) -> str:
    """The text of a guide with what it takes from other files. Raises ValueError when they have no such part."""

    def taken(match: re.Match[str]) -> str:
        other = (path.parent / match[1]).resolve()
        text = _below(other.read_text(), match[2], where=f"{path.name}: {match[1]}")
        return _LINK.sub(lambda link: f"]({os.path.relpath(other.parent / link[1], path.parent)}", text)

    return _FROM.sub(taken, path.read_text())


def prose(text: str, leads: Leads) -> Prose:
    """``leads`` says where a link goes on this site; None: nowhere, and its words alone are shown."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(_COMMENT.sub("", text))
    sections: list[Section] = []
    used: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            inline = tokens[index + 1]
            title = plain(inline.content)
            level = int(token.tag[1])
            anchor = _unique(slug(title), used)
            token.attrSet("id", anchor)
            sections.append(Section(anchor if level > 1 else "", title, level, ""))
        elif token.type in ("inline", "fence", "code_block") and sections:
            last = sections[-1]
            if token.content != last.title:
                sections[-1] = Section(last.anchor, last.title, last.level, f"{last.text} {plain(token.content)}")
        if token.type == "inline":
            token.children = _led(token.children or [], leads)
        if token.type == "table_open":
            token.attrSet("class", "wide")
    title = next((section.title for section in sections if section.level == 1), "")
    html = reader.renderer.render(tokens, reader.options, {})
    html = html.replace("<table", '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table')
    html = html.replace("</table>", "</table></div>").replace("<pre>", '<pre tabindex="0">')
    html = html.replace("<th></th>", "<td></td>")  # a column that needs no name is none for who hears the table
    return Prose(title, html, tuple(sections))


def plain(text: str) -> str:
    """The words of a line of Markdown."""
    return _MARKS.sub("", text).strip()


def slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


def _unique(name: str, used: dict[str, int]) -> str:
    number = used[name] = used.get(name, 0) + 1
    return name if number == 1 else f"{name}-{number - 1}"


def _led(children: list[Token], leads: Leads) -> list[Token]:
    kept: list[Token] = []
    closed: list[bool] = []
    for child in children:
        if child.type == "link_open":
            goes = leads(str(child.attrGet("href")))
            closed.append(goes is None)
            if goes is None:
                continue
            child.attrSet("href", goes)
        elif child.type == "link_close" and closed.pop():
            continue
        kept.append(child)
    return kept


def _below(text: str, anchor: str, where: str) -> str:
    """What stands below a heading, up to the next of its level; headings in samples are none."""
    blank = _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    headings = list(_HEADING.finditer(blank))
    for number, match in enumerate(headings):
        if slug(plain(match[2])) == anchor:
            ends = (other.start() for other in headings[number + 1 :] if len(other[1]) <= len(match[1]))
            return text[match.end() : next(ends, len(text))].strip()
    raise ValueError(f"{where} has no heading {anchor}")
