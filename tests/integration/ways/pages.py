"""The pages, looked at from outside."""

from __future__ import annotations

import pytest

from pages.build import DIST, build
from tests.integration.ways.watching import Watch
from tests.pages_host import PagesHost


def pages_compared(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    with PagesHost(DIST) as host, monkeypatch.context() as now:
        now.setenv("PAGES_ORIGIN", host.origin)
        now.setenv("CARD_SCRIPT_ORIGIN", "https://js.dev.shift4.com")
        assert watch.run("housekeeping.pages", {})["changed"] == 0
