"""Temporary folders whose owner may be killed: whoever makes the next one clears what nobody owns any more."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

_MARK: Final = "owner"


@dataclass(frozen=True, slots=True)
class OwnedFolder:
    """``mark`` is a lock that the system takes from us when we end, however we end.

    Whoever is given its file descriptor owns the folder too.
    """

    path: Path
    mark: IO[bytes]

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        self.mark.close()


def make(prefix: str) -> OwnedFolder:
    """A new folder of ours, after clearing those of the same ``prefix`` that no process owns.

    A folder without a mark is being made, or is not of our making: it stays.
    """
    for path in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        _clear(path)
    path = Path(tempfile.mkdtemp(prefix=prefix))
    # Locked under another name first: a mark that is there and not locked means that nobody is left.
    mark = (path / f"{_MARK}.new").open("wb")
    fcntl.flock(mark, fcntl.LOCK_EX)
    (path / f"{_MARK}.new").rename(path / _MARK)
    return OwnedFolder(path, mark)


def _clear(path: Path) -> None:
    try:
        if path.is_symlink() or path.stat().st_uid != os.getuid():
            return
        with (path / _MARK).open("rb") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
    except OSError:
        return  # owned, without a mark, or gone since we looked
