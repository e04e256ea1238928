"""The state machine's names are Python's names, and what it carries are ids."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from shared.usecases.housekeeping.carry_on import STEPS
from tools.contract.routes import functions, template
from tools.local.deploy import ROOT

SOURCE = (ROOT / "statemachines" / "payment_flow.asl.json").read_text()
STATES: dict[str, dict[str, Any]] = json.loads(SOURCE.replace("${CheckoutBackstopSeconds}", "1"))["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def test_states_functions_and_modules_have_the_same_names() -> None:
    modules = {path.stem for path in (ROOT / "functions" / "payment_flow").glob("*.py")}
    deployed = {name for name, properties in functions() if properties["Handler"].startswith("payment_flow.")}

    assert {snake(name) for name in TASKS} == modules
    assert set(TASKS) == deployed


def test_every_substitution_is_used_and_none_is_missing() -> None:
    given = set(template()["Resources"]["PaymentFlow"]["Properties"]["DefinitionSubstitutions"])

    assert set(re.findall(r"\$\{(\w+)\}", SOURCE)) == given


@pytest.mark.parametrize("name", sorted(name for name, state in STATES.items() if state["Type"] == "Choice"))
def test_every_choice_has_a_default_and_leads_somewhere(name: str) -> None:
    state = STATES[name]

    assert state["Default"] in STATES
    assert all(rule["Next"] in STATES for rule in state["Choices"])


def test_housekeeping_makes_the_same_step_for_every_word_that_a_resumed_machine_goes_on_with() -> None:
    leads = {rule["StringEquals"]: rule["Next"] for rule in STATES["Where"]["Choices"]}
    steps = {word: state for word, state in leads.items() if state in TASKS and not state.startswith("Await")}

    assert {word: step.__name__ for word, step in STEPS.items()} == {w: snake(state) for w, state in steps.items()}


@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_step_carries_ids_only(name: str) -> None:
    parameters = TASKS[name]["Parameters"]

    assert set(parameters.get("Payload", parameters)) <= {"paymentId.$", "taskToken.$"}


@pytest.mark.parametrize("name", sorted(name for name in TASKS if not name.startswith("Await")))
def test_a_step_is_tried_again_by_the_machine_alone(name: str) -> None:
    (retry,) = TASKS[name]["Retry"]

    assert set(retry["ErrorEquals"]) <= {"States.TaskFailed", "States.Timeout", "States.ALL"}
    assert retry["MaxAttempts"] >= 3
