"""The documentation as files: a page for each guide, each folder of programs and each tag, and an index to search."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Final

from pages.docs.contents import DOCS, GUIDE_PARTS, GUIDES, PROGRAMS, TAGS, UNPLACED, Part
from pages.docs.prose import Prose, Section, prose, slug, source
from pages.docs.reference import reference, specification

Files = dict[str, bytes]

HOME: Final = "index"
API_PART: Final = "The API"
_MOST_WORDS: Final = 120  # of a section, in the index
_WORD: Final = re.compile(r"[A-Za-z][\w.-]{2,}")
# Of a repository's other documents a reader of the site has no use; their words stand without a link.
_ELSEWHERE: Final = re.compile(r"^(https?:|mailto:)")


def site(shell: str, values: Mapping[str, str]) -> Files:
    """Every file of ``docs/``. ``shell`` is filled with ``values`` and each page's own."""
    pages = {**_guides(), **_programs(), **reference(specification())}
    order = [name for part in menu() for name in part.pages]
    pages[HOME] = _home(pages)
    index = json.dumps(_index(pages, [HOME, *order]), ensure_ascii=False, separators=(",", ":")).encode()
    index_name = f"assets/docs.{hashlib.sha256(index).hexdigest()[:12]}.json"
    own = {**values, "index": f"/{index_name}"}
    files = {f"docs/{name}.html": _filled(shell, own, name, page, pages).encode() for name, page in pages.items()}
    return {**files, index_name: index}


def menu() -> tuple[Part, ...]:
    placed = {page for part in GUIDE_PARTS for page in part.pages}
    there = {path.stem for path in GUIDES.glob("*.md")} | PROGRAMS.keys()
    found = [Part(part.title, tuple(page for page in part.pages if page in there)) for part in GUIDE_PARTS]
    more = tuple(sorted(there - placed))
    api = Part(API_PART, tuple(f"api-{tag.replace('_', '-')}" for tag in TAGS))
    return (*found, *([Part(UNPLACED, more)] if more else []), api)


def _guides() -> dict[str, Prose]:
    return {path.stem: prose(source(path), _leads) for path in sorted(GUIDES.glob("*.md"))}


def _leads(address: str) -> str | None:
    """Where a link of a guide goes on the site."""
    if _ELSEWHERE.match(address) or address.startswith("#"):
        return address
    path, _, anchor = address.partition("#")
    after = f"#{anchor}" if anchor else ""
    if path.endswith(".md") and "/" not in path:
        return f"{path.removesuffix('.md')}.html{after}"
    folder, _, file = path.partition("/")
    if folder in PROGRAMS:
        return f"{folder}.html{f'#{slug(file)}' if file else after}"
    target = (GUIDES / path).resolve()
    if target.is_relative_to(DOCS) and target.name in ("openapi.yaml", "payment-gateway.postman_collection.json"):
        return target.name
    return None


def _programs() -> dict[str, Prose]:
    pages = {}
    for folder, title in PROGRAMS.items():
        files = sorted(path for path in (GUIDES / folder).iterdir() if path.is_file())
        parts = [f"<h1>{escape(title)}</h1><p>Each runs as it is; tests run them all.</p>"]
        sections = [Section("", title, 1, "")]
        for path in files:
            anchor = slug(path.name)
            sections.append(Section(anchor, path.name, 2, _first_lines(path)))
            parts.append(f'<h2 id="{anchor}">{escape(path.name)}</h2>')
            parts.append(f'<pre tabindex="0"><code>{escape(path.read_text())}</code></pre>')
        pages[folder] = Prose(title, "\n".join(parts), tuple(sections))
    return pages


def _first_lines(path: Path) -> str:
    return " ".join(path.read_text().split()[:_MOST_WORDS])


def _home(pages: Mapping[str, Prose]) -> Prose:
    """What there is, with the first words of each page."""
    parts = [
        "<h1>Documentation</h1>",
        "<p>A gateway for payments by card and electronic meal vouchers. Begin with the "
        '<a href="quickstart.html">quickstart</a>; everything else is one of these.</p>',
    ]
    for part in menu():
        cards = "".join(
            f'<li><a href="{name}.html">{escape(pages[name].title)}</a><span>{escape(_told(pages[name]))}</span>'
            for name in part.pages
        )
        parts.append(f'<h2 id="{slug(part.title)}">{escape(part.title)}</h2><ul class="cards">{cards}</ul>')
    return Prose("Documentation", "\n".join(parts), (Section("", "Documentation", 1, ""),))


def _told(page: Prose) -> str:
    """The first sentence of a page."""
    text = next((section.text.strip() for section in page.sections if section.text.strip()), "")
    return re.split(r"(?<=[.:])\s", text, maxsplit=1)[0].rstrip(":")[:160]


def _index(pages: Mapping[str, Prose], order: list[str]) -> list[list[str]]:
    """[page, anchor, title of the page, title of the section, its words in lower case, each once]."""
    return [
        [name, section.anchor, pages[name].title, section.title, " ".join(_words(section.text))]
        for name in order
        for section in pages[name].sections
    ]


def _words(text: str) -> Iterator[str]:
    yield from list(dict.fromkeys(word.lower() for word in _WORD.findall(text)))[:_MOST_WORDS]


def _filled(shell: str, values: Mapping[str, str], name: str, page: Prose, pages: Mapping[str, Prose]) -> str:
    own = {
        "title": escape(page.title),
        "menu": _menu(name, pages),
        "here": _here(page),
        "body": page.html,
        "around": _around(name, pages),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: {**values, **own}[match[1]], shell)


def _menu(name: str, pages: Mapping[str, Prose]) -> str:
    def entry(each: str) -> str:
        current = ' aria-current="page"' if each == name else ""
        return f'<li><a href="{each}.html"{current}>{escape(pages[each].title)}</a>'

    return "".join(f"<h2>{part.title}</h2><ul>{''.join(map(entry, part.pages))}</ul>" for part in menu())


def _here(page: Prose) -> str:
    """The headings of a page, when it has several."""
    found = [section for section in page.sections if section.level == 2]
    entries = "".join(f'<li><a href="#{section.anchor}">{escape(section.title)}</a>' for section in found)
    said = '<nav class="here" aria-label="On this page"><h2>On this page</h2><ul>'
    return f"{said}{entries}</ul></nav>" if entries else ""


def _around(name: str, pages: Mapping[str, Prose]) -> str:
    """Links to the page before and the page after, in the order of the menu."""
    order = [each for part in menu() for each in part.pages]
    if name not in order:
        return ""
    place = order.index(name)
    beside = [("prev", place - 1, "← {}"), ("next", place + 1, "{} →")]
    return "".join(
        f'<a rel="{rel}" href="{order[there]}.html">{text.format(escape(pages[order[there]].title))}</a>'
        for rel, there, text in beside
        if 0 <= there < len(order)
    )
