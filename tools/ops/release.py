"""``make deploy``: build, show what would change, ask, change it; and only then the pages go up."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import boto3
import click
from botocore.exceptions import ClientError

from tools.local.deploy import ROOT, outputs_of
from tools.ops.build import build, deployed, sam_program
from tools.ops.smoke import smoke
from tools.ops.target import STACKS
from tools.ops.upload_pages import upload

# What lets the release before find what this one writes.
WAY_BACK: Final = "KeysAsBefore"
_DEPLOY_SECONDS: Final = 3600.0
_LOOK_SECONDS: Final = 3.0


class Stopped(Exception):
    """The deployment does not go on; its text says why, and what was left as it was."""


@dataclass(frozen=True, slots=True)
class Release:
    """One deployment. ``sam`` runs a command line of SAM; ``ask`` puts a question to whoever deploys; ``smoke`` says
    what is wrong with the answers of the API at an address."""

    env: str
    region: str
    aws: Callable[[str], Any]  # "s3" -> its client in that region
    sam: Callable[[list[str]], None]
    ask: Callable[[str], bool]
    smoke: Callable[[str], list[str]] = smoke
    look_seconds: float = _LOOK_SECONDS

    @property
    def stack(self) -> str:
        return STACKS[self.env]

    def run(self) -> str:
        """Bring the build to the stack and the pages to their bucket; where they are then. Raises Stopped."""
        change = self._change_set()
        if change is not None:
            self._look_back(change)
            self._decide(change)
            self._execute(change)
        outputs = {output["OutputKey"]: output["OutputValue"] for output in self._described()["Outputs"]}
        wrong = self.smoke(outputs["ApiUrl"])
        if wrong:
            raise Stopped("\n".join([*wrong, "the stack is the new one, and the pages are as they were"]))
        count = upload(self.aws("s3"), outputs["PagesBucketName"])
        return f"{count} files uploaded; pages at {outputs['PagesUrl']}, API at {outputs['ApiUrl']}"

    def _change_set(self) -> str | None:
        """What SAM would change, as a change set that it has shown; None when that is nothing."""
        before = self._waiting()
        asked = ["--no-execute-changeset", "--no-confirm-changeset", "--no-fail-on-empty-changeset"]
        try:
            self.sam(["deploy", "--config-env", self.env, "--region", self.region, *asked])
        except subprocess.CalledProcessError as error:
            raise Stopped("SAM failed: the stack and the pages are as they were") from error
        made = self._waiting() - before
        if len(made) > 1:
            raise Stopped(f"somebody else deploys {self.stack} now: nothing was changed")
        return next(iter(made), None)

    def _waiting(self) -> set[str]:
        """The change sets of the stack that could be executed."""
        try:
            pages = list(self.aws("cloudformation").get_paginator("list_change_sets").paginate(StackName=self.stack))
        except ClientError as error:
            if error.response["Error"]["Code"] in ("ValidationError", "StackNotFoundException"):
                return set()  # there is no such stack yet
            raise
        summaries = [summary for page in pages for summary in page["Summaries"]]
        return {each["ChangeSetId"] for each in summaries if each["ExecutionStatus"] == "AVAILABLE"}

    def _look_back(self, change: str) -> None:
        """A stack that does not know of WAY_BACK yet gets there by a deployment that can be taken back."""
        formation = self.aws("cloudformation")
        coming = formation.describe_change_set(ChangeSetName=change, StackName=self.stack).get("Parameters", [])
        known = {each["ParameterKey"] for each in self._described().get("Parameters", [])}
        blind = (WAY_BACK, "false") in {(each["ParameterKey"], each["ParameterValue"]) for each in coming}
        if blind and WAY_BACK not in known and not self._is_new():
            formation.delete_change_set(ChangeSetName=change, StackName=self.stack)
            raise Stopped(
                f"the release that {self.stack} runs would not find what this one writes: deploy with "
                f'"{WAY_BACK}=true" in samconfig.toml first, and without it once nobody wants to go back '
                "(docs/runbooks/rollback.md); the stack and the pages are as they were"
            )

    def _is_new(self) -> bool:
        return bool(self._described()["StackStatus"] == "REVIEW_IN_PROGRESS")

    def _decide(self, change: str) -> None:
        if not self.ask(f"Deploy these changes to {self.stack} in {self.region}?"):
            self.aws("cloudformation").delete_change_set(ChangeSetName=change)
            raise Stopped("declined: the stack and the pages are as they were")

    def _execute(self, change: str) -> None:
        formation, before = self.aws("cloudformation"), self._described().get("LastUpdatedTime")
        formation.execute_change_set(ChangeSetName=change, StackName=self.stack)
        try:
            outputs_of(formation, self.stack, _DEPLOY_SECONDS, self.look_seconds, after=before)
        except RuntimeError as error:
            raise Stopped(f"{error}; the pages are as they were") from error

    def _described(self) -> dict[str, Any]:
        (stack,) = self.aws("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        return dict(stack)


def region_here() -> str | None:
    """Where the AWS tools would deploy to from here."""
    return os.environ.get("AWS_REGION") or boto3.Session().region_name


def asks(env: str) -> bool:
    """Whether samconfig.toml wants a person to look at the changes of this stack."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    return bool(config[env]["deploy"]["parameters"]["confirm_changeset"])


@click.command()
@click.option("--env", required=True, type=click.Choice(sorted(STACKS)))
@click.option("--yes", is_flag=True, help="Deploy without asking.")
def main(env: str, yes: bool) -> None:
    """Deploy template.yaml and the pages to the stack of ``env``."""
    region, asking = region_here(), asks(env) and not yes
    if region is None:
        sys.exit("no region is set: AWS_REGION=eu-south-1 make deploy ..., or a profile that has one (AWS_PROFILE)")
    if asking and not sys.stdin.isatty():
        sys.exit(f"nobody is here to look at the changes to {env}: YES=1 deploys them unseen")
    target = deployed()

    session: Any = boto3.Session(region_name=region)

    def sam(arguments: list[str]) -> None:
        subprocess.run([sam_program(), *arguments], cwd=ROOT, env=os.environ | {"SAM_CLI_TELEMETRY": "0"}, check=True)

    def ask(question: str) -> bool:
        return not asking or click.confirm(question, default=False)

    try:
        build(target)
        release = Release(env, region, session.client, sam, ask)
        click.echo(release.run())
    except subprocess.CalledProcessError:
        sys.exit("the build failed: nothing was uploaded")
    except Stopped as stopped:
        sys.exit(str(stopped))


if __name__ == "__main__":
    main()
