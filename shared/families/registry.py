"""The families by name: how each writes its notices. Handlers read this and hand it to the use cases."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Final

from shared.adapters.later import later
from shared.ports.webhooks import Notices, NotificationFormat

# To add a format: a class that satisfies ``NotificationFormat`` (shared/ports/webhooks.py) in ``FORMATS`` of its
# family's ``notices.py``, and its name here. ``own`` names the format of a payment's own notifyUrl, by the payment's
# family. A family's module is loaded by the first notice that is written in it.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "payglobe": ("union", "event", "flat"),
    "glomopay": ("glomopay",),
    "paygol": tuple(f"paygol.{version}.{method}" for version in ("auto", "1", "2") for method in ("GET", "POST")),
}


def _format(family: str, name: str) -> NotificationFormat:
    found: NotificationFormat = import_module(f"shared.families.{family}.notices").FORMATS[name]
    return found


NOTICES: Final = Notices(
    formats={name: later(partial(_format, family, name)) for family, names in NAMES.items() for name in names},
    own={"payglobe": "union", "glomopay": "glomopay"},
)
