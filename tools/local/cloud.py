"""How the local cloud starts and stops: one AWS emulator process on a free port of this machine."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.local import forking, owned

REGION: Final = "eu-south-1"
BINDABLE: Final = range(20_000, 32_000)
START_SECONDS: Final = 90.0
MINUTE: Final = 60.0
# It keeps nothing that an orderly end would save, and waits for connections that its functions hold open.
_PATIENCE: Final = {signal.SIGTERM: 1.0, signal.SIGKILL: 5.0}
# Nagle's algorithm costs the emulator's function runtime 40 ms a call. Forks end with it: they read its pipe.
# A path's ANY the emulator serves, and does not read from what SAM writes of an API.
# It looks at what is scheduled six times a minute, however long a minute lasts here.
_PROGRAM: Final = """
import os, socketserver, subprocess, sys
socketserver.StreamRequestHandler.disable_nagle_algorithm = True
functions, *forks = sys.argv[1:]
if forks:
    forking = subprocess.Popen([sys.executable, "-I", *forks], stdin=subprocess.PIPE, pass_fds=[int(forks[-1])])
sys.executable, sys.argv = functions, ["ministack"]
from ministack.services import apigateway_v1 as gateway
of_path, named = gateway._import_path_item, {"x-amazon-apigateway-any-method": "any"}
gateway._OPENAPI_HTTP_METHODS = {*gateway._OPENAPI_HTTP_METHODS, "any"}
gateway._import_path_item = lambda api, path, methods, *more: of_path(
    api, path, {named.get(method, method): operation for method, operation in methods.items()}, *more
)
from ministack.services import eventbridge as rules
minute, seconds_of = float(os.environ["SCHEDULED_MINUTE"]), rules._parse_rate_seconds
rules._parse_rate_seconds = lambda rate: (seconds := seconds_of(rate)) and seconds * minute / 60
rules._SCHEDULER_TICK_INTERVAL *= minute / 60
from ministack.app import main
main()
"""
_PR_SET_PDEATHSIG: Final = 1


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What runs functions: ``program`` with these folders of packages, and nothing of this environment."""

    program: Path
    packages: tuple[Path, ...]

    def launcher(self, folder: Path) -> Path:
        """The emulator starts functions with its own interpreter, or with a file that stands in for it."""
        path = folder / "python"
        packages = shlex.quote(os.pathsep.join(map(str, self.packages)))
        path.write_text(f'#!/bin/sh\nPYTHONPATH={packages} exec {shlex.quote(str(self.program))} -S -P "$@"\n')
        path.chmod(0o755)
        return path


@dataclass(frozen=True, slots=True)
class Cloud:
    """A running emulator. ``environment`` is what an AWS SDK needs to talk to it; ``folder`` is its own."""

    endpoint: str
    process: subprocess.Popen[bytes]
    owned: owned.OwnedFolder

    @property
    def folder(self) -> Path:
        return self.owned.path

    @property
    def log(self) -> Path:
        return self.folder / "cloud.log"

    @property
    def packages(self) -> Path:
        """What functions import beside their own code, unless an ``Interpreter`` says otherwise."""
        return _packages(self.folder)

    @property
    def environment(self) -> dict[str, str]:
        return sdk_environment(self.endpoint)

    def stop(self) -> None:
        """End the emulator and every function process it started, and take away what they left on the disk."""
        for sign, seconds in _PATIENCE.items():
            try:
                os.killpg(self.process.pid, sign)
            except ProcessLookupError:
                break
            try:
                self.process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                continue
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # workers may outlive their parent
        self.owned.remove()


def _packages(folder: Path) -> Path:
    return folder / "packages"


def sdk_environment(endpoint: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def free_port() -> int:
    """A port for a program that binds it later: below those that the system hands to outgoing connections."""
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            port = secrets.choice(BINDABLE)
            probe.bind(("127.0.0.1", port))
            return port


def start_cloud(functions: Interpreter | None = None, minute: float = MINUTE) -> Cloud:
    """Start the emulator and wait until it answers. Raises RuntimeError with its log when it does not.

    ``functions`` runs the functions; by itself this environment's interpreter does, with its packages, as forks of
    one process where that can be. What runs every minute runs every ``minute`` seconds, what runs every five minutes
    every five of those; no other clock is touched.
    """
    port = free_port()
    ours = owned.make("gateway-cloud-")
    folder = ours.path
    endpoint = f"http://127.0.0.1:{port}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        **sdk_environment(endpoint),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_WARM_TTL_SECONDS": "300",
        "SCHEDULED_MINUTE": str(minute),
        "MINISTACK_REGION": REGION,
        "LOG_LEVEL": "WARNING",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPATH": str(_packages(folder)),
        "TMPDIR": str(folder),  # each function's worker unpacks its code into a folder of its own
    }
    forks = None if functions else forking.listener(folder)
    with (folder / "cloud.log").open("wb") as output, forks or contextlib.nullcontext():
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *_runs_functions(functions, forks, folder)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # Should it outlive us, its folder stays.
            pass_fds=[ours.mark.fileno(), *([forks.fileno()] if forks else [])],
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )
    cloud = Cloud(endpoint, process, ours)
    try:
        _wait(cloud)
    except BaseException:
        cloud.stop()
        raise
    return cloud


def _runs_functions(functions: Interpreter | None, forks: socket.socket | None, folder: Path) -> list[str]:
    """What the emulator takes for its functions' interpreter, and the program behind it if there is one."""
    if functions:
        return [str(functions.launcher(folder))]
    if forks is None:
        return [sys.executable]
    return [str(forking.launcher(folder)), forking.__file__, str(forks.fileno())]


def _die_with_parent() -> None:
    """However we end, the emulator ends too."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait(cloud: Cloud) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if cloud.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{cloud.endpoint}/_ministack/health", timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the local cloud did not start:\n{cloud.log.read_text()[-2000:]}")
