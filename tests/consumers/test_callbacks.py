"""The guide's samples, run as the programs they are: each believes our callback, and none that was changed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from shared.families.glomopay.callbacks import added, signed
from tests.consumers.runtimes import runtime
from tools.local.deploy import ROOT

SAMPLES: Final = ROOT / "docs" / "guides" / "callbacks"
KEY: Final = "sk_test_PayGlobe123456789TestSecret"
ORDER, PAYMENT = "order_abcdefghijklmnop", "payt_abcdefghijklmnop"
COMMANDS: Final = {
    "callback.mjs": ("node",),
    "callback.php": ("php",),
    "callback.rb": ("ruby",),
    "callback.go": ("go", "run"),
    "Callback.java": ("java",),
}


def ran(sample: str, query: str, scratch: Path) -> tuple[int, str]:
    command: Sequence[str] = (runtime(COMMANDS[sample][0]), *COMMANDS[sample][1:], str(SAMPLES / sample), query)
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "GLOMOPAY_SECRET_KEY": KEY,
        "GOCACHE": str(scratch),
    }
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False, env=environment)
    return done.returncode, done.stdout


def queries() -> dict[str, str]:
    """What a shop is sent, and what it might be sent by somebody else."""
    paid = signed("https://shop.example/back?cart=7&x=%C3%A8", KEY, ORDER, PAYMENT, "success")
    failed = added(
        signed("https://shop.example/back", KEY, ORDER, PAYMENT, "failed"), {"error": "Declined. Sorry, è"}
    )
    return {
        "success": urlsplit(paid).query,
        "failed": urlsplit(failed).query,
        "another status": urlsplit(failed).query.replace("status=failed", "status=success"),
        "another order": urlsplit(paid).query.replace(ORDER, "order_bbbbbbbbbbbbbbbb"),
        "no signature": urlsplit(paid).query.partition("&signature")[0],
        "another key": urlsplit(signed("https://shop.example/", KEY + "x", ORDER, PAYMENT, "success")).query,
    }


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("go")


@pytest.mark.parametrize("sample", COMMANDS)
def test_a_sample_believes_our_callback_and_no_other(sample: str, scratch: Path) -> None:
    answers = {name: ran(sample, query, scratch) for name, query in queries().items()}

    assert answers.pop("success") == (0, "success\n")
    assert answers.pop("failed") == (0, "failed\n")
    assert {out for _, out in answers.values()} == {""}
    assert all(status != 0 for status, _ in answers.values())


def test_the_guide_names_every_sample() -> None:
    guide = (ROOT / "docs" / "guides" / "glomopay.md").read_text()

    assert {path.name for path in SAMPLES.iterdir()} == set(COMMANDS)
    assert all(f"callbacks/{name}" in guide for name in COMMANDS)
