"""A page or script that nobody built is noticed, and so is a policy that would let one run."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from pages.build import DIST, build
from shared.domain.errors import Unavailable
from tests.pages_host import POLICY, PagesHost
from tools.contract.routes import handler
from tools.testing.resources import Context

GUEST = "https://js.dev.shift4.com"


@pytest.fixture
def host(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[PagesHost]:
    build()
    with PagesHost(DIST) as running:
        monkeypatch.setenv("PAGES_ORIGIN", running.origin)
        monkeypatch.setenv("CARD_SCRIPT_ORIGIN", GUEST)
        yield running


def compared() -> dict[str, int]:
    return dict(handler("housekeeping.pages")({}, Context()))


def test_what_was_built_is_what_is_served(host: PagesHost) -> None:
    said = compared()

    pages = len(list(DIST.rglob("index.html"))) - 1  # the first, which has no scripts and no form, has no folder
    assert said == {"looked": pages + len(json.loads((DIST / "scripts-inventory.json").read_text())), "changed": 0}


@pytest.mark.parametrize("path", ["/pay/card/", "/js/payglobe.js"])
def test_a_page_or_script_with_a_line_more_is_named(
    host: PagesHost, path: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    file = DIST / f"{path[1:]}{'index.html' if path.endswith('/') else ''}"
    host.instead[path] = file.read_bytes() + b"//"

    assert compared()["changed"] == 1
    (told,) = [record for record in caplog.records if record.message == "page changed"]
    assert (vars(told)["path"], vars(told)["why"]) == (path, "content")
    assert '"PagesChanged":[1.0]' in capsys.readouterr().out


@pytest.mark.parametrize(
    "policy",
    [
        "",
        POLICY.replace("script-src 'self'", "script-src 'self' https://evil.example"),
        POLICY.replace("base-uri", "x"),
    ],
    ids=["none", "another script", "another base"],
)
def test_a_policy_that_lets_other_scripts_run_is_a_change_of_every_page(host: PagesHost, policy: str) -> None:
    host.policy = policy

    assert compared()["changed"] == len(list(DIST.rglob("index.html"))) - 1


def test_the_one_page_with_a_card_gateways_script_may_run_that_and_no_other_may(host: PagesHost) -> None:
    pages = len(list(DIST.rglob("index.html"))) - 1
    host.policy = f"default-src 'none'; script-src 'self' {GUEST}; base-uri 'none'"

    assert compared()["changed"] == pages - 1


def test_a_page_that_is_gone_is_a_change(host: PagesHost) -> None:
    host.status = 404

    said = compared()

    assert said["changed"] == said["looked"]


def test_nothing_is_said_to_be_unchanged_when_nobody_answers(host: PagesHost) -> None:
    host.status = 503

    with pytest.raises(Unavailable):
        compared()
