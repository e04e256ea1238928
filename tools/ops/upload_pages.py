"""The last part of ``make deploy``: the built pages go to their bucket, hashed files for ever, HTML for no time."""

from __future__ import annotations

import mimetypes
from typing import Any, Final

from tools.local.front import PAGES

_IMMUTABLE: Final = "public, max-age=31536000, immutable"
# With which status the distribution shows a file, where it is not 200: its function PagesIndex reads this.
_STATUS: Final = {"404.html": {"status": "404"}}


def upload(storage: Any, bucket: str) -> int:
    """Put every built file; returns how many. Assets first, so that no page names one that is not there yet."""
    files = sorted((path for path in PAGES.rglob("*") if path.is_file()), key=lambda path: path.suffix == ".html")
    for path in files:
        key = path.relative_to(PAGES).as_posix()
        hashed = key.startswith("assets/") or key.startswith("js/v1/")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        storage.put_object(
            Bucket=bucket,
            Key=key,
            Body=path.read_bytes(),
            ContentType=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
            CacheControl=_IMMUTABLE if hashed else "no-cache",
            Metadata=_STATUS.get(key, {}),
        )
    return len(files)
