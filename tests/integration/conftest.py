"""The handlers on the template's tables, in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tools.testing.in_process import in_process


@pytest.fixture
def stack() -> Iterator[dict[str, str]]:
    """The handlers' environment; see ``in_process``."""
    with in_process() as environment:
        yield environment
