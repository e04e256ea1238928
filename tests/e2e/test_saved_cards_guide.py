"""The shell samples of docs/guides/saved-cards.md do what the guide says, one after another."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from local.deploy import ROOT
from tests.client import SECRET_KEY, Client

GUIDE = ROOT / "docs" / "guides" / "saved-cards.md"


def test_the_guides_samples_run_as_they_are_printed(client: Client, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None or shutil.which("curl") is None:
        pytest.skip("the samples need bash and curl")
    samples = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    environment = {"PATH": os.environ["PATH"], "BASE": client.base_url, "SECRET_KEY": SECRET_KEY}
    ran = subprocess.run(
        [bash, "-eu", "-c", "\necho\n".join(samples)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert len(samples) == 4
    assert '"status": "COMPLETED", "cardAlias": "VISA ****4242"' in ran.stdout
    assert '"usageCount": 1' in ran.stdout
    assert '"Card deleted successfully"' in ran.stdout
