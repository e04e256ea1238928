"""Is what browsers are served what was built? Pages and scripts by their hashes, and which scripts a page may run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.served import Built, Served, integrity

_OURS_ALONE: Final = {"script-src": {"'self'"}, "base-uri": {"'none'"}, "require-trusted-types-for": {"'script'"}}


@dataclass(frozen=True, slots=True)
class Changed:
    path: str
    why: str


def compare_pages(built: Sequence[Built], read: Callable[[str], Served]) -> Iterator[Changed]:
    """What is served otherwise than it was built, and why. ``read`` raises Unavailable when nobody answers."""
    for each in built:
        served = read(each.path)
        if served.status != 200:
            yield Changed(each.path, f"status {served.status}")
        elif integrity(served.body) != each.integrity:
            yield Changed(each.path, "content")
        elif each.is_page and not _runs_ours_alone(served.policy):
            yield Changed(each.path, "policy")


def _runs_ours_alone(policy: str) -> bool:
    """Whether a browser runs no script under this policy but the files of the pages' own host."""
    directives = {name: set(values) for name, *values in map(str.split, filter(str.strip, policy.split(";")))}
    return all(directives.get(name) == wanted for name, wanted in _OURS_ALONE.items())
