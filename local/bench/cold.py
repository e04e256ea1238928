"""Cold start of every handler beside a bare boto3 DynamoDB handler: process start to first answer, medians."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from local import build
from local.bench.stub import Stub
from local.deploy import ROOT
from local.routes import endpoints, modules

REFERENCE: Final = "bare boto3 DynamoDB handler"
CACHE: Final = ROOT / ".cache" / "bench"
_REFERENCE_CODE: Final = """
import boto3
client = boto3.client("dynamodb")
client.get_item(TableName="t", Key={"pk": {"S": "x"}})
"""
_HANDLER_CODE: Final = """
import importlib, json, sys
event = json.load(open(sys.argv[2]))
class Context:
    function_name = aws_request_id = invoked_function_arn = "bench"
    memory_limit_in_mb = 512
try:
    importlib.import_module(sys.argv[1]).handler(event, Context())
except Exception as error:
    # A step whose payment is not in the stub escapes with NotFound, after it read: that is its first answer here.
    if type(error).__name__ not in ("NotFound", "KeyError"):
        raise
"""


@dataclass(frozen=True, slots=True)
class Cold:
    """One row: medians in milliseconds, and the ratio of wall time to the reference's."""

    name: str
    wall_ms: float
    cpu_ms: float
    ratio: float


def measure(rounds: int, only: list[str] | None = None) -> list[Cold]:
    """Interleaved in random order, ``rounds`` times each, against one stub."""
    layers = _prepared()
    stub = Stub()
    names = [REFERENCE, *(only or [name for name in modules() if _has_event(name)])]
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    try:
        for _ in range(rounds):
            for name in random.sample(names, len(names)):
                samples[name].append(_once(name, layers, stub.url))
    finally:
        stub.close()
    reference = median(wall for wall, _ in samples[REFERENCE])
    return [
        Cold(
            name,
            round(median(wall for wall, _ in taken) * 1000, 1),
            round(median(cpu for _, cpu in taken) * 1000, 1),
            round(median(wall for wall, _ in taken) / reference, 2),
        )
        for name, taken in samples.items()
    ]


def is_http(name: str) -> bool:
    return name in endpoints()


def _has_event(module: str) -> bool:
    return (ROOT / "events" / f"{module.replace('.', '/')}.json").is_file()


def _once(name: str, layers: dict[str, str], url: str) -> tuple[float, float]:
    """(wall, CPU) seconds of one process, from its start to its end after the first answer."""
    arguments = [_base_python(), "-S", "-c", _REFERENCE_CODE if name == REFERENCE else _HANDLER_CODE]
    if name != REFERENCE:
        arguments += [name, str(ROOT / "events" / f"{name.replace('.', '/')}.json")]
    environment = _environment(url) | {"PYTHONPATH": layers["reference" if name == REFERENCE else "ours"]}
    before = os.times()
    started = time.perf_counter()
    subprocess.run(arguments, env=environment, check=True, stdout=subprocess.DEVNULL, timeout=60)
    wall = time.perf_counter() - started
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return wall, cpu


def _environment(url: str) -> dict[str, str]:
    tables = ("PAYMENTS", "MERCHANTS", "EVENTS", "DELIVERIES", "IDEMPOTENCY", "SANDBOX", "LINKS", "CARDS", "DISPUTES")
    return {f"{name}_TABLE": name for name in tables} | {
        "PATH": os.environ["PATH"],
        "PYTHONHASHSEED": "0",
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": "eu-south-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "PAYMENT_FLOW_ARN": "arn:aws:states:eu-south-1:123456789012:stateMachine:flow",
        "DELIVERIES_QUEUE_URL": f"{url}/123456789012/deliveries",
        "CHECKOUT_TIMEOUT_SECONDS": "1800",
        "WEBHOOK_RETRY_INTERVAL_SECONDS": "300",
        "ALLOW_PRIVATE_TARGETS": "true",
        "POWERTOOLS_SERVICE_NAME": "bench",
    }


def _base_python() -> str:
    """The interpreter itself, without this environment's packages."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _prepared() -> dict[str, str]:
    """What is deployed, built for this interpreter, and boto3 alone for the reference; both with bytecode."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    build.build(version, Path(_base_python()), architecture="x86_64")
    reference = CACHE / "reference"
    if not (reference / "boto3").is_dir():
        uv = ROOT / ".tools" / "uv" / "bin" / "uv"
        pins = ["boto3", "botocore", "s3transfer", "jmespath", "urllib3", "python-dateutil", "six"]
        command: list[Any] = [
            uv,
            "pip",
            "install",
            "--quiet",
            "--link-mode",
            "copy",
            "--target",
            reference,
            *_locked(pins),
        ]
        subprocess.run(command, check=True)
        subprocess.run([_base_python(), "-m", "compileall", "-q", str(reference)], check=True)
    parts = [
        build.BUILD / "PaymentInit",
        build.BUILD / "SharedLayer/python",
        build.BUILD / "DependenciesLayer/python",
    ]
    return {"reference": str(reference), "ours": os.pathsep.join(map(str, parts))}


def _locked(names: list[str]) -> list[str]:
    from importlib.metadata import version

    return [f"{name}=={version(name)}" for name in names]


def as_json(rows: list[Cold]) -> str:
    return json.dumps([{"name": r.name, "wallMs": r.wall_ms, "cpuMs": r.cpu_ms, "ratio": r.ratio} for r in rows])
