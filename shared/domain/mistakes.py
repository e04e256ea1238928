"""Rules that are judged together, so that a caller is told at once what all of them say."""

from __future__ import annotations

from types import TracebackType

from shared.domain.errors import InvalidRequest


class Mistakes:
    """Collects what ``with`` blocks refuse as invalid; ``tell`` raises it. One alone is raised as it was.

    A block that needs a field which is wrong already, and so is no attribute of the body, says nothing more of it.
    """

    def __init__(self) -> None:
        self._found: list[InvalidRequest] = []

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, AttributeError) and self._found:
            return True
        if not isinstance(error, InvalidRequest):
            return False
        self._found.append(error)
        return True

    def tell(self) -> None:
        """Raises InvalidRequest when anything was refused."""
        if len(self._found) == 1:
            raise self._found[0]
        if self._found:
            faults = [fault for error in self._found for fault in error.faults]
            raise InvalidRequest("; ".join(fault.message for fault in faults), faults=faults)
