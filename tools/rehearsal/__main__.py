"""The previous release, payments held in every waiting state, this release, their ends; and all of it back again."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click

from tools.local.deploy import ROOT, Stack
from tools.ops.smoke import smoke
from tools.rehearsal.books import compare, untold
from tools.rehearsal.payments import Shop
from tools.rehearsal.stage import Stage, set_up
from tools.rehearsal.trees import previous
from tools.testing.receiver import Receiver


@click.command()
@click.option("--payments", default=50, show_default=True, help="How many are held at each switch.")
def main(payments: int) -> None:
    with tempfile.TemporaryDirectory(prefix="gateway-rehearsal-") as folder:
        name, before = previous(Path(folder))
        stage, receiver = set_up(), Receiver()
        try:
            _say(f"deploys {name}")
            stack = stage.deploy(before)
            wrong = _switched(stage, stack, receiver, payments, Switch(f"{name} to this one", ROOT))
            wrong += [f"smoke: {line}" for line in smoke(stage.base_url, 0)]
            back = Switch(f"this one back to {name}", before, drains=True)
            wrong += _switched(stage, stack, receiver, payments, back)
        finally:
            receiver.close()
            stage.stop()
    for line in wrong:
        click.secho(line, fg="red", err=True)
    if wrong:
        sys.exit(f"{len(wrong)} differences")
    _say(f"{2 * payments} payments came to their end across both switches, and every book agrees")


@dataclass(frozen=True, slots=True)
class Switch:
    """To the release in ``tree``. ``drains``: what is to be told is told before, as docs/runbooks/rollback.md has it;
    else every webhook is refused until the other release is there."""

    what: str
    tree: Path
    drains: bool = False


def _switched(stage: Stage, stack: Stack, receiver: Receiver, count: int, switch: Switch) -> list[str]:
    """Payments begun before the switch and finished after it; what is wrong with them then."""
    shop, started = Shop(stage.base_url), time.monotonic()
    receiver.status = 200 if switch.drains else 503
    held = shop.begin(count, receiver.url)
    wrong = [f"before: {each}" for each in untold(stack, receiver)] if switch.drains else []
    click.echo(f"{switch.what}: {count} payments under way after {time.monotonic() - started:.0f} s")
    stage.deploy(switch.tree)
    states = ", ".join(f"{state} {found}" for state, found in sorted(stage.waiting(stack).items()))
    click.echo(f"  switched after {time.monotonic() - started:.0f} s; executions wait in {states}")
    receiver.status = 200
    wrong += shop.finish(held)
    totals, differ = compare(shop, held)
    lost = untold(stack, receiver)
    _say(f"{switch.what}: {totals}; {len(lost)} webhooks lost; {time.monotonic() - started:.0f} s")
    return [f"{switch.what}: {line}" for line in [*wrong, *differ, *(f"not told: {each}" for each in lost)]]


def _say(text: str) -> None:
    click.secho(text, bold=True)


if __name__ == "__main__":
    main()
