"""How template.yaml gets into the local cloud: the same file, with the code put where CloudFormation finds it."""

from __future__ import annotations

import io
import json
import platform
import shutil
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config
from samtranslator.yaml_helper import yaml_parse

from tools.local.cloud import Cloud

ROOT: Final = Path(__file__).resolve().parents[2]
STACK: Final = "gateway"
BUCKET: Final = "gateway-artifacts"
_DEPLOY_SECONDS: Final = 60.0
_KEPT: Final = (".py", ".json", ".js", ".typed", ".html", ".txt")


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack: its outputs, and the cloud it runs in."""

    cloud: Cloud
    outputs: Mapping[str, str]

    def client(self, service: str) -> Any:
        return client(self.cloud, service)


def client(cloud: Cloud, service: str) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=cloud.endpoint,
        region_name=cloud.environment["AWS_REGION"],
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106
        config=Config(retries={"max_attempts": 2}, read_timeout=60),
    )


def deploy(cloud: Cloud, parameters: Mapping[str, str], built: Path | None = None) -> Stack:
    """Package the code, create the stack, and wait for it. Raises RuntimeError with the reason if it fails.

    ``built`` is a build's folder of function code, for a cloud whose interpreter has that build's layers.
    """
    if not built:
        shutil.copytree(ROOT / "shared", cloud.packages / "shared")
    storage = client(cloud, "s3")
    storage.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": cloud.environment["AWS_REGION"]}
    )
    for name, body in _artifacts(built).items():
        storage.put_object(Bucket=BUCKET, Key=name, Body=body)
    packaged = json.dumps(packaged_template(), separators=(",", ":"))
    storage.put_object(Bucket=BUCKET, Key="template.json", Body=packaged.encode())
    formation = client(cloud, "cloudformation")
    version = f"python{platform.python_version_tuple()[0]}.{platform.python_version_tuple()[1]}"
    given = {
        "LambdaRuntime": version,
        "LambdaArchitecture": "x86_64",
        "AllowPrivateTargets": "true",
        **parameters,
    }
    formation.create_stack(
        StackName=STACK,
        TemplateURL=f"{cloud.endpoint}/{BUCKET}/template.json",  # more than a request itself may carry
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    return Stack(cloud, outputs_of(formation, STACK, _DEPLOY_SECONDS, pause=0.05))


def packaged_template(root: Path = ROOT, release: str = "") -> dict[str, Any]:
    """template.yaml of the tree ``root`` with its local paths replaced by the uploaded artifacts, as ``sam package``
    does. ``release`` is what their names begin with."""
    template: dict[str, Any] = yaml_parse((root / "template.yaml").read_text())
    template["Globals"]["Function"]["CodeUri"] = f"s3://{BUCKET}/{release}functions.zip"
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            properties["ContentUri"] = f"s3://{BUCKET}/{release}{name}.zip"
        if resource["Type"] == "AWS::Serverless::StateMachine":
            key = f"{release}{Path(properties['DefinitionUri']).name}"
            properties["DefinitionUri"] = {"Bucket": BUCKET, "Key": key}
    return template


def _artifacts(built: Path | None) -> dict[str, bytes]:
    machines = {path.name: path.read_bytes() for path in (ROOT / "statemachines").glob("*.asl.json")}
    # Packages come from what runs the functions: each of them would unpack the layer for itself.
    empty = _zip(ROOT / "layers" / "dependencies", "python")
    return {
        "functions.zip": _zip(built or ROOT / "functions", ""),
        "SharedLayer.zip": empty,
        "DependenciesLayer.zip": empty,
    } | machines


def _zip(folder: Path, prefix: str) -> bytes:
    return zipped({prefix: folder})


def zipped(folders: Mapping[str, Path]) -> bytes:
    """Folders in one archive, each below its name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for prefix, folder in folders.items():
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.suffix in _KEPT and "__pycache__" not in path.parts:
                    archive.write(path, str(Path(prefix) / path.relative_to(folder)))
    return buffer.getvalue()


def outputs_of(formation: Any, stack_name: str, seconds: float, pause: float, after: Any = None) -> dict[str, str]:
    """The outputs of a stack, once its deployment has ended. Raises RuntimeError with the reasons when it failed.

    ``after`` is when it was updated last, before what is waited for.
    """
    deadline = time.monotonic() + seconds
    while True:
        (stack,) = formation.describe_stacks(StackName=stack_name)["Stacks"]
        begun = after is None or stack.get("LastUpdatedTime") != after
        if begun and stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
        if (begun and not stack["StackStatus"].endswith("IN_PROGRESS")) or time.monotonic() >= deadline:
            break
        time.sleep(pause)
    events = formation.describe_stack_events(StackName=stack_name)["StackEvents"]
    reasons = [
        f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason', '')}"
        for e in events
        if "FAILED" in e["ResourceStatus"]
    ]
    because = "; ".join(reasons[:5] or [stack.get("StackStatusReason", "")])
    raise RuntimeError(f"the stack is in {stack['StackStatus']}: {because}")
