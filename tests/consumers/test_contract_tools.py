"""Other people's tools read the description of the API, and find nothing to complain about."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.consumers.runtimes import node_packages, runtime
from tools.contract.openapi import OPENAPI

TOOLS: Final = Path(__file__).with_name("contract")
COMPLAINS_OF: Final = {
    "redocly": ["redocly", "lint", "--config", str(TOOLS / "redocly.yaml"), "--format", "summary"],
    "spectral": ["spectral", "lint", "--ruleset", str(TOOLS / "spectral.yaml"), "--fail-severity", "hint"],
}


@pytest.mark.parametrize("tool", COMPLAINS_OF)
def test_the_description_of_the_api_follows_the_recommended_rules(tool: str) -> None:
    assert complaints(tool, OPENAPI) == ""


@pytest.mark.parametrize("tool", COMPLAINS_OF)
def test_a_description_that_does_not_is_found(tool: str, tmp_path: Path) -> None:
    broken = tmp_path / "openapi.yaml"
    broken.write_text(OPENAPI.read_text().replace("#/components/schemas/InitReply", "#/components/schemas/Nothing"))

    assert complaints(tool, broken) != ""


def complaints(tool: str, description: Path) -> str:
    """What a tool says, where it finds anything, warnings included."""
    program, *arguments = COMPLAINS_OF[tool]
    command = [
        runtime("node"),
        str(node_packages(TOOLS) / "node_modules" / ".bin" / program),
        *arguments,
        str(description),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    said = done.stdout + done.stderr
    return said if done.returncode or "warning " in said else ""
