"""The last look before the pages go up: what is not answered as promised stops a release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from tools.ops.smoke import PROBES, smoke


@dataclass
class Api:
    """Answers each probe as it should, but for ``path``."""

    path: str = ""
    status: int = 502
    reachable: bool = True
    body: str = '{"code": "internal"}'

    def __call__(self, method: str, url: str, **_: object) -> Any:
        if not self.reachable:
            raise requests.ConnectionError("no route")
        (probe,) = [each for each in PROBES if url.endswith(each.path) and each.method == method]
        answer = requests.Response()
        bad = probe.path == self.path
        answer.status_code = self.status if bad else probe.status
        answer._content = (self.body if bad else f'{{"code": "{probe.code}"}}').encode()
        return answer


def test_an_api_that_answers_as_promised_passes() -> None:
    assert smoke("https://api", 0, Api()) == []


def test_what_is_answered_otherwise_is_named_with_both() -> None:
    assert smoke("https://api", 0, Api("/api/payment/init")) == [
        "POST https://api/api/payment/init: 502 internal instead of 401 unauthenticated"
    ]


def test_a_page_in_the_place_of_an_answer_is_no_answer() -> None:
    (said,) = smoke("https://api", 0, Api("/no/such/address", 404, body="<html>"))

    assert said.startswith("GET https://api/no/such/address: ")


def test_an_api_that_cannot_be_reached_fails_every_probe() -> None:
    assert len(smoke("https://api", 0, Api(reachable=False))) == len(PROBES)
