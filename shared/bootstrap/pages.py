"""The hosted pages, to look at."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from shared.adapters.served_pages import built, served_at
from shared.bootstrap import runtime

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.domain.served import Built, Served


def inventory() -> list[Built]:
    return built()


def read() -> Callable[[str], Served]:
    return partial(served_at, runtime.setting("PAGES_ORIGIN"))


def guest() -> str:
    """The origin of the card gateway's script."""
    return runtime.setting("CARD_SCRIPT_ORIGIN")
