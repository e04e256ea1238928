"""The template as SAM hands it to CloudFormation: what is made, and under which names."""

from __future__ import annotations

import copy
import logging
import os
from functools import cache
from typing import Any, Final

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from tools.local.cloud import REGION
from tools.local.deploy import packaged_template

# Policies that SAM attaches by name; CloudFormation is told their addresses.
_POLICIES: Final = {
    "AWSCodeDeployRoleForLambda": "arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda",
}


@cache
def deployed() -> dict[str, Any]:
    """The transformed template, with every parameter at its default."""
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    template = packaged_template()
    defaults = {name: each["Default"] for name, each in template["Parameters"].items() if "Default" in each}
    made: dict[str, Any] = Translator(_POLICIES, Parser()).translate(copy.deepcopy(template), defaults)
    return made


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Those of one type, by logical id."""
    return {name: each for name, each in deployed()["Resources"].items() if each["Type"] == kind}
