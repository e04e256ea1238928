"""``make deploy``: what it refuses before anything is uploaded, and what a declined change set leaves alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from pages.build import build
from tools.local.cloud import REGION, Cloud, start_cloud
from tools.local.deploy import client
from tools.ops.release import Release, Stopped

STACK = "payment-gateway-dev"
NOBODY = "http://127.0.0.1:1"  # who is asked here is never asked


# ---- before anything is built ----


@pytest.fixture
def sam(tmp_path: Path) -> Path:
    """Stands in for SAM, and notes that it was called."""
    program = tmp_path / "sam"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/called\n')
    program.chmod(0o755)
    return program


def deploy(sam: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program behind ``make deploy``, in a home without settings, programs or interpreters."""
    variables = {"HOME": str(sam.parent), "PATH": str(sam.parent), "SAM": str(sam), "AWS_ENDPOINT_URL": NOBODY}
    return subprocess.run(
        [sys.executable, "-m", "tools.ops.release", *arguments],
        env=variables | {"PYTHONPATH": str(Path.cwd())} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--env", "dev"], {}, "no region is set"),
        (["--env", "dev"], {"AWS_REGION": REGION}, "Lambda runs python3.13"),
        (["--env", "dev", "--yes"], {"AWS_DEFAULT_REGION": REGION}, "Lambda runs python3.13"),
        (["--env", "prod"], {"AWS_REGION": REGION}, "YES=1 deploys them unseen"),
    ],
    ids=["no region", "no interpreter", "no interpreter, unattended", "nobody to ask"],
)
def test_what_is_missing_is_said_before_anything_is_built_or_uploaded(
    sam: Path, arguments: list[str], environment: dict[str, str], said: str
) -> None:
    done = deploy(sam, *arguments, **environment)

    assert done.returncode != 0
    assert said in done.stderr
    assert not (sam.parent / "called").exists()


@pytest.mark.parametrize("arguments", [[], ["ENV=nowhere"]])
def test_make_deploy_says_where_it_can_go(arguments: list[str]) -> None:
    done = subprocess.run(
        ["make", "--silent", "deploy", *arguments], capture_output=True, text=True, timeout=900, check=False
    )

    assert done.returncode != 0
    assert "ENV= is missing" in done.stderr or "'dev', 'prod', 'staging'" in done.stderr


def test_yes_reaches_the_program() -> None:
    recipe = ["make", "--no-print-directory", "--dry-run", "deploy", "ENV=prod"]

    said = [subprocess.check_output([*recipe, *more], text=True) for more in ([], ["YES=1"])]

    assert [text.splitlines()[-1].endswith("--env prod --yes") for text in said] == [False, True]


# ---- on the local cloud ----


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    build()
    cloud = start_cloud()
    try:
        yield cloud
    finally:
        cloud.stop()


