"""Newman, which is Postman without its window, runs the tour against a gateway, and every test of it passes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.client import SECRET_KEY, Client
from tests.consumers.runtimes import node_packages, runtime
from tests.consumers.test_contract_tools import TOOLS
from tools.contract.postman import POSTMAN, TOUR_FOLDER
from tools.contract.tour.whole import STEPS


def test_every_request_of_the_tour_is_green(client: Client, tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    newman = node_packages(TOOLS) / "node_modules" / "newman" / "bin" / "newman.js"
    command = [runtime("node"), str(newman), "run", str(POSTMAN), "--folder", TOUR_FOLDER, "--delay-request", "50"]
    command += ["--env-var", f"baseUrl={client.base_url}", "--env-var", f"key={SECRET_KEY}"]
    command += ["--reporters", "json,cli", "--reporter-json-export", str(told), "--color", "off"]

    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)

    assert done.returncode == 0, done.stdout[-4000:]
    run = json.loads(told.read_text())["run"]
    assert run["failures"] == []
    assert {each["item"]["name"] for each in run["executions"]} == {step.name for step in STEPS}
    assert run["stats"]["assertions"]["total"] >= len(STEPS)


def test_steps_have_names_of_their_own() -> None:
    assert len({step.name for step in STEPS}) == len(STEPS)
