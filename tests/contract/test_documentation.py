"""The documentation's pages hold together: links lead somewhere, endpoints have their sections, nothing is heavy."""

from __future__ import annotations

import gzip
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from pages.build import DIST, Files, build
from pages.docs.contents import GUIDE_PARTS, GUIDES, TAGS
from pages.docs.prose import prose, source
from pages.docs.reference import specification

FIRST_PAGE: Final = 30_000  # bytes, compressed, with its script and style


class Page(HTMLParser):
    """What a page links to, loads and can be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag in ("script", "link", "img"):
            self.loaded.append(str(given.get("src") or given.get("href")))
        if given.get("id"):
            self.anchors.append(str(given["id"]))
        assert not [name for name in given if name.startswith("on") or name == "style"], "the policy refuses it"


@pytest.fixture(scope="module")
def files() -> Files:
    return build()


@pytest.fixture(scope="module")
def pages(files: Files) -> dict[str, Page]:
    return {path: Page(text.decode()) for path, text in files.items() if re.fullmatch(r"docs/[\w-]+\.html", path)}


def test_every_link_leads_to_a_page_and_a_heading_of_it(files: Files, pages: dict[str, Page]) -> None:
    wrong = []
    for path, page in pages.items():
        for link in page.links:
            if link.startswith("http"):
                continue
            name, _, anchor = link.partition("#")
            target = path if not name else "docs/index.html" if name == "/docs/" else f"docs/{name}"
            known = target in files and (not anchor or target not in pages or anchor in pages[target].anchors)
            if not known:
                wrong.append(f"{path}: {link}")

    assert len(pages) > 25
    assert wrong == []


def test_no_anchor_is_there_twice(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert len(page.anchors) == len(set(page.anchors)), path


def test_nothing_is_loaded_from_elsewhere(pages: dict[str, Page]) -> None:
    assert {
        address for page in pages.values() for address in page.loaded if not address.startswith("/assets/")
    } == set()


def test_every_guide_is_a_page_and_is_in_the_menu(pages: dict[str, Page]) -> None:
    home = pages["docs/index.html"]

    for guide in GUIDES.glob("*.md"):
        assert f"docs/{guide.stem}.html" in pages
        assert any(guide.stem in part.pages for part in GUIDE_PARTS), f"{guide.name} has no place in contents.py"
        assert f"{guide.stem}.html" in home.links


def test_every_endpoint_and_everything_told_has_a_section() -> None:
    spec = specification()
    text = {tag: (DIST / "docs" / f"api-{tag.replace('_', '-')}.html").read_text() for tag in TAGS}

    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            assert f"<code>{method.upper()} {path}</code></h2>" in text[operation["tags"][0]]
    for name in spec["webhooks"]:
        assert f"<code>{name}</code></h2>" in text["webhooks"]


def test_the_first_page_and_every_guide_are_light(files: Files, pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        whole = [files[path], *(files[address.lstrip("/")] for address in page.loaded)]
        assert sum(len(gzip.compress(part)) for part in whole) < FIRST_PAGE, path


def test_the_index_finds_every_section(files: Files, pages: dict[str, Page]) -> None:
    (name,) = [path for path in files if re.fullmatch(r"assets/docs\.\w+\.json", path)]
    index = json.loads(files[name])

    assert {f"docs/{page}.html" for page, *_ in index} == pages.keys()
    for page, anchor, *_ in index:
        assert not anchor or anchor in pages[f"docs/{page}.html"].anchors
    assert len(gzip.compress(files[name])) < 40_000


def test_what_a_guide_writes_is_text_and_no_html() -> None:
    shown = prose(
        "# A <b>title</b>\n\n<script>alert(1)</script>\n\n[away](javascript:alert(1))", lambda address: address
    )

    assert "<script>" not in shown.html
    assert "<b>" not in shown.html
    assert 'href="javascript' not in shown.html


def test_a_guide_takes_what_another_file_has(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# A\n\n## Cards\n\n```sh\n# no heading\n```\n\n## Next\n")
    (tmp_path / "guide.md").write_text("# B\n\n<!-- from: other.md#cards -->\n")

    assert source(tmp_path / "guide.md") == "# B\n\n```sh\n# no heading\n```\n"
    (tmp_path / "guide.md").write_text("<!-- from: other.md#nothing -->")
    with pytest.raises(ValueError, match="no heading nothing"):
        source(tmp_path / "guide.md")
