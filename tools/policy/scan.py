"""``make scan``: the transformed template against checkov's rules; nothing may be found that has no reason."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import click

from tools.contract.deployed import deployed
from tools.local.deploy import ROOT

ACCEPTED: Final = ROOT / "tools" / "policy" / "accepted.toml"
CHECKOV: Final = ROOT / ".tools" / "checkov" / "bin" / "checkov"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A rule that a resource does not follow."""

    check: str
    resource: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Findings that are not followed. ``resources`` are logical ids or patterns."""

    check: str
    resources: tuple[str, ...]
    why: str

    def answers(self, finding: Finding) -> bool:
        return finding.check == self.check and any(fnmatchcase(finding.resource, each) for each in self.resources)


def accepted(path: Path = ACCEPTED) -> list[Accepted]:
    rows = tomllib.loads(path.read_text())["accepted"]
    return [Accepted(row["check"], tuple(row["resources"]), row["why"]) for row in rows]


def complaints(findings: Iterable[Finding], rows: Iterable[Accepted]) -> Iterator[str]:
    """What is wrong: findings without a reason, and reasons without a finding."""
    found, rows = sorted(findings), list(rows)
    for finding in found:
        if not any(row.answers(finding) for row in rows):
            yield f"{finding.resource}: {finding.check} {finding.says}"
    for row in rows:
        if not any(row.answers(finding) for finding in found):
            yield f"{ACCEPTED.name}: nothing is found any more by {row.check} on {', '.join(row.resources)}"


def read(report: Mapping[str, Any]) -> list[Finding]:
    """The failed checks of checkov's report. Raises ValueError for one that looked at nothing."""
    if not report.get("summary", {}).get("resource_count"):
        raise ValueError("checkov has looked at no resource")
    return [
        Finding(each["check_id"], each["resource"].rpartition(".")[2], each["check_name"])
        for each in report["results"]["failed_checks"]
    ]


def scan(template: Mapping[str, Any], program: Path = CHECKOV) -> list[Finding]:
    """What checkov finds, offline. Raises ValueError when it did not come to its end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.json"
        path.write_text(json.dumps(template))
        wanted = ["--framework", "cloudformation", "--skip-download", "--compact", "--output", "json"]
        done = subprocess.run(
            [program, "--file", path, *wanted], cwd=folder, capture_output=True, text=True, timeout=600, check=False
        )
    try:
        return read(json.loads(done.stdout))
    except ValueError as error:
        raise ValueError(f"checkov did not come to its end: {error}; {done.stderr[-500:]}") from error


@click.command()
def main() -> None:
    template, rows = deployed(), accepted()
    found = scan(template)
    wrong = list(complaints(found, rows))
    for line in wrong:
        click.echo(line, err=True)
    if wrong:
        sys.exit(f"{len(wrong)} findings without a reason")
    click.echo(
        f"0 findings in {len(template['Resources'])} resources; {len(rows)} rules are answered in {ACCEPTED.name}"
    )


if __name__ == "__main__":
    main()
