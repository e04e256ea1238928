"""Functions are forks of one process: each as with an interpreter of its own, and gone with whoever started it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.client import PATIENCE, until
from tools.local import forking

ECHO = """
import os, sys
print(sys.argv[1:], os.getcwd(), os.environ["WHO"], sorted(os.environ.keys() & {"WHO", "LEFT"}), flush=True)
print("aside", file=sys.stderr, flush=True)
for line in sys.stdin:
    print(line.strip()[::-1], flush=True)
sys.exit(7)
"""


@dataclass(frozen=True, slots=True)
class Forks:
    server: subprocess.Popen[bytes]
    launcher: Path
    folder: Path

    def start(self, source: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        program = self.folder / "program.py"
        program.write_text(source)
        return subprocess.Popen(
            [self.launcher, program, *arguments],
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def forks(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forks]:
    folder = tmp_path_factory.mktemp("f")
    listening = forking.listener(folder)
    if listening is None:
        pytest.skip("functions are not forks here")
    monkeypatch.setenv("LEFT", "over")
    with listening:
        command = [sys.executable, "-I", forking.__file__, str(listening.fileno())]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[listening.fileno()])
    with server:
        yield Forks(server, forking.launcher(folder), folder)
        server.kill()


def test_a_fork_has_its_own_arguments_folder_environment_and_streams(forks: Forks) -> None:
    first, second = forks.start(ECHO, "a b", WHO="first"), forks.start(ECHO, WHO="second")

    assert first.communicate("abc\n", timeout=PATIENCE) == (f"['a b'] {forks.folder} first ['WHO']\ncba\n", "aside\n")
    assert second.communicate("x\nyz\n", timeout=PATIENCE) == (
        f"[] {forks.folder} second ['WHO']\nx\nzy\n",
        "aside\n",
    )
    assert (first.returncode, second.returncode) == (7, 7)


def test_a_fork_has_its_packages_in_memory_and_nothing_of_ours(forks: Forks) -> None:
    looks = "import sys; print('botocore.session' in sys.modules, {'shared', 'tools', 'tests'} & sys.modules.keys())"

    assert forks.start(looks).communicate(timeout=PATIENCE)[0] == "True set()\n"


def test_a_fork_imports_from_where_it_is_told(forks: Forks, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").write_text("WORD = 'found'")

    fork = forks.start("import elsewhere; print(elsewhere.WORD)", PYTHONPATH=str(tmp_path))

    assert fork.communicate(timeout=PATIENCE)[0] == "found\n"


def test_what_a_fork_cannot_bear_is_told_as_an_interpreter_tells_it(forks: Forks) -> None:
    broken = forks.start("raise RuntimeError('broken on purpose')")

    assert "RuntimeError: broken on purpose" in broken.communicate(timeout=PATIENCE)[1]
    assert broken.returncode == 1


@pytest.mark.parametrize("end", ["launcher", "server"])
def test_a_fork_ends_with_its_launcher_and_with_the_server(forks: Forks, end: str) -> None:
    hangs = forks.start("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)")
    assert hangs.stdout
    process = Path(f"/proc/{hangs.stdout.readline().strip()}")
    assert process.exists()

    if end == "launcher":
        hangs.kill()
    else:
        assert forks.server.stdin
        forks.server.stdin.close()

    until(process.exists, lambda there: not there)
    assert hangs.wait(PATIENCE) != 0
