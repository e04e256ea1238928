"""Write the skeleton, in the house's form, and say how to go on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import click

from tools.new_gateway.skeleton import NotWritten, skeleton

ROOT: Final = Path(__file__).parents[2]
SUITE: Final = "tests/contract/test_card_gateways.py"


@click.command()
@click.option("--name", required=True)
def main(name: str) -> None:
    """Everything or nothing is written below the project that this module is in."""
    try:
        files = skeleton(ROOT, name)
    except NotWritten as error:
        sys.exit(f"nothing was written: {error}")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    code = [str(path) for path in files if path.suffix == ".py"]
    for step in (["check", "--fix", "--select", "I"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *step, "--quiet", *code], cwd=ROOT, check=True)
    for path in files:
        click.echo(f"  {path.relative_to(ROOT)}")
    click.echo("\nIts far side first, from the acquirer's own documents, then the connector, until this is green:\n")
    click.echo(f"  .venv/bin/python -m pytest -x {SUITE} -k {name}")


if __name__ == "__main__":
    main()
