"""A local cloud on which one release takes the place of another, each with its own code and nothing of this one's."""

from __future__ import annotations

import json
import platform
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shared.adapters.vault import KmsVault
from shared.usecases.merchant.key_ring import sealed_by
from tools.local.cloud import Cloud, Interpreter, free_port, start_cloud
from tools.local.deploy import BUCKET, ROOT, STACK, Stack, client, outputs_of, packaged_template, zipped
from tools.local.front import Front
from tools.ops.onboarding import add_demo_merchant, now

_SECONDS: Final = 240.0


@dataclass(slots=True)
class Stage:
    """``base_url`` is where its API answers, whichever release that is."""

    cloud: Cloud
    origin: str
    front: Front | None = None
    deployments: int = 0

    @property
    def base_url(self) -> str:
        return f"{self.origin}/paymentgw"

    def client(self, service: str) -> Any:
        return client(self.cloud, service)

    def deploy(self, tree: Path, **wanted: str) -> Stack:
        """Make ``tree`` what runs here, as a first deployment or in the place of what is there, with the parameters
        that are ``wanted``."""
        self.deployments += 1
        release = f"{self.deployments}/"
        storage, formation = self.client("s3"), self.client("cloudformation")
        if self.deployments == 1:
            where = {"LocationConstraint": self.cloud.environment["AWS_REGION"]}
            storage.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
        for name, body in _artifacts(tree).items():
            storage.put_object(Bucket=BUCKET, Key=release + name, Body=body)
        template = packaged_template(tree, release)
        storage.put_object(Bucket=BUCKET, Key=f"{release}template.json", Body=json.dumps(template).encode())
        asked = {
            "StackName": STACK,
            "TemplateURL": f"{self.cloud.endpoint}/{BUCKET}/{release}template.json",
            "Parameters": [
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in {**self._parameters(), **wanted}.items()
            ],
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        }
        before = None
        if self.deployments == 1:
            formation.create_stack(**asked)
        else:
            before = formation.describe_stacks(StackName=STACK)["Stacks"][0].get("LastUpdatedTime")
            formation.update_stack(**asked)
        stack = Stack(self.cloud, outputs_of(formation, STACK, _SECONDS, pause=0.1, after=before))
        if self.front is None:
            self.front = self._opened(stack)
        self.front.serve(stack.outputs["ApiId"])
        return stack

    def _parameters(self) -> dict[str, str]:
        return {
            "LambdaRuntime": f"python{'.'.join(platform.python_version_tuple()[:2])}",
            "LambdaArchitecture": "x86_64",
            "AllowPrivateTargets": "true",
            "PagesOrigin": self.origin,
            "WebhookRetryIntervalSeconds": "20",
        }

    def _opened(self, stack: Stack) -> Front:
        vault = KmsVault(stack.client("kms"), stack.outputs["CardKeyArn"])
        add_demo_merchant(stack.client("dynamodb"), stack.outputs["MerchantsTableName"], sealed_by(vault, now))
        front = Front(int(self.origin.rpartition(":")[2]), self.cloud.endpoint, stack.outputs["ApiId"])
        front.start()
        return front

    def waiting(self, stack: Stack) -> Counter[str]:
        """In which states of the flow how many executions are now."""
        machines = self.client("stepfunctions")
        running = machines.get_paginator("list_executions").paginate(
            stateMachineArn=stack.outputs["PaymentFlowArn"], statusFilter="RUNNING"
        )
        found: Counter[str] = Counter()
        for page in running:
            for execution in page["executions"]:
                history = machines.get_execution_history(executionArn=execution["executionArn"], maxResults=1000)
                entered = [event for event in history["events"] if event["type"].endswith("StateEntered")]
                found[entered[-1]["stateEnteredEventDetails"]["name"] if entered else "Begin"] += 1
        return found

    def stop(self) -> None:
        if self.front is not None:
            self.front.shutdown()
            self.front.server_close()
        self.cloud.stop()


def set_up() -> Stage:
    """An empty cloud whose functions have this environment's packages, and of ours what they are deployed with."""
    packages = tuple(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    return Stage(start_cloud(Interpreter(Path(sys.executable), packages)), f"http://127.0.0.1:{free_port()}")


def _artifacts(tree: Path) -> dict[str, bytes]:
    machines = {path.name: path.read_bytes() for path in (tree / "statemachines").glob("*.asl.json")}
    empty = zipped({"python": ROOT / "layers" / "dependencies"})
    code = zipped({"": tree / "functions", "shared": tree / "shared"})
    return {"functions.zip": code, "SharedLayer.zip": empty, "DependenciesLayer.zip": empty} | machines
