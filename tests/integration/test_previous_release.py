"""What one release writes is found and read by the other, forth and back: both serve while one takes over.

This release writes as the stack does that may be taken back, with ``KeysAsBefore`` (docs/runbooks/rollback.md).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tools.local.deploy import ROOT
from tools.rehearsal.trees import previous

PROGRAM: Final = Path(__file__).with_name("one_release.py")
# Glomopay's list of payments says when one was last refunded, too, since that is kept.
COUNTED_ANEW: Final = frozenset({"updated_at"})


def run(tree: Path, others: object) -> Any:
    """(what ``tree`` wrote or was given, what it finds of it)"""
    environment = os.environ | {
        "PYTHONPATH": str(tree),
        "POWERTOOLS_SERVICE_NAME": "gateway",
        "KEYS_AS_BEFORE": "true",
    }
    done = subprocess.run(
        [sys.executable, PROGRAM],
        cwd=tree,
        env=environment,
        input=json.dumps(others),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (answer,) = [line for line in done.stdout.splitlines() if line.startswith("ANSWER")]
    return json.loads(answer.removeprefix("ANSWER"))


def differences(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """Where two releases' words for the same differ. What only one of them has a word for is no difference."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted((one.keys() & other.keys()) - COUNTED_ANEW):
            yield from differences(one[name], other[name], f"{where}/{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (mine, yours) in enumerate(zip(one, other, strict=True)):
            yield from differences(mine, yours, f"{where}/{number}")
    elif one != other:
        yield f"{where}: {one!r} and {other!r}"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return previous(tmp_path_factory.mktemp("previous"))[1]
    except SystemExit as error:  # a clone without its history has no release to compare with
        pytest.skip(str(error))


@pytest.mark.parametrize("way", ["forth", "back"])
def test_what_one_release_wrote_is_found_due_read_and_answered_by_the_other(before: Path, way: str) -> None:
    writer, reader = (before, ROOT) if way == "forth" else (ROOT, before)

    written, own = run(writer, None)
    _, others = run(reader, written)

    kinds = ("payments", "links", "orders", "notices", "deliveries", "events")
    assert [kind for kind in kinds if not own["due"][kind]] == []
    assert own["due"] == others["due"]
    assert len(own["records"]) > 200
    assert own["records"].keys() == others["records"].keys()
    assert len(own["answers"].keys() & others["answers"].keys()) > 10
    assert list(differences(own, others)) == []


def test_two_words_for_one_thing_are_a_difference_and_a_word_that_one_lacks_is_none() -> None:
    assert list(differences({"a": [1, {"b": 2}], "new": 1}, {"a": [1, {"b": 3}]})) == ["/a/1/b: 2 and 3"]
    assert list(differences({"a": [1]}, {"a": []})) == ["/a: [1] and []"]
