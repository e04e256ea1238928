"""Takes out of the dependencies layer what no handler can reach; a test imports each handler from what is left."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

# Service models that the clients in shared/ and functions/ are built from, and what botocore itself reads.
SERVICES: Final = frozenset({"dynamodb", "kms", "s3", "secretsmanager", "ses", "sns", "sqs", "stepfunctions"})
# The same services as endpoints.json names them.
ENDPOINTS: Final = (SERVICES - {"stepfunctions"}) | {"states", "email", "sts"}
_UNREACHED: Final = (
    "bin",
    "boto3",  # handlers build their clients from botocore's session
    "s3transfer",
    "requests",  # webhooks go out on sockets of our own; the tools and tests use it
    "charset_normalizer",
    "idna",
    "certifi",
    "pydantic/v1",
    # of Powertools, logging and metrics are used: one endpoint per function needs no router
    "aws_lambda_powertools/event_handler",
    *(
        f"aws_lambda_powertools/utilities/{name}"
        for name in (
            "auth_alpha",
            "batch",
            "circuit_breaker",
            "data_classes",
            "data_masking",
            "feature_flags",
            "idempotency",
            "kafka",
            "parameters",
            "parser",
            "streaming",
            "validation",
        )
    ),
)


def trim(layer: Path) -> None:
    """Remove unreached packages and service models from ``layer``/python."""
    packages = layer / "python"
    for name in _UNREACHED:
        target = packages / name
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)
    for model in (packages / "botocore" / "data").iterdir():
        if model.is_dir() and model.name not in SERVICES:
            shutil.rmtree(model)
    _trim_endpoints(packages / "botocore" / "data" / "endpoints.json")


def _trim_endpoints(path: Path) -> None:
    """botocore parses this file for every first client: keep the partitions, and our services in them."""
    known = json.loads(path.read_text())
    for partition in known["partitions"]:
        partition["services"] = {name: value for name, value in partition["services"].items() if name in ENDPOINTS}
    path.write_text(json.dumps(known, separators=(",", ":")))
