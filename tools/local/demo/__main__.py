"""``make demo``: card and voucher, link, saved card, disputes, methods, orders, IGFS. Exit 1 if one differs."""

from __future__ import annotations

import json
import sys

import click

from tools.local.demo import card_and_voucher, cards, disputes, igfs, links, methods, orders
from tools.local.demo.stage import CARD, Demo
from tools.local.stack import RUNNING, Gateway, start_gateway
from tools.testing.receiver import Receiver


def _gateway(port: int) -> tuple[str, str, Gateway | None]:
    """The gateway that runs on ``port``, or one of our own."""
    record = RUNNING / f"{port}.json"
    if record.is_file():
        running = json.loads(record.read_text())
        return f"http://127.0.0.1:{port}/paymentgw", running["webhookSecret"], None
    click.echo("No gateway runs on this port; starting one for the demo ...")
    own = start_gateway(0)
    return own.base_url, own.webhook_secret, own


@click.command()
@click.option("--port", default=8080, show_default=True)
def main(port: int) -> None:
    base_url, webhook_secret, own = _gateway(port)
    receiver = Receiver()
    demo = Demo(base_url, webhook_secret)
    try:
        card_and_voucher.scene(demo, receiver)
        links.scene(demo, CARD)
        cards.scene(demo, CARD)
        disputes.scene(demo, receiver, CARD)
        methods.scene(demo, receiver)
        orders.scene(demo)
        igfs.scene(demo)
    finally:
        receiver.close()
        if own is not None:
            own.stop()
    if demo.differences:
        sys.exit(f"\n{demo.differences} step(s) differ")
    click.secho("\nEverything as expected.", fg="green", bold=True)


if __name__ == "__main__":
    main()
