"""``make bench``: one table of ratios, each measured side by side in this run; written as JSON too."""

from __future__ import annotations

import click

from local.bench.cold import CACHE, REFERENCE, Cold, as_json, is_http, measure

HTTP_GOAL, STEP_GOAL = 1.25, 1.1


@click.command()
@click.option("--rounds", default=9, show_default=True, help="processes per handler; interleaved in random order")
@click.option("--only", multiple=True, help="a handler's module, such as payment.init")
def main(rounds: int, only: tuple[str, ...]) -> None:
    """Cold start: process start to first answer against a stub, beside a bare boto3 DynamoDB handler."""
    rows = measure(rounds, list(only) or None)
    click.echo(f"\n{'handler':<38}{'wall ms':>9}{'CPU ms':>9}{'ratio':>8}{'goal':>7}")
    for row in sorted(rows, key=lambda row: row.ratio):
        click.echo(_line(row))
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "cold.json").write_text(as_json(rows))
    click.echo(f"\nMedians of {rounds}; written to {CACHE / 'cold.json'}")


def _line(row: Cold) -> str:
    goal = "" if row.name == REFERENCE else str(HTTP_GOAL if is_http(row.name) else STEP_GOAL)
    return f"{row.name:<38}{row.wall_ms:>9.1f}{row.cpu_ms:>9.1f}{row.ratio:>8.2f}{goal:>7}"


if __name__ == "__main__":
    main()
