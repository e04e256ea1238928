"""Takes out of the dependencies layer what no handler can reach; a test imports each handler from what is left."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

# Service models that the clients in shared/ and functions/ are built from, and what botocore itself reads.
SERVICES: Final = frozenset({"dynamodb", "kms", "s3", "secretsmanager", "ses", "sns", "sqs", "stepfunctions"})
_UNREACHED: Final = (
    "boto3",  # handlers build their clients from botocore's session
    "s3transfer",
    "bin",
    "aws_lambda_powertools/event_handler",  # one endpoint per function needs no router
    "aws_lambda_powertools/utilities/kafka",
    "aws_lambda_powertools/utilities/parser",
    "botocore/cacert.pem.orig",
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
