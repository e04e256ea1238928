"""What tests of other people's programs do when those cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.consumers import runtimes
from tests.consumers.runtimes import UNREACHABLE, python_packages
from tests.misbehaving import answering, nobody_listening, serving


@pytest.fixture
def nothing_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No package was installed before, and none is remembered by uv."""
    monkeypatch.setattr(runtimes, "CACHE", tmp_path)
    for name in ("UV_NO_CACHE", "UV_NO_CONFIG"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return monkeypatch


def test_what_needs_packages_is_left_out_where_a_registry_is_down(nothing_is_here: pytest.MonkeyPatch) -> None:
    with serving(answering(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")) as port:
        nothing_is_here.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{port}/simple")
        with pytest.raises(pytest.skip.Exception, match="NOT checked"):
            python_packages("flask==3.1.0")


def test_what_needs_packages_is_left_out_where_no_registry_can_be_reached(
    nothing_is_here: pytest.MonkeyPatch,
) -> None:
    with nobody_listening() as port:
        nothing_is_here.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{port}/simple")
        for _ in range(2):
            with pytest.raises(pytest.skip.Exception, match=r"error sending request .* NOT checked"):
                python_packages("flask==3.1.0")


def test_what_a_registry_does_not_have_is_a_failure(nothing_is_here: pytest.MonkeyPatch) -> None:
    with serving(answering(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")) as port:
        nothing_is_here.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{port}/simple")
        with pytest.raises(pytest.fail.Exception, match="failed"):
            python_packages("flask==3.1.0")


@pytest.mark.parametrize(
    ("said", "out_of_reach"),
    [
        ("npm error code EAI_AGAIN\nnpm error syscall getaddrinfo", True),
        ("npm error code ETIMEDOUT", True),
        ("npm error code E503", True),
        (
            "  cause: HTTP status server error (503 Service Unavailable) for url (https://pypi.org/simple/flask/)",
            True,
        ),
        ("  cause: error sending request for url (https://pypi.org/simple/flask/)\n  cause: dns error", True),
        ("npm error code E404\nnpm error 404 Not Found - GET https://registry.npmjs.org/nobody", False),
        ("npm error code EUSAGE\nnpm error `npm ci` can only install packages when your package.json", False),
        ("  x No solution found when resolving dependencies", False),
    ],
)
def test_only_a_registry_that_is_out_of_reach_is_taken_for_one(said: str, out_of_reach: bool) -> None:
    assert bool(UNREACHABLE.search(said)) is out_of_reach
