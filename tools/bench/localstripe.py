"""localstripe in an environment of its own below .cache, pinned, on this machine's loopback alone."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tools.local.cloud import free_port
from tools.local.deploy import ROOT

VERSION: Final = "1.15.10"
_HOME: Final = ROOT / ".cache" / "bench" / f"localstripe-{VERSION}"
_PYTHON: Final = _HOME / "bin" / "python"
_UV: Final = ROOT / ".tools" / "uv" / "bin" / "uv"
_PINS: Final = (
    f"localstripe=={VERSION}",
    "aiohttp==3.14.5",
    "aiohappyeyeballs==2.7.1",
    "aiosignal==1.4.0",
    "attrs==26.1.0",
    "frozenlist==1.8.0",
    "idna==3.20",
    "multidict==7.2.1",
    "propcache==0.5.4",
    "python-dateutil==4.0.0",
    "typing-extensions==4.16.0",
    "tzdata==2026.6",
    "yarl==1.25.1",
)
# Its own start listens to the whole network, and logs each request to a terminal: neither is wanted here.
_PROGRAM: Final = """
import sys
from aiohttp import web
from localstripe.server import app
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
"""
_STATE: Final = Path("/tmp/localstripe.pickle")  # noqa: S108 - its own choice
_START_SECONDS: Final = 90.0


class Unavailable(Exception):
    """It cannot be installed or does not start; the text says why."""


@contextmanager
def localstripe(hook: str) -> Iterator[str]:
    """The address of a fresh one that tells ``hook`` of everything. Raises Unavailable."""
    _install()
    port = free_port()
    process = subprocess.Popen(
        [_PYTHON, "-c", _PROGRAM, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _register(port, hook)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)
        _STATE.unlink(missing_ok=True)


def _install() -> None:
    done = _HOME / "installed"
    if done.is_file():
        return
    commands: tuple[tuple[object, ...], ...] = (
        (_UV, "venv", "--quiet", "--clear", "--python", sys.executable, _HOME),
        (_UV, "pip", "install", "--quiet", "--python", _PYTHON, "--no-deps", *_PINS),
    )
    for command in commands:
        try:
            subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError) as error:
            raise Unavailable(f"localstripe {VERSION} could not be installed: {type(error).__name__}") from error
    done.touch()


def _register(port: int, hook: str) -> None:
    """Have every event sent to ``hook``, as soon as it listens."""
    body = json.dumps({"url": hook, "secret": "whsec_bench"})
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("POST", "/_config/webhooks/bench", body, {"Content-Type": "application/json"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise Unavailable(f"localstripe {VERSION} did not start")
