"""Functions of the local cloud as forks of one process that has their packages in memory: they start sooner.

This file is a program of its own: ``python -I tools/local/forking.py FD`` serves the listening socket FD until its
standard input ends. The emulator starts a function by running ``launcher``, which hands its arguments, folder,
environment and streams over and lives as long as the function: whoever ends it ends the function. What is ours
(``shared``, handlers) is imported by each fork from what was deployed, never here.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import marshal
import os
import runpy
import selectors
import shlex
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

# What handlers import from elsewhere. A name that is missing costs its import in each function, and nothing else.
PACKAGES: Final = (
    "aws_lambda_powertools.logging",
    "aws_lambda_powertools.metrics",
    "botocore.args",
    "botocore.client",
    "botocore.handlers",
    "botocore.session",
    "pydantic.functional_validators",
    "pydantic.json_schema",
    "pydantic.main",
    "pydantic.plugin._loader",
    "pydantic.types",
    "simplejson",
)
_LONGEST_PATH: Final = 100  # of a Unix socket
_LAUNCH: Final = """\
import _socket, marshal, os, sys
connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
connection.connect(sys.argv[1])
body = marshal.dumps((sys.argv[2:], os.getcwd(), dict(os.environ)))
streams = b"".join(fd.to_bytes(4, sys.byteorder) for fd in range(3))
connection.sendmsg([len(body).to_bytes(4, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
connection.sendall(body)
status = connection.recv(1)
sys.exit(status[0] if status else 1)
"""


def listener(folder: Path) -> socket.socket | None:
    """A socket for forks in ``folder``, or None where they cannot be: functions then have an interpreter each."""
    path = folder / "forks"
    if sys.platform != "linux" or len(str(path)) > _LONGEST_PATH:
        return None
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen(256)
    return listening


def launcher(folder: Path) -> Path:
    """A program that stands in for the interpreter of functions, once somebody serves the folder's socket."""
    (folder / "launch.py").write_text(_LAUNCH)
    path = folder / "python"
    words = (sys.executable, "-IS", str(folder / "launch.py"), str(folder / "forks"))
    path.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
    path.chmod(0o755)
    return path


class Forks:
    """Who runs for whom: each connection is a launcher's, and stands for one process."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._processes: dict[int, socket.socket] = {}
        self._waiting = selectors.DefaultSelector()
        self._ended, wake = os.pipe()
        for end in (self._ended, wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        for watched in (listening, self._ended, sys.stdin.fileno()):
            self._waiting.register(watched, selectors.EVENT_READ)

    def serve(self) -> list[str] | None:
        """Start what is asked for. Returns the arguments in each new process, and None here at the end."""
        while True:
            for key, _ in self._waiting.select():
                if key.fileobj is self._listening:
                    arguments = self._fork()
                    if arguments is not None:
                        return arguments
                elif key.fileobj == sys.stdin.fileno():
                    self._kill(list(self._processes))
                    return None
                elif key.fileobj == self._ended:
                    self._reap()
                else:
                    self._kill([pid for pid, launcher in self._processes.items() if launcher is key.fileobj])
                    self._forget(key.fileobj)

    def _fork(self) -> list[str] | None:
        connection, _ = self._listening.accept()
        try:
            (arguments, folder, environment), streams = _received(connection)
        except (OSError, EOFError):
            connection.close()
            return None
        process = os.fork()
        if process == 0:
            self._begin(connection, streams)
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)
            return arguments
        for stream in streams:
            os.close(stream)
        self._processes[process] = connection
        self._waiting.register(connection, selectors.EVENT_READ)
        return None

    def _begin(self, connection: socket.socket, streams: list[int]) -> None:
        """In the new process: nothing of this one is left but its packages."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._waiting.close()
        for ours in (connection, self._listening, *self._processes.values()):
            ours.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)

    def _reap(self) -> None:
        os.read(self._ended, 4096)
        while self._processes:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            connection = self._processes.pop(process)
            self._forget(connection)
            with contextlib.suppress(OSError):
                connection.send(bytes([abs(os.waitstatus_to_exitcode(status)) & 0xFF]))
            connection.close()

    def _forget(self, connection: Any) -> None:
        with contextlib.suppress(KeyError, ValueError):  # its end may have been heard of before
            self._waiting.unregister(connection)

    @staticmethod
    def _kill(processes: Iterable[int]) -> None:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def _received(connection: socket.socket) -> tuple[tuple[list[str], str, dict[str, str]], list[int]]:
    head, streams, _, _ = socket.recv_fds(connection, 4, 3)
    length, body = int.from_bytes(head, "big"), b""
    while len(body) < length:
        more = connection.recv(length - len(body))
        if not more:
            raise EOFError
        body += more
    return marshal.loads(body), streams  # noqa: S302 - from our own launcher, through a folder that is ours alone


def main() -> None:
    forks = Forks(socket.socket(fileno=int(sys.argv[1])))
    for name in PACKAGES:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    arguments = forks.serve()
    if arguments is not None:
        sys.argv[:] = arguments
        # As an interpreter does that is started with them.
        sys.path[:0] = [
            str(Path(arguments[0]).parent),
            *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)),
        ]
        runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    main()
