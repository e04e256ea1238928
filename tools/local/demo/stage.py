"""What a scene is played on: calls as a shop makes them, printed and compared."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import click
import requests

from tools.ops.onboarding import DEMO_SECRET

CARD: Final = {
    "number": "4242424242424242",
    "holderName": "Ada Rossi",
    "expiryMonth": 12,
    "expiryYear": 2030,
    "cvv": "123",
}
PATIENCE_SECONDS: Final = 30.0


@dataclass(slots=True)
class Demo:
    """Speaks to a gateway as a shop does, prints each step, and counts what differs."""

    base_url: str
    webhook_secret: str
    differences: int = 0
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, path: str, body: object = None, *, key: str | None = DEMO_SECRET) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        reply = self.session.request(method, self.base_url + path, json=body, headers=headers, timeout=40)
        click.echo(f"  {method} {path} -> {reply.status_code}")
        return dict(reply.json())

    def read(self, path: str) -> dict[str, Any]:
        """A GET with the merchant's key that is made again and again without a line each."""
        headers = {"Authorization": f"Bearer {DEMO_SECRET}"}
        return dict(self.session.get(self.base_url + path, headers=headers, timeout=30).json())

    def show(self, text: str) -> None:
        click.echo(f"  {text}")

    def step(self, text: str) -> None:
        click.secho(f"\n{text}", bold=True)

    def check(self, what: str, seen: object, wanted: object) -> None:
        """Print one comparison; a difference makes the whole demo fail."""
        same = seen == wanted
        self.differences += not same
        mark = click.style("ok  ", fg="green") if same else click.style("DIFF", fg="red")
        click.echo(f"  {mark} {what}: {seen}" + ("" if same else f" (expected {wanted})"))

    def until(self, what: str, read: Callable[[], Any], done: Callable[[Any], bool]) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not done(seen := read()):
            if time.monotonic() > deadline:
                sys.exit(f"{what}: not reached within {PATIENCE_SECONDS:.0f} s; last seen: {seen}")
            time.sleep(0.1)
        return seen
