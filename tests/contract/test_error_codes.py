"""Every code that a caller may read is explained in the guide of errors, with its status; and no other is."""

from __future__ import annotations

import re
from typing import Final

from shared.families.paygol.problems import RESULTS
from tools.contract.errors import MADE, codes, made_elsewhere
from tools.local.deploy import ROOT

GUIDE: Final = (ROOT / "docs" / "guides" / "errors.md").read_text()
ROWS: Final = re.findall(r"^\| `(\w+)` \|(.*)$", GUIDE, re.MULTILINE)
SOURCES: Final = codes()


def explained(section: str) -> dict[str, list[str]]:
    """The rows of a section: the code, and the cells beside it."""
    text = GUIDE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", text, re.MULTILINE)
    assert rows, section
    return {code: [cell.strip() for cell in cells.split(" | ")] for code, cells in rows}


def test_every_code_is_explained_and_every_explained_code_exists() -> None:
    told = {code for code, _ in ROWS}

    assert len(SOURCES) > 80
    assert SOURCES.keys() - told == set(), "docs/guides/errors.md lacks these"
    assert told - SOURCES.keys() == set(), "nothing answers these"


def test_a_code_is_explained_with_the_statuses_that_it_has() -> None:
    for code, cells in explained("Every code").items():
        assert {int(status) for status in cells[0].split(", ")} == SOURCES[code], code


def test_codes_that_are_no_text_where_they_are_made_are_known() -> None:
    assert made_elsewhere() <= MADE.keys()


def test_the_numbers_of_paygols_codes_are_the_guides() -> None:
    assert {code: int(cells[0]) for code, cells in explained("Codes of Paygol's API").items()} == RESULTS


def test_every_code_says_what_to_do() -> None:
    assert all(len(cells) == 3 and all(cells) for cells in explained("Every code").values())
