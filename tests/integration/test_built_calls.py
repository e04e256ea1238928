"""Every AWS call of the code, made from the built layer: sent and understood as by botocore itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.local.built import built
from tools.ops.build import runnable
from tools.ops.lean import OPERATIONS

REGIONS = ("eu-south-1", "us-east-1")
FORM = """
from shared.adapters import aws
from shared.adapters.evidence import S3Evidence

url, fields = S3Evidence(lambda: aws.client("s3"), "bucket-x").form("key", "text/plain", 1, 60)
print(url)
"""
PROGRAM = Path(__file__).with_name("every_call.py")


@pytest.mark.parametrize("region", REGIONS)
def test_every_call_is_sent_and_understood_as_by_the_whole_botocore(region: str) -> None:
    deployed = built(runnable())

    ours = _calls(deployed.target.interpreter, deployed.path, region, "-S", "-P")
    theirs = _calls(Path(sys.executable), str(Path.cwd()), region)

    assert ours == theirs
    for service, name, seen in theirs:
        assert region in seen["sent"][1], (service, name)
        assert "ResponseMetadata" in seen["200"], (service, name, seen["200"])
        assert "Wrong" in seen["400"][1], (service, name)
    assert {(service, name) for service, name, _ in ours} == {
        (service, name) for service, names in OPERATIONS.items() for name in names
    }


@pytest.mark.parametrize("region", REGIONS)
def test_a_form_for_evidence_goes_to_the_buckets_own_region(region: str) -> None:
    deployed = built(runnable())

    said = _run([deployed.target.interpreter, "-S", "-P", "-c", FORM], deployed.path, region)

    # What CloudFormation's RegionalDomainName says, which the policy of the dashboard names.
    assert said.strip() == f"https://bucket-x.s3.{region}.amazonaws.com/"


def _calls(interpreter: Path, path: str, region: str, *options: str) -> list[Any]:
    wanted = json.dumps({service: sorted(names) for service, names in OPERATIONS.items()})
    return [json.loads(line) for line in _run([interpreter, *options, PROGRAM, wanted], path, region).splitlines()]


def _run(command: list[str | Path], path: str, region: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": path,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
