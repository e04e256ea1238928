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

# Where SAM makes more by a parameter, the most of it: what is looked at holds for the lesser stack too.
_MOST: Final = {"GradualRollout": "true"}


@cache
def deployed() -> dict[str, Any]:
    """The transformed template, as staging and production have it."""
    return transformed(packaged_template())


def transformed(template: dict[str, Any]) -> dict[str, Any]:
    """What SAM makes of a packaged template, with every other parameter at its default."""
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    defaults = {name: each["Default"] for name, each in template["Parameters"].items() if "Default" in each}
    made: dict[str, Any] = Translator({}, Parser()).translate(copy.deepcopy(template), defaults | _MOST)
    return made


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Those of one type, by logical id."""
    return {name: each for name, each in deployed()["Resources"].items() if each["Type"] == kind}
