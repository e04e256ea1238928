"""``make bench``: one table of ratios and counts, each measured side by side in this run; written as JSON too."""

from __future__ import annotations

import importlib
import time
from typing import Final

import click

from tools.bench.packages import CACHE
from tools.bench.table import Row, as_json, as_text

# In the order of the table; each has ``measure(quick) -> list[Row]``.
PARTS: Final = ("cold", "instructions", "counts", "warm", "flat", "peers")


@click.command()
@click.option("--quick", is_flag=True, help="about half a minute: fewer rounds, the main handlers, small data")
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="these parts alone")
def main(quick: bool, only: tuple[str, ...]) -> None:
    """Measure, print one table, and write it to .cache/bench/bench.json."""
    rows: list[Row] = []
    for part in only or PARTS:
        began = time.monotonic()
        rows += importlib.import_module(f"tools.bench.{part}").measure(quick)
        click.echo(f"{part}: {time.monotonic() - began:.0f} s", err=True)
    click.echo(as_text(rows))
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "bench.json").write_text(as_json(rows))
    missed = [row.name for row in rows if row.verdict == "MISSED"]
    click.echo(f"\n{len(rows)} figures, {len(missed)} goals missed{': ' if missed else ''}{', '.join(missed)}")
    click.echo(f"Written to {CACHE / 'bench.json'}")


if __name__ == "__main__":
    main()
