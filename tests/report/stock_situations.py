"""The situations in which a stock report is greener than its run, and what ours has to say of each.

`shown` is the Allure status of every scenario that must be in the report; `line` the ledger's verdict of TC1.1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

RULE = "@TC1.1\nFeature: A\n\n  @TC1.1.1\n  Rule: R\n"
GOOD = "    Scenario: good\n      Then it holds\n"
HEAD = "@TC1.1 @TC1.1.1\nFeature: A\n"


def hook(name: str, arguments: str, body: str) -> str:
    """A hook function of environment.py."""
    return f"\ndef {name}(context{arguments}):\n    {body}\n"


def fails(name: str, what: str) -> str:
    """A hook that raises."""
    return hook(name, f", {what}", 'raise OSError("the network is down")')


def fails_after(name: str, first: str) -> str:
    """A `before_all` or `after_all` that does its work and then raises."""
    return f"\n@report_failure\ndef {name}(context):\n    {first}(context)\n    raise OSError('the network is down')\n"


@dataclass(frozen=True)
class Situation:
    """A small project and the truth about it."""

    name: str
    feature: str
    shown: Mapping[str, list[str]]
    line: str
    exit_status: int = 1
    hooks: str = ""
    arguments: tuple[str, ...] = ()
    says: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    decision: str = "NO-GO"


SITUATIONS = (
    Situation("a scenario inside a rule", RULE + GOOD, {"good": ["passed"]}, "proven", exit_status=0),
    Situation(
        "a failing scenario inside a rule",
        RULE + GOOD + "    Scenario: bad\n      Then it does not hold\n",
        {"good": ["passed"], "bad": ["failed"]},
        "failed",
        says="Required: seven",
    ),
    Situation(
        "an attachment, a table and a failure inside a rule",
        RULE
        + "    Scenario: bad\n      When it shows the secret hunter2\n        | a |\n        | hunter2 |\n",
        {"bad": ["failed"]},
        "failed",
        says="the answer held [redacted]",
    ),
    Situation(
        "before_scenario fails",
        RULE + GOOD,
        {"good": ["broken"]},
        "not verified",
        hooks=fails("before_scenario", "scenario"),
        says="the network is down",
    ),
    Situation(
        "before_tag fails",
        RULE + "    @needs.network\n" + GOOD,
        {"good": ["broken"]},
        "not verified",
        hooks=hook("before_tag", ", tag", 'assert tag != "needs.network", "the network is down"'),
        says="the network is down",
    ),
    Situation(
        "after_scenario fails",
        RULE + GOOD,
        {"good": ["broken"]},
        "not verified",
        hooks=fails("after_scenario", "scenario"),
        says="the network is down",
    ),
    Situation(
        "after_scenario fails after a failed step: the failure is not forgotten",
        RULE + "    Scenario: bad\n      Then it does not hold\n",
        {"bad": ["failed"]},
        "failed",
        hooks=fails("after_scenario", "scenario"),
        says="Required: seven",
    ),
    Situation(
        "before_step fails with an assertion",
        RULE + GOOD,
        {"good": ["broken"]},
        "not verified",
        hooks=hook("before_step", ", step", 'assert False, "the network is down"'),
        says="the network is down",
    ),
    Situation(
        "a clean-up fails",
        RULE + "    Scenario: good\n      When it leaves a clean-up that fails\n      Then it holds\n",
        {"good": ["broken"]},
        "not verified",
        says="restore_the_database: OSError: the disk is full",
    ),
    Situation(
        "before_feature fails",
        RULE + GOOD,
        {"good": ["broken"], "Nothing broke around “Feature: A”": ["broken"]},
        "not verified",
        hooks=fails("before_feature", "feature"),
        says="the network is down",
    ),
    Situation(
        "before_rule fails",
        RULE + GOOD,
        {"good": ["broken"], "Nothing broke around “Rule: R”": ["broken"]},
        "not verified",
        hooks=fails("before_rule", "rule"),
        says="the network is down",
    ),
    Situation(
        "after_feature fails",
        RULE + GOOD,
        {"good": ["passed"], "Nothing broke around “Feature: A”": ["broken"]},
        "proven",
        hooks=fails("after_feature", "feature"),
        says="the network is down",
    ),
    Situation(
        "a clean-up of the feature fails",
        HEAD + GOOD,
        {"good": ["passed"], "Nothing broke around “Feature: A”": ["broken"]},
        "proven",
        hooks=hook("before_feature", ", feature", "context.add_cleanup(lambda: 1 / 0)"),
        says="division by zero",
    ),
    Situation(
        "before_all fails",
        RULE + GOOD,
        {"good": ["skipped"], "Nothing broke around “before_all”": ["broken"]},
        "not verified",
        hooks=fails_after("before_all", "open_run"),
        says="the network is down",
        decision="NO DECISION",
    ),
    Situation(
        "after_all fails",
        RULE + GOOD,
        {"good": ["passed"], "Nothing broke around “after_all”": ["broken"]},
        "proven",
        hooks=fails_after("after_all", "close"),
        says="the network is down",
    ),
    Situation(
        "the run is aborted in the middle",
        RULE + "    Scenario: stops\n      When somebody stops the run\n" + GOOD,
        {"stops": ["passed"], "good": ["skipped"], "later": ["skipped"]},
        "not verified",
        more={"b.feature": "@TC1.1.2\nFeature: B\n  Scenario: later\n    Then it holds\n"},
        says="the run stopped before this scenario",
        decision="NO DECISION",
    ),
    Situation(
        "the run stops at the first failure",
        HEAD + "  Scenario: bad\n    Then it does not hold\n" + GOOD,
        {"bad": ["failed"], "good": ["skipped"], "later": ["skipped"]},
        "failed",
        more={"b.feature": "@TC1.1.2\nFeature: B\n  Scenario: later\n    Then it holds\n"},
        arguments=("--stop",),
        decision="NO DECISION",
    ),
    Situation(
        "a scenario that tags exclude leaves no trace in its neighbour",
        HEAD + "  @other\n  Scenario: excluded\n    Then it does not hold\n  @this\n" + GOOD,
        {"good": ["passed"]},
        "not verified",
        exit_status=0,
        arguments=("--tags=@this",),
        decision="NO DECISION",
    ),
    Situation(
        "nothing is selected",
        RULE + GOOD,
        {},
        "not verified",
        exit_status=0,
        arguments=("--tags=@nosuch",),
        decision="NO DECISION",
    ),
    Situation(
        "one scenario is selected by its place",
        HEAD + GOOD + "    Scenario: other\n      Then it holds\n",
        {"good": ["passed"]},
        "not verified",
        exit_status=0,
        arguments=("features/a.feature:3",),
        decision="NO DECISION",
    ),
    Situation(
        "one scenario is selected by its name",
        HEAD + GOOD + "    Scenario: other\n      Then it holds\n",
        {"good": ["passed"]},
        "not verified",
        exit_status=0,
        arguments=("--name=good",),
        decision="NO DECISION",
    ),
    Situation(
        "one feature file of two is selected",
        RULE + GOOD,
        {"good": ["passed"]},
        "not verified",
        exit_status=0,
        more={"b.feature": "@TC1.1.1\nFeature: B\n  Scenario: later\n    Then it holds\n"},
        arguments=("features/a.feature",),
        decision="NO DECISION",
    ),
    Situation(
        "a scenario skips itself, and skipped ones are hidden",
        RULE + "    Scenario: blind\n      When somebody skips the rest\n      Then it holds\n",
        {"blind": ["skipped"]},
        "not verified",
        exit_status=0,
        arguments=("--no-skipped",),
        says="the target has no metrics",
    ),
    Situation(
        "a scenario skips itself in its last step",
        RULE + "    Scenario: blind\n      Then it holds\n      When somebody skips the rest\n",
        {"blind": ["skipped"]},
        "not verified",
        exit_status=0,
        says="the target has no metrics",
    ),
    Situation(
        "a hook skips a scenario with a reason",
        RULE + GOOD,
        {"good": ["skipped"]},
        "not verified",
        exit_status=0,
        hooks=hook("before_scenario", ", scenario", 'scenario.skip("the target is read-only")'),
        says="the target is read-only",
    ),
    Situation(
        "a hook skips a scenario without a reason",
        RULE + GOOD,
        {"good": ["skipped"]},
        "not verified",
        exit_status=0,
        hooks=hook("before_scenario", ", scenario", "scenario.skip()"),
        says="skipped without a reason",
    ),
    Situation(
        "a hook skips a scenario after it has passed",
        RULE + GOOD,
        {"good": ["skipped"]},
        "not verified",
        exit_status=0,
        hooks=hook("after_scenario", ", scenario", 'scenario.skip("too late")'),
        says="too late",
    ),
    Situation(
        "a hook skips a whole feature with a reason",
        RULE + GOOD,
        {"good": ["skipped"]},
        "not verified",
        exit_status=0,
        hooks=hook("before_feature", ", feature", 'feature.skip("the target is read-only")'),
        says="the target is read-only",
    ),
    Situation(
        "an undefined step",
        RULE + "    Scenario: vague\n      Then nobody wrote this\n",
        {"vague": ["broken"]},
        "not verified",
        says="no step is defined for: Then nobody wrote this",
    ),
    Situation(
        "a pending step",
        RULE + "    Scenario: pending\n      Then it is still to be written\n",
        {"pending": ["broken"]},
        "not verified",
        says="StepNotImplementedError: later",
    ),
    Situation(
        "a pending step that behave lets pass",
        RULE + "    @wip\n    Scenario: pending\n      Then it is still to be written\n",
        {"pending": ["broken"]},
        "not verified",
        exit_status=0,
        says="still to be written",
    ),
    Situation(
        "a scenario without steps",
        RULE + "    Scenario: empty\n",
        {"empty": ["broken"]},
        "not verified",
        exit_status=0,
        says="no steps of its own",
    ),
    Situation(
        "a scenario with nothing but its background",
        HEAD + "  Background:\n    Given it is so\n  Scenario: empty\n",
        {"empty": ["broken"]},
        "not verified",
        exit_status=0,
        says="no steps of its own",
    ),
    Situation(
        "a step ends the process",
        RULE + "    Scenario: last\n      When the process is told to end\n",
        {"last": ["broken"]},
        "no ledger",
        exit_status=3,
        says="the run was broken off: SystemExit",
    ),
    Situation(
        "could not look is neither a pass nor a failure",
        RULE + "    Scenario: blind\n      Then nobody can look\n",
        {"blind": ["broken"]},
        "not verified",
        says="the metrics do not answer",
    ),
    Situation(
        "a probe breaks",
        RULE + "    Scenario: blind\n      Then the probe breaks\n",
        {"blind": ["broken"]},
        "not verified",
        says="ValueError: unreadable",
    ),
    Situation(
        "all steps run although one fails",
        RULE + "    Scenario: bad\n      Then it does not hold\n      Then it does not hold either\n",
        {"bad": ["failed"]},
        "failed",
        hooks=hook("before_scenario", ", scenario", "scenario.continue_after_failed_step = True"),
        says="one is not two",
    ),
    Situation(
        "the same name in two files, one of them failing",
        HEAD + "  Scenario: same\n    Then it does not hold\n",
        {"same": ["failed", "passed"]},
        "failed",
        more={"b.feature": "@TC1.1.2\nFeature: A\n  Scenario: same\n    Then it holds\n"},
    ),
    Situation(
        "the same name twice in one feature, one of them failing",
        HEAD + "  Scenario: same\n    Then it does not hold\n  Scenario: same\n    Then it holds\n",
        {"same": ["failed", "passed"]},
        "failed",
    ),
    Situation(
        "rows of a table that a hook adds",
        HEAD
        + "  Scenario Outline: row <n>\n    Then it holds in <n> seconds\n    Examples:\n      | n |\n      | 1 |\n",
        {"row 1 -- @1.1 ": ["passed"], "row 2 -- @1.2 ": ["passed"]},
        "proven",
        exit_status=0,
        hooks=hook(
            "before_feature",
            ", feature",
            'feature.scenarios[0].examples[0].table.add_row(["2"]); feature.scenarios[0]._scenarios = []',
        ),
    ),
)
