"""An answer of the API that comes when a test says so: what somebody does meanwhile is what the test is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, Route

from tests.client import until


@dataclass
class Held:
    """The next request of ``pattern`` waits until it is let go."""

    page: Page
    pattern: str | re.Pattern[str]
    method: str = "GET"
    _held: list[Route] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.route(self.pattern, self._take)

    def _take(self, route: Route) -> None:
        if self._held or route.request.method != self.method:
            route.fallback()
        else:
            self._held.append(route)

    def is_asked(self) -> None:
        """The request has left the page."""

        def asked() -> bool:
            self.page.wait_for_timeout(50)  # routes are told in between
            return bool(self._held)

        until(asked, bool)

    def let_go(self, refused: dict[str, object] | None = None, status: int = 409) -> None:
        """Its answer comes, or a refusal."""
        self.is_asked()
        route = self._held[0]
        with self.page.expect_event("requestfinished", lambda finished: finished == route.request):
            if refused is None:
                route.continue_()
            else:
                route.fulfill(status=status, json=refused)

    def came_to_nothing(self) -> None:
        """The page did with the answer what it does: what is asked for after it is answered after it."""
        self.page.evaluate("async () => (await fetch(location.pathname, { cache: 'no-store' })).text()")
