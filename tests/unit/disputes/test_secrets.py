"""What PSPs' messages are checked with: read rarely, and nothing but whole secrets."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from shared.adapters.dispute_secrets import REMEMBERED, DisputeSecrets
from shared.domain.errors import Unavailable
from shared.domain.payment import Environment
from shared.domain.statuses import Source
from tools.testing.builders import TEST
from tools.testing.fakes import NOON, FixedClock

LIVE = Environment.LIVE


@dataclass
class Safe:
    """Secrets Manager with one document in it; none is an outage."""

    text: str | None
    reads: list[str] = field(default_factory=list)

    def get_secret_value(self, SecretId: str) -> dict[str, str]:
        self.reads.append(SecretId)
        if self.text is None:
            raise ClientError({"Error": {"Code": "InternalServiceError"}}, "GetSecretValue")
        return {"SecretString": self.text}


def secrets_in(safe: Safe, clock: FixedClock | None = None) -> DisputeSecrets:
    return DisputeSecrets(lambda: cast("Any", safe), "arn", clock or FixedClock(NOON))


def test_each_secret_of_a_source_comes_with_its_environment() -> None:
    safe = Safe(json.dumps({"igfs": {"live": ["new", "old"], "test": ["t"]}, "stripe": {"live": ["whsec_1"]}}))
    secrets = secrets_in(safe)

    assert secrets(Source.IGFS) == [(TEST, "t"), (LIVE, "new"), (LIVE, "old")]
    assert secrets(Source.STRIPE) == [(LIVE, "whsec_1")]
    assert secrets(Source.PAYPAL) == []


@pytest.mark.parametrize(
    "written",
    ["abc", "", [""], ["  "], [None], [5], {"a": "b"}, None],
    ids=repr,
)
def test_what_is_no_list_of_secrets_signs_for_nobody(written: object) -> None:
    assert secrets_in(Safe(json.dumps({"igfs": {"test": written}})))(Source.IGFS) == []


@pytest.mark.parametrize("text", ["{}", "[]", '"igfs"', '{"igfs": ["abc"]}', '{"igfs": "abc"}'])
def test_a_document_of_another_form_signs_for_nobody(text: str) -> None:
    assert secrets_in(Safe(text))(Source.IGFS) == []


def test_they_are_read_again_after_five_minutes() -> None:
    clock = FixedClock(NOON)
    safe = Safe(json.dumps({"igfs": {"test": ["before"]}}))
    secrets = secrets_in(safe, clock)
    secrets(Source.IGFS)
    safe.text = json.dumps({"igfs": {"test": ["after"]}})

    assert secrets(Source.IGFS) == [(TEST, "before")]
    clock.advance((REMEMBERED + timedelta(seconds=1)).total_seconds())
    assert secrets(Source.IGFS) == [(TEST, "after")]
    assert len(safe.reads) == 2


@pytest.mark.parametrize("text", [None, "not JSON: s3cret"])
def test_what_cannot_be_read_is_told_without_its_text(text: str | None) -> None:
    with pytest.raises(Unavailable) as told:
        secrets_in(Safe(text))(Source.IGFS)

    assert "s3cret" not in str(told.value)
