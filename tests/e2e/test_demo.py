"""``make demo`` on a gateway that runs: every comparison it prints holds, and a difference is not overlooked."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result

import tools.local.demo as demo
from tools.local.demo.__main__ import main
from tools.local.demo.stage import Demo

SCENES = sorted(one.stem for one in Path(demo.__file__).parent.glob("[a-z]*.py") if one.stem != "stage")


@pytest.fixture(scope="module")
def played(gateway_url: str) -> Result:
    return CliRunner().invoke(main, ["--port", str(urlsplit(gateway_url).port)])


def test_every_scene_is_played_and_everything_is_as_expected(played: Result) -> None:
    assert played.exit_code == 0, played.output
    assert played.output.endswith("Everything as expected.\n")
    assert "DIFF" not in played.output
    numbers = [int(line.partition(".")[0]) for line in played.output.splitlines() if line[:1].isdigit()]
    assert numbers == list(range(1, 29))


def test_the_acquirers_own_books_are_compared_with_ours(played: Result) -> None:
    compared = [line.strip() for line in played.output.splitlines() if "the acquirer's book" in line]

    assert compared == [
        "ok   the acquirer's book: held, captured, refunded: (0, 10000, 0)",
        "ok   the acquirer's book: held, captured, refunded: (0, 2000, 2000)",
    ]


def test_no_key_or_card_number_of_the_acquirers_shop_is_printed(played: Result) -> None:
    assert "UNI_TESTKEY" not in played.output
    assert "4242424242424242" not in played.output


def test_a_scene_that_is_written_is_played() -> None:
    played = Path(demo.__file__).with_name("__main__.py").read_text(encoding="utf-8")

    assert [name for name in SCENES if f"{name}.scene(" not in played] == []


def test_a_difference_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    stage = Demo("http://127.0.0.1:9", "secret")

    stage.check("captured", 1, 2)

    assert stage.differences == 1
    assert "DIFF captured: 1 (expected 2)" in capsys.readouterr().out
