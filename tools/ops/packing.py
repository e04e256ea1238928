"""What is uploaded: one archive of the functions' code and one of each layer, the same bytes for the same sources.

SAM would make them while it deploys: in the order in which a disk lists files, with the modes of a checkout.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

# All functions have the same code; SAM lays it down for each of them.
FUNCTIONS: Final = "PaymentInit"
_READABLE: Final = 0o100644
_UNIX: Final = 3
_CODE: Final = re.compile(r"^(\s+CodeUri): \w+$", re.MULTILINE)
_LAYER: Final = re.compile(r"^(\s+ContentUri): (\w+)$", re.MULTILINE)


def pack(folder: Path, parts: Sequence[str]) -> None:
    """Make an archive of each part of a build, and have its template name them."""
    for other in folder.iterdir():
        if other.is_dir() and other.name not in parts:
            shutil.rmtree(other)
    for part in parts:
        archived(folder / part)
    template = folder / "template.yaml"
    said = _CODE.sub(rf"\1: {FUNCTIONS}.zip", template.read_text())
    template.write_text(_LAYER.sub(r"\1: \2.zip", said))


def archived(folder: Path) -> Path:
    """``folder`` as an archive beside it: sorted, every file readable and of 1980, which is a zip's earliest date."""
    archive = folder.with_name(f"{folder.name}.zip")
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            about = zipfile.ZipInfo(name)
            about.create_system, about.external_attr = _UNIX, _READABLE << 16
            packed.writestr(about, files[name].read_bytes(), zipfile.ZIP_DEFLATED)
    return archive
