"""``make doctor``: what is missing on this machine, in the account and in the stack, and what to do about it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from shared.domain.account import Role
from tools.ops.build import RUNTIME, deployed
from tools.ops.release import region_here
from tools.ops.target import Target, target

# Of a payment with vouchers, counted (docs/scaling.md): what it takes of each quota.
_TRANSITIONS: Final = 14
_REQUESTS: Final = 6
_CONCURRENT: Final = 1.3  # 21 invocations of 60 ms
_UNRESERVED: Final = 100  # that Lambda wants to keep free


class Word(StrEnum):
    OK = "ok"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """``todo`` is empty where nothing is to be done."""

    word: Word
    what: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Doctor:
    """Looks at a stack and what it lives in, for ``rate`` payments a second; changes nothing, shows no secret."""

    at: Target
    rate: int

    def findings(self) -> Iterator[Found]:
        for check in (
            self.stack,
            self.functions,
            self.concurrency,
            self.requests,
            self.transitions,
            self.mail,
            self.sender,
            self.messages,
            self.secrets,
            self.alarms,
        ):
            yield from _looked(check)

    def stack(self) -> Iterator[Found]:
        found = self._stack()
        status = found["StackStatus"]
        if status.endswith("_COMPLETE") and "ROLLBACK" not in status:
            yield Found(Word.OK, f"stack {self.at.stack} is {status}")
        elif status.endswith("_COMPLETE"):
            yield Found(
                Word.PROBLEM,
                f"stack {self.at.stack} is {status}",
                "the last deployment failed: read its events, deploy again",
            )
        else:
            yield Found(
                Word.PROBLEM, f"stack {self.at.stack} is {status}", "wait until the deployment under way has ended"
            )

    def functions(self) -> Iterator[Found]:
        """That all run on the template's runtime, with one version of each layer."""
        pages = self.at.client("lambda").get_paginator("list_functions").paginate()
        mine = [
            each
            for page in pages
            for each in page["Functions"]
            if each["FunctionName"].startswith(f"{self.at.stack}-")
        ]
        runtimes = {each.get("Runtime", "an image") for each in mine}
        wrong = runtimes - {f"python{RUNTIME}"}
        if wrong:
            yield Found(
                Word.PROBLEM,
                f"functions run on {', '.join(sorted(wrong))}",
                f"deploy: the layers are for python{RUNTIME}",
            )
        else:
            yield Found(Word.OK, f"{len(mine)} functions run on python{RUNTIME}")
        versions: dict[str, set[str]] = {}
        for each in mine:
            for layer in each.get("Layers", ()):
                name, _, version = layer["Arn"].rpartition(":")
                versions.setdefault(name.rpartition(":")[2], set()).add(version)
        for name, found in sorted(versions.items()):
            if len(found) > 1:
                yield Found(
                    Word.PROBLEM, f"layer {name} is in use in versions {', '.join(sorted(found))}", "deploy again"
                )
            else:
                yield Found(Word.OK, f"layer {name} is in use in one version")

    def concurrency(self) -> Iterator[Found]:
        limit = self.at.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
        yield self._enough("Lambda's concurrent executions", limit, self.rate * _CONCURRENT + _UNRESERVED)

    def requests(self) -> Iterator[Found]:
        limit = self.at.client("apigateway").get_account()["throttleSettings"]["rateLimit"]
        yield self._enough("API Gateway's requests a second", limit, self.rate * _REQUESTS)

    def transitions(self) -> Iterator[Found]:
        pages = self.at.client("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode="states")
        quotas = {each["QuotaName"]: each["Value"] for page in pages for each in page["Quotas"]}
        named = [
            name for name in quotas if "statetransition" in name.replace(" ", "").lower() and "refill" in name.lower()
        ]
        if len(named) != 1:
            yield Found(
                Word.UNKNOWN, "Step Functions' transitions a second", _look(f"at least {self.rate * _TRANSITIONS}")
            )
        else:
            yield self._enough("Step Functions' transitions a second", quotas[named[0]], self.rate * _TRANSITIONS)

    def mail(self) -> Iterator[Found]:
        account = self.at.client("sesv2").get_account()
        if account["ProductionAccessEnabled"] and account.get("EnforcementStatus") == "HEALTHY":
            yield Found(Word.OK, "SES sends to everybody")
        elif account["ProductionAccessEnabled"]:
            yield Found(
                Word.PROBLEM,
                f"SES is {account.get('EnforcementStatus')}",
                "read AWS's mail about it; until then receipts wait",
            )
        else:
            yield Found(
                Word.PROBLEM, "SES is in its sandbox", "aws sesv2 put-account-details --production-access-enabled ..."
            )

    def sender(self) -> Iterator[Found]:
        domain = self._parameters().get("SenderDomain", "")
        asked = f"receipts come from {domain}"
        try:
            verified = self.at.client("sesv2").get_email_identity(EmailIdentity=domain)["VerifiedForSendingStatus"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "NotFoundException":
                raise
            yield Found(
                Word.PROBLEM,
                f"{asked}, which SES does not know",
                f"aws sesv2 create-email-identity --email-identity {domain}",
            )
            return
        if verified:
            yield Found(Word.OK, asked)
        else:
            yield Found(
                Word.PROBLEM, f"{asked}, which is not verified", "publish the DKIM records that SES shows for it"
            )

    def messages(self) -> Iterator[Found]:
        if self.at.client("sns").get_sms_sandbox_account_status()["IsInSandbox"]:
            yield Found(
                Word.PROBLEM, "SMS is in its sandbox", "ask AWS to move SMS out of it; links by e-mail work meanwhile"
            )
        else:
            yield Found(Word.OK, "SMS reaches everybody")

    def secrets(self) -> Iterator[Found]:
        """That each connector in use has its credentials; and whether PSPs' disputes can be heard."""
        kept = self.at.client("secretsmanager")
        empty = kept.get_secret_value(SecretId=self.at.outputs["DisputeSecretsArn"])["SecretString"].strip() in (
            "",
            "{}",
        )
        if empty:
            yield Found(
                Word.UNKNOWN,
                "no PSP's messages about disputes can be checked",
                "where a PSP sends any, fill DisputeSecrets: docs/runbooks/filling-secrets.md",
            )
        else:
            yield Found(Word.OK, "messages about disputes can be checked")
        for record in self.at.office.merchants.all():
            for environment, account in record.accounts.items():
                for name in _needing_credentials(account):
                    yield _credentials(kept, f"{self.at.stack}/connector/{record.merchant.id}/{environment}/{name}")

    def alarms(self) -> Iterator[Found]:
        pages = (
            self.at.client("cloudwatch")
            .get_paginator("describe_alarms")
            .paginate(AlarmNamePrefix=f"{self.at.stack}-")
        )
        alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
        silent = [alarm["AlarmName"] for alarm in alarms if not alarm.get("AlarmActions")]
        if silent:
            yield Found(
                Word.PROBLEM, f"{len(silent)} of {len(alarms)} alarms tell nobody", "deploy with AlarmTopicArn"
            )
        else:
            yield Found(Word.OK, f"{len(alarms)} alarms tell somebody")
        for topic in sorted(
            {action for alarm in alarms for action in alarm.get("AlarmActions", ()) if ":sns:" in action}
        ):
            hearing = self.at.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
            heard = [each for each in hearing if each["SubscriptionArn"].startswith("arn:")]
            if heard:
                yield Found(Word.OK, f"{len(heard)} subscribers of {topic}")
            else:
                yield Found(
                    Word.PROBLEM, f"nobody has subscribed to {topic}", "aws sns subscribe ..., and confirm it"
                )

    def _enough(self, what: str, limit: float, wanted: float) -> Found:
        said = f"{what}: {limit:g}, and {self.rate} payments a second take {wanted:g}"
        return Found(Word.OK, said) if limit >= wanted else Found(Word.PROBLEM, said, _look(f"at least {wanted:g}"))

    def _stack(self) -> dict[str, Any]:
        return dict(self.at.client("cloudformation").describe_stacks(StackName=self.at.stack)["Stacks"][0])

    def _parameters(self) -> Mapping[str, str]:
        return {each["ParameterKey"]: each["ParameterValue"] for each in self._stack().get("Parameters", ())}


def of_this_machine() -> Iterator[Found]:
    """Whether it can deploy: an interpreter of the runtime, a region, credentials."""
    try:
        yield Found(Word.OK, f"{deployed().interpreter} builds the layers")
    except SystemExit as error:
        yield Found(Word.PROBLEM, f"no python{RUNTIME} here, and only that can deploy", str(error))
    region = region_here()
    if region is None:
        yield Found(Word.PROBLEM, "no region is set", "AWS_REGION=eu-south-1, or a profile that has one")
        return
    yield Found(Word.OK, f"the region is {region}")
    if os.environ.get("AWS_ACCESS_KEY_ID", "").startswith("AKIA"):
        yield Found(Word.PROBLEM, "the credentials never expire", "sign in with aws sso login, or assume a role")
    yield from _looked(lambda: iter([Found(Word.OK, f"AWS knows you: {_caller()}")]))


def report(findings: Iterator[Found]) -> tuple[list[str], bool]:
    """(a line for each, with what to do below it; whether there is a problem)."""
    lines, trouble = [], False
    for found in findings:
        trouble = trouble or found.word is Word.PROBLEM
        lines.append(f"{found.word:<8} {found.what}")
        if found.todo:
            lines.append(f"{'':<8} -> {found.todo}")
    return lines, trouble


def _looked(check: Callable[[], Iterator[Found]]) -> Iterator[Found]:
    """What a check finds; what could not be asked about is unknown, and the other checks go on."""
    try:
        yield from check()
    except (ClientError, BotoCoreError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        name = getattr(check, "__name__", "credentials").strip("<>")
        yield Found(Word.UNKNOWN, f"{name}: AWS answered {code}", "allow the call, or look in the console")


def _needing_credentials(account: Any) -> Iterator[str]:
    active = (connector for role in Role for connector in account.active(role))
    yield from (connector.name for connector in active if connector.name != "sandbox")


def _credentials(kept: Any, name: str) -> Found:
    try:
        kept.describe_secret(SecretId=name)
    except kept.exceptions.ResourceNotFoundException:
        return Found(Word.PROBLEM, f"{name} has no credentials", "make connector ... SETTINGS=@file.json")
    return Found(Word.OK, f"{name} has credentials")


def _look(wanted: str) -> str:
    return f"ask for {wanted} in Service Quotas of this region"


def _caller() -> str:
    return str(boto3.client("sts").get_caller_identity()["Arn"])


@click.command()
@click.option("--port", default=8080)
@click.option("--env", default=None)
@click.option("--rate", default=10, help="Payments a second that the quotas should be enough for.")
def main(port: int, env: str | None, rate: int) -> None:
    """Look at this machine, the account and the stack; exit 1 when there is a problem."""
    lines, trouble = report(of_this_machine() if env else iter(()))
    more, more_trouble = report(Doctor(target(port, env), rate).findings())
    click.echo("\n".join(lines + more))
    sys.exit(1 if trouble or more_trouble else 0)


if __name__ == "__main__":
    main()
