"""Is what browsers are served what was built? Pages and scripts by their hashes, and which scripts a page may run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from shared.domain.record import dataclass
from shared.domain.served import Built, Served, integrity

_OURS_ALONE: Final = {"script-src": {"'self'"}, "base-uri": {"'none'"}, "require-trusted-types-for": {"'script'"}}


@dataclass(frozen=True, slots=True)
class Changed:
    """A page that is not served as it was built, and why that is said."""

    path: str
    why: str


def compare_pages(built: Sequence[Built], read: Callable[[str], Served], guest: str = "") -> Iterator[Changed]:
    """What is served otherwise than it was built, and why. ``read`` raises Unavailable when nobody answers.

    ``guest`` is the origin of the one script beside ours that runs on the pages which have one.
    """
    for each in built:
        served = read(each.path)
        if served.status != 200:
            yield Changed(each.path, f"status {served.status}")
        elif integrity(served.body) != each.integrity:
            yield Changed(each.path, "content")
        elif each.is_page and not _runs_as_built(served.policy, guest if each.has_guest else ""):
            yield Changed(each.path, "policy")


def _runs_as_built(policy: str, guest: str) -> bool:
    """Whether a browser runs no script under this policy but the files of the pages' own host, and the guest's."""
    directives = {name: set(values) for name, *values in map(str.split, filter(str.strip, policy.split(";")))}
    if guest:
        scripts = directives.get("script-src", {"*"})
        return {"'self'"} <= scripts <= {"'self'", guest} and directives.get("base-uri") == {"'none'"}
    return all(directives.get(name) == wanted for name, wanted in _OURS_ALONE.items())
