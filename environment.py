"""Hooks of behave, and nothing else: open the run, gate and open each scenario, undo, close."""

import sys
from functools import cache
from pathlib import Path

from readiness.config.budgets import load_budgets
from readiness.core.errors import CannotLook, ConfigurationError
from readiness.harness.run import open_run
from readiness.harness.safety import DISRUPTIVE, why_not
from readiness.harness.steps import register_types
from readiness.report import formatter
from readiness.report.reporter import Reporter, nothing_selected
from readiness.report.scenarios import location_of
from readiness.report.truth import keep_cleanup_errors

ROOT = Path(__file__).parent
register_types(cache(lambda: load_budgets(ROOT)))
formatter.register()


@formatter.report_failure
def before_all(context):
    keep_cleanup_errors(context)
    settings = context.config.userdata
    results = ROOT / settings.get("results", "results")
    reporter = Reporter(context, ROOT, results)
    try:
        if nothing_selected(context):
            raise CannotLook(
                "No scenario matches what was asked for (tags, names, paths): nothing was looked at."
            )
        context.run = open_run(
            ROOT,
            settings["target"],
            results=results,
            bring_up=settings.getbool("bring_up", True),
            say=lambda words: print(words, file=sys.__stdout__, flush=True),
        )
    except ConfigurationError as error:
        reporter.refuse(f"The configuration is wrong; nothing was run.\n{error}", status=2)
    except CannotLook as error:
        reporter.refuse(str(error), status=3)
    reporter.follow(context.run)


def before_rule(context, rule):
    chosen = [each for each in rule.walk_scenarios() if each.should_run(context.config)]
    context.run.set_out(each.effective_tags for each in chosen)


def after_rule(context, rule):
    context.run.clear_away()


def before_scenario(context, scenario):
    reason = why_not(scenario.effective_tags, context.run.target.profile.allows, context.run.capabilities)
    if reason:
        scenario.skip(reason)
        return
    context.world = context.run.world(scenario.name, location_of(scenario), formatter.attach)
    if DISRUPTIVE in scenario.effective_tags:
        context.run.require_steady()


def after_step(context, step):
    step.report_note = context.world.take_note()


def after_scenario(context, scenario):
    if scenario.should_skip:
        return
    failures = context.run.settle()
    if DISRUPTIVE in scenario.effective_tags:
        context.run.require_steady()
    context.world.require_judged(failures)
