"""Where the browser for the browser tests comes from: given, found, or installed once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

# The shell draws no window of its own, and takes half the time of a whole browser that hides one.
NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
_INSTALL_SECONDS: Final = 280


def chromium() -> str | None:
    """The path of a Chromium; None when there is none and none can be installed here.

    ``CHROMIUM=path`` decides when it is set. Otherwise the first on PATH, then Debian's package (as root), then
    Playwright's own download.
    """
    given = os.environ.get("CHROMIUM")
    if given:
        if not Path(given).is_file():
            raise FileNotFoundError(f"CHROMIUM={given} is not a file")
        return given
    return _found() or _from_debian() or _from_playwright()


def _found() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _from_debian() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    _say("Installing Chromium for the browser tests (apt-get; once) ...")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", NAMES[0]]):
        if not _ran(command, quiet):
            return None
    return _found()


def _from_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).is_file():
        _say("Downloading Chromium for the browser tests (Playwright; once) ...")
        _ran([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
    return path if Path(path).is_file() else None


def _ran(command: list[str], environment: dict[str, str]) -> bool:
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=_INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _say(text: str) -> None:
    print(text, file=sys.__stderr__, flush=True)
