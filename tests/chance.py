"""What tests choose by chance: the same in every run, so that a run says something of the change alone.

``ANEW=1`` chooses anew, to look where nobody has looked: what it finds becomes a case of its own.
"""

from __future__ import annotations

import os
import secrets
import zlib
from typing import Final

from hypothesis import HealthCheck, settings

ANEW: Final = bool(os.environ.get("ANEW"))


def a_number_below(most: int, what_for: str) -> int:
    """From 0; for each purpose another."""
    return secrets.randbelow(most) if ANEW else zlib.crc32(what_for.encode()) % most


def choose_examples() -> None:
    """By Hypothesis, for every test; how long one takes says how busy the machine is, nothing about the code."""
    settings.register_profile(
        "house",
        settings.get_profile("default"),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=not ANEW,
        database=None,
        print_blob=True,
    )
    settings.load_profile("house")
