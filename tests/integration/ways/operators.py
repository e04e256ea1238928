"""The operators' door: a merchant made, invited, found, suspended, and its keys by the mailed link."""

from __future__ import annotations

from typing import Final

import pytest

from shared.bootstrap import core, runtime
from shared.domain.ids import fingerprint
from shared.domain.operator import Operator
from tests.integration.ways.watching import Watch
from tools.testing.calling import sample

SAMPLES_KEY: Final = sample("operators.merchant_get")["headers"]["Authorization"].removeprefix("Bearer ")


def operators_at_work(watch: Watch) -> None:
    """An operator has the key that the samples show, from here on."""
    with watch.aside():
        core.operators().put(Operator("ada", fingerprint(SAMPLES_KEY), runtime.now()))
    made = watch.ask("operators.merchants_create", once="merchant")
    watch.ask("operators.merchants_create", once="merchant")
    watch.ask("operators.merchants_create", None, {"name": "", "email": "x"}, once="nobody")
    path = {"merchantId": made["merchantId"]}
    asked = watch.ask("operators.merchant_act", {**path, "action": "invite"}, {})
    watch.ask("operators.merchants_list")
    watch.ask("operators.merchant_get", path)
    for action in ("suspend", "suspend", "resume", "nothing"):
        watch.ask("operators.merchant_act", {**path, "action": action}, {})
    watch.ask("operators.welcome", None, {"token": asked["link"].partition("#")[2]})


def invited_for_real(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a mail that leaves, where no sandbox captures it."""
    with monkeypatch.context() as without:
        without.setenv("SANDBOX", "false")
        another = sample("operators.merchants_create")["body"] | {"name": "Bottega Due"}
        made = watch.ask("operators.merchants_create", None, another, once="another")
        watch.ask("operators.merchant_act", {"merchantId": made["merchantId"], "action": "invite"}, {})
