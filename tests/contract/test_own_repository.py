"""The sample workflow of docs/own-repository: what the Makefile can, in order, and no key that lasts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tools.contract.routes import template

ROOT: Final = Path(__file__).parents[2]
TEXT: Final = (ROOT / "docs" / "own-repository" / "gateway.yml").read_text()
WORKFLOW: Final[dict[Any, Any]] = yaml.safe_load(TEXT)
JOBS: Final[dict[str, dict[str, Any]]] = WORKFLOW["jobs"]
TARGETS: Final = frozenset(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
KEYS: Final = frozenset(
    {"name", "needs", "if", "runs-on", "timeout-minutes", "environment", "permissions", "steps", "env"}
)


def before(job: str) -> set[str]:
    """Every job that has to have ended well."""
    named = JOBS[job].get("needs", [])
    direct = {named} if isinstance(named, str) else set(named)
    return direct.union(*(before(each) for each in direct))


@pytest.mark.parametrize("job", JOBS)
def test_a_job_has_a_machine_a_limit_and_steps_that_are_of_a_known_form(job: str) -> None:
    assert set(JOBS[job]) <= KEYS
    assert JOBS[job]["runs-on"].startswith("ubuntu-")
    assert 0 < JOBS[job]["timeout-minutes"] <= 90
    for step in JOBS[job]["steps"]:
        assert ("run" in step) != ("uses" in step)
        assert set(step) <= {"name", "run", "uses", "with", "env"}


def test_whoever_reads_the_release_before_has_the_history_that_it_is_in() -> None:
    """A shallow clone has neither the tag nor its commit: what reads the release before stops there."""
    for name, job in JOBS.items():
        runs = "\n".join(step.get("run", "") for step in job["steps"])
        checkout = next(step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout"))
        if re.search(r"make (test|rehearse-upgrade)\b", runs):
            assert checkout.get("with", {}).get("fetch-depth") == 0, name


def test_a_release_is_rehearsed_from_the_one_before_and_back_before_production() -> None:
    (job,) = [name for name, job in JOBS.items() if "make rehearse-upgrade" in str(job["steps"])]

    assert job in before("prod")


def test_every_make_target_and_every_test_it_runs_exists() -> None:
    runs = "\n".join(step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step)

    assert set(re.findall(r"\bmake ([a-z-]+)", runs)) <= TARGETS
    for path in re.findall(r"tests/\S+\.py", runs):
        assert (ROOT / path).is_file()


def test_production_comes_after_check_test_build_staging_and_rehearsal_and_by_a_tag_that_somebody_approved() -> None:
    assert before("prod") == {"check", "test", "upgrade", "build", "staging", "rehearse"}
    assert JOBS["prod"]["environment"] == "prod"
    assert JOBS["prod"]["if"] == "startsWith(github.ref, 'refs/tags/v')"


def test_credentials_live_for_a_job_alone_and_are_given_to_those_that_deploy_or_look() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert not re.search(r"aws-(access-key-id|secret-access-key)|AKIA", TEXT)
    signed_in = {
        name
        for name, job in JOBS.items()
        if any("configure-aws-credentials" in step.get("uses", "") for step in job["steps"])
    }
    assert signed_in == {name for name, job in JOBS.items() if "id-token" in job.get("permissions", {})}
    assert signed_in == {"staging", "rehearse", "prod"}


@pytest.mark.parametrize("name", ["DisputeSecrets", "LogGroup", "AccessLog", "CardKey", "DataKey", "EvidenceBucket"])
def test_what_would_be_lost_with_the_stack_stays(name: str) -> None:
    resource = template()["Resources"][name]

    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_the_budget_tells_who_hears_the_alarms_and_is_there_only_when_wanted() -> None:
    budget = template()["Resources"]["Budget"]
    told = budget["Properties"]["NotificationsWithSubscribers"]

    assert budget["Condition"] == "HasBudget"
    assert [each["Notification"]["Threshold"] for each in told] == [80, 100]
    for each in told:
        assert each["Subscribers"] == [{"SubscriptionType": "SNS", "Address": {"Ref": "AlarmTopicArn"}}]
