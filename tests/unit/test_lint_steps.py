"""Each rule for step files catches a bad step and leaves a good one alone."""

from __future__ import annotations

import textwrap

import pytest

from readiness.lint.step_files import step_file_findings

GOOD = '''
"""Sentences about images."""

from behave import then, when

from readiness.harness.world import context_world
from readiness.matchers.images import runs_release
from readiness.probes.images import Weight, weigh


@when("the image is weighed")
def weigh_image(context):
    """Weighs the release image."""
    world = context_world(context)
    world.note(weigh(world.target, thorough=True))


@then("the image is within the {budget:Budget}")
@then("the image stays within the {budget:Budget}")
def within(context, budget):
    """Requires the size of the image to meet the budget."""
    world = context_world(context)
    weight = world.seen(Weight)
    world.measure(weight, weight.size, budget)
'''


def rules_broken(body: str, *, docstring: str = '"""Does one thing."""', before: str = "") -> list[str]:
    text = f"{before}\n@when('it is done')\ndef do(context):\n" + textwrap.indent(
        f"{docstring}\n{body}\n", "    "
    )
    return [finding.rule for finding in step_file_findings("steps/s.py", text)]


def test_good_steps_have_no_finding() -> None:
    assert list(step_file_findings("steps/images.py", GOOD)) == []


@pytest.mark.parametrize(
    "docstring", ["", '"""No full stop"""', '"""Two. Sentences."""', '"""Two\nlines."""']
)
def test_a_step_says_in_one_sentence_what_it_does(docstring: str) -> None:
    assert rules_broken("context_world(context)", docstring=docstring) == ["step-docstring"]


def test_a_long_step_is_found() -> None:
    assert rules_broken("\n".join(["act()"] * 6)) == []
    assert rules_broken("\n".join(["act()"] * 7)) == ["step-body"]


def test_a_step_that_does_nothing_is_found() -> None:
    assert rules_broken("") == ["step-body"]
    assert rules_broken("pass") == ["step-body"]


@pytest.mark.parametrize(
    "body",
    [
        "if ready: act()",
        "for each in all: act(each)",
        "while True: act()",
        "try: act()\nfinally: undo()",
        "with lock: act()",
        "act(one if ready else other)",
        "act([each for each in all])",
        "act(one or other)",
        "assert done",
        "act(lambda: done)",
        "print(done)",
        "open(file)",
    ],
)
def test_logic_is_found(body: str) -> None:
    assert rules_broken(body) == ["step-logic"]


@pytest.mark.parametrize("body", ["act(5)", "act(limit=0.5)", "act(-1)"])
def test_numbers_are_found(body: str) -> None:
    assert rules_broken(body) == ["step-number"]


@pytest.mark.parametrize(
    "line", ["import os", "from time import sleep", "import docker", "from steps.images import weigh"]
)
def test_imports_of_other_things_than_the_library_are_found(line: str) -> None:
    assert rules_broken("act()", before=line) == ["step-import"]
    assert rules_broken(line) == ["step-import"]


@pytest.mark.parametrize(
    "body",
    ["context.image = image", "act(context)", "act(context.config)", "setattr(context, 'image', image)"],
)
def test_other_uses_of_the_context_are_found(body: str) -> None:
    assert rules_broken(body) == ["step-context"]


@pytest.mark.parametrize(
    "before", ["LIMIT = 'x'", "def helper(): act()", "class Helper: x = 'y'", "register('x')"]
)
def test_a_step_file_holds_only_steps(before: str) -> None:
    assert rules_broken("act()", before=before) == ["step-file"]


def test_a_then_that_judges_nothing_is_found() -> None:
    assert [
        finding.rule for finding in step_file_findings("steps/s.py", GOOD.replace(".measure(", ".note("))
    ] == ["step-judgement"]


def test_a_file_that_python_cannot_read_is_a_finding() -> None:
    assert [finding.rule for finding in step_file_findings("steps/s.py", "def (")] == ["step-file"]
