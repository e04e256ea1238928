"""The previous release, payments held in every waiting state, this release, their ends; and all of it back again."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from tools.local.deploy import ROOT, Stack, packaged_template
from tools.ops.release import WAY_BACK
from tools.ops.smoke import smoke
from tools.rehearsal.books import compare, untold
from tools.rehearsal.payments import Shop
from tools.rehearsal.stage import Stage, set_up
from tools.rehearsal.trees import named, previous
from tools.testing.receiver import Receiver


@dataclass(frozen=True, slots=True)
class Switch:
    """To the release in ``tree``, deployed with ``parameters``."""

    what: str
    tree: Path
    parameters: Mapping[str, str] = field(default_factory=dict)


@click.command()
@click.option("--payments", default=50, show_default=True, help="How many are held at each switch.")
@click.option("--from", "wanted", default="", help="A tag or commit to begin with, instead of the release before.")
def main(payments: int, wanted: str) -> None:
    with tempfile.TemporaryDirectory(prefix="gateway-rehearsal-") as folder:
        name, before = named(Path(folder), wanted) if wanted else previous(Path(folder))
        switches = list(_switches(name, before))
        wrong = rehearse(before, switches, payments)
    for line in wrong:
        click.secho(line, fg="red", err=True)
    if wrong:
        sys.exit(f"{len(wrong)} differences")
    _say(f"{len(switches) * payments} payments came to their end across {len(switches)} switches; every book agrees")


def _switches(name: str, before: Path) -> Iterator[Switch]:
    """To this release, back, and where it writes differently once nobody wants to go back any more, to that, too."""
    if WAY_BACK in packaged_template(before)["Parameters"]:
        yield Switch(f"{name} to this one", ROOT)
        yield Switch(f"this one back to {name}", before)
        return
    yield Switch(f"{name} to this one", ROOT, {WAY_BACK: "true"})
    yield Switch(f"this one back to {name}", before)
    yield Switch(f"{name} to this one again", ROOT, {WAY_BACK: "true"})
    yield Switch(f"this one, with no way back to {name}", ROOT, {WAY_BACK: "false"})


def rehearse(first: Path, switches: list[Switch], payments: int) -> list[str]:
    """Deploy ``first`` and switch from one to the next, ``payments`` under way each time; what is wrong after it."""
    stage, receiver, wrong = set_up(), Receiver(), list[str]()
    try:
        started = time.monotonic()
        stack = stage.deploy(first)
        click.echo(f"deployed after {time.monotonic() - started:.0f} s")
        for switch in switches:
            wrong += _switched(stage, stack, receiver, payments, switch)
            if switch.tree == ROOT:
                wrong += [f"{switch.what}: smoke: {line}" for line in smoke(stage.base_url, 0)]
    finally:
        receiver.close()
        stage.stop()
    return wrong


def _switched(stage: Stage, stack: Stack, receiver: Receiver, count: int, switch: Switch) -> list[str]:
    """Payments begun before the switch and finished after it, and until then every webhook refused; what is wrong."""
    shop, started = Shop(stage.base_url), time.monotonic()
    receiver.status = 503
    held = shop.begin(count, receiver.url)
    click.echo(f"{switch.what}: {count} payments under way after {time.monotonic() - started:.0f} s")
    stage.deploy(switch.tree, **switch.parameters)
    states = ", ".join(f"{state} {found}" for state, found in sorted(stage.waiting(stack).items()))
    click.echo(f"  switched after {time.monotonic() - started:.0f} s; executions wait in {states}")
    receiver.status = 200
    wrong = shop.finish(held)
    click.echo(f"  ended after {time.monotonic() - started:.0f} s")
    totals, differ = compare(shop, held)
    lost = untold(stack, receiver)
    _say(f"{switch.what}: {totals}; {len(lost)} webhooks lost; {time.monotonic() - started:.0f} s")
    return [f"{switch.what}: {line}" for line in [*wrong, *differ, *(f"not told: {each}" for each in lost)]]


def _say(text: str) -> None:
    click.secho(text, bold=True)


if __name__ == "__main__":
    main()