@dataclass
class Desk:
    """Who deploys, with a stand-in for SAM that makes a change set of a small template, as SAM does.

    ``made`` is how many change sets appear meanwhile; negative when SAM fails.
    """

    aws: Any
    answer: bool = True
    queue: str = "first"
    made: int = 1
    buckets: tuple[str, ...] = ("pages",)
    parameters: tuple[str, ...] = ()
    questions: list[str] = field(default_factory=list)
    commands: list[list[str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def sam(self, arguments: list[str]) -> None:
        self.commands.append(arguments)
        assert {"--no-execute-changeset", "--no-confirm-changeset"} <= set(arguments)
        if self.made < 0:
            raise subprocess.CalledProcessError(1, "sam")
        kind = "UPDATE" if self.stacks() else "CREATE"
        for number in range(self.made):
            self.aws("cloudformation").create_change_set(
                StackName=STACK,
                ChangeSetName=f"samcli-deploy{len(self.commands)}-{number}",
                ChangeSetType=kind,
                TemplateBody=template(self.queue, self.buckets, self.parameters),
                Parameters=[
                    {"ParameterKey": name, "ParameterValue": value}
                    for name, _, value in (each.partition("=") for each in self.parameters)
                ],
            )

    def ask(self, question: str) -> bool:
        self.questions.append(question)
        return self.answer

    def deploy(self) -> str:
        return Release("dev", REGION, self.aws, self.sam, self.ask, lambda url: self.wrong, look_seconds=0.05).run()

    def stacks(self) -> list[dict[str, Any]]:
        every: list[dict[str, Any]] = self.aws("cloudformation").describe_stacks()["Stacks"]
        return [stack for stack in every if stack["StackName"] == STACK]

    def waiting(self) -> list[str]:
        found = self.aws("cloudformation").list_change_sets(StackName=STACK)["Summaries"]
        return [each["ChangeSetName"] for each in found if each["ExecutionStatus"] == "AVAILABLE"]

    def pages(self) -> list[str]:
        storage = self.aws("s3")
        return [
            page["Key"]
            for bucket in storage.list_buckets()["Buckets"]
            for page in storage.list_objects_v2(Bucket=bucket["Name"]).get("Contents", [])
        ]

    def take_pages_away(self) -> None:
        storage = self.aws("s3")
        for bucket in storage.list_buckets()["Buckets"]:
            pages = storage.list_objects_v2(Bucket=bucket["Name"]).get("Contents", [])
            if pages:
                objects = [{"Key": page["Key"]} for page in pages]
                storage.delete_objects(Bucket=bucket["Name"], Delete={"Objects": objects})

    def queues(self) -> list[str]:
        return [url.rpartition("/")[2] for url in self.aws("sqs").list_queues().get("QueueUrls", [])]


def template(queue: str, buckets: Sequence[str], parameters: Sequence[str]) -> str:
    outputs = {"PagesBucketName": {"Ref": "Bucket0"}, "PagesUrl": "https://pages", "ApiUrl": "https://api"}
    resources: dict[str, Any] = {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": queue}}}
    for number, name in enumerate(buckets):
        resources[f"Bucket{number}"] = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}
    declared = {each.partition("=")[0]: {"Type": "String"} for each in parameters}
    written = {"Resources": resources, "Outputs": {name: {"Value": of} for name, of in outputs.items()}}
    return json.dumps(written | ({"Parameters": declared} if declared else {}))


@pytest.fixture
def desk(cloud: Cloud) -> Iterator[Desk]:
    desk = Desk(cache(partial(client, cloud)))
    yield desk
    desk.take_pages_away()
    for stack in desk.stacks():
        desk.aws("cloudformation").delete_stack(StackName=stack["StackName"])


def test_a_first_deployment_makes_the_stack_and_uploads_the_pages(desk: Desk) -> None:
    said = desk.deploy()

    assert "pages at https://pages, API at https://api" in said
    assert desk.queues() == ["first"]
    assert "dashboard/index.html" in desk.pages()
    assert desk.commands[0][:5] == ["deploy", "--config-env", "dev", "--region", REGION]


def test_an_api_that_does_not_answer_as_it_should_gets_no_pages(desk: Desk) -> None:
    desk.wrong = ["GET https://api/js/payglobe.js: 502"]

    with pytest.raises(Stopped, match="502\nthe stack is the new one, and the pages are as they were"):
        desk.deploy()

    assert (desk.queues(), desk.pages()) == (["first"], [])


def test_a_change_set_that_is_declined_changes_neither_stack_nor_pages(desk: Desk) -> None:
    desk.deploy()
    desk.take_pages_away()
    desk.queue, desk.answer = "second", False

    with pytest.raises(Stopped, match="declined"):
        desk.deploy()

    assert desk.questions[-1] == f"Deploy these changes to {STACK} in {REGION}?"
    assert (desk.queues(), desk.pages(), desk.waiting()) == (["first"], [], [])


def test_a_first_change_set_that_is_declined_makes_nothing(desk: Desk) -> None:
    desk.answer = False

    with pytest.raises(Stopped, match="declined"):
        desk.deploy()

    assert (desk.queues(), desk.pages()) == ([], [])


def test_a_stack_of_before_the_way_back_is_only_changed_by_a_deployment_that_has_one(desk: Desk) -> None:
    desk.deploy()
    desk.queue, desk.parameters = "second", ("KeysAsBefore=false",)

    with pytest.raises(Stopped, match="KeysAsBefore=true"):
        desk.deploy()
    assert (desk.queues(), desk.waiting()) == (["first"], [])

    desk.parameters = ("KeysAsBefore=true",)
    desk.deploy()
    desk.queue, desk.parameters = "third", ("KeysAsBefore=false",)
    desk.deploy()
    assert desk.queues() == ["third"]


def test_a_new_stack_needs_no_way_back(desk: Desk) -> None:
    desk.parameters = ("KeysAsBefore=false",)

    desk.deploy()

    assert desk.queues() == ["first"]


def test_pages_alone_are_uploaded_when_the_stack_is_as_it_should_be(desk: Desk) -> None:
    desk.deploy()
    desk.take_pages_away()
    asked = len(desk.questions)
    desk.made = 0

    desk.deploy()

    assert len(desk.questions) == asked
    assert "dashboard/index.html" in desk.pages()


def test_a_change_that_fails_uploads_no_pages_and_says_why(desk: Desk) -> None:
    desk.deploy()
    desk.take_pages_away()
    desk.aws("s3").create_bucket(Bucket="taken", CreateBucketConfiguration={"LocationConstraint": REGION})
    desk.buckets = ("pages", "taken")

    with pytest.raises(Stopped, match=r"UPDATE_ROLLBACK_COMPLETE: .+; the pages are as they were"):
        desk.deploy()

    assert desk.pages() == []


def test_two_who_deploy_at_once_are_told(desk: Desk) -> None:
    desk.deploy()
    desk.take_pages_away()
    desk.queue, desk.made = "second", 2

    with pytest.raises(Stopped, match="somebody else deploys"):
        desk.deploy()
    assert (desk.queues(), desk.pages()) == (["first"], [])


def test_a_sam_that_fails_stops_everything(desk: Desk) -> None:
    desk.made = -1

    with pytest.raises(Stopped, match="SAM failed"):
        desk.deploy()
    assert (desk.questions, desk.pages()) == ([], [])
