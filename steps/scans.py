"""Vulnerability scans of the images that run, and the proof of the scanners."""

from behave import then, when

from readiness.config.policies import load_agreement
from readiness.harness.world import context_world
from readiness.matchers.scans import (
    every_program_is_scanned,
    no_finding_stops_the_release,
    reports_every_known_hole,
)
from readiness.scanners.running_images import (
    RunningImageScan,
    ScannerProof,
    prove_scanners,
    scan_running_images,
)


@when("the scanner examines specimens with and without known holes")
def examine_specimens(context):
    """Show the scanners a holed and a sound package of every kind that they claim to know."""
    world = context_world(context)
    world.note(prove_scanners(world.target))


@then("it reports the known holes of every kind of package, and no others")
def known_holes_reported(context):
    """Require a report on every holed specimen and on no sound one."""
    world = context_world(context)
    world.judge(world.seen(ScannerProof), reports_every_known_hole())


@then("its advisory data is within the {budget:Budget}")
def data_age(context, budget):
    """Measure the age of the oldest list of known holes in use."""
    world = context_world(context)
    proof = world.seen(ScannerProof)
    world.measure(proof, proof.oldest_data_seconds, budget)


@when("the images that the copies run are scanned")
def scan(context):
    """Scan what runs, by its id; what no scanner can see is a gap."""
    world = context_world(context)
    agreement = load_agreement(world.target.root, world.target.profile.scanner.ignore_file)
    result = scan_running_images(world.target, agreement)
    world.note(result)
    world.gaps.extend(result.gaps)


@then("every program in them belongs to a package that the scanner saw")
def programs_scanned(context):
    """Require that no program stands outside what the scanners saw."""
    world = context_world(context)
    world.judge(world.seen(RunningImageScan), every_program_is_scanned())


@then("no finding reaches the agreed severity without an acceptance in force")
def findings_accepted(context):
    """Require that somebody answers today for every serious finding."""
    world = context_world(context)
    agreement = load_agreement(world.target.root, world.target.profile.scanner.ignore_file)
    world.judge(world.seen(RunningImageScan), no_finding_stops_the_release(agreement))


@then("the scan is within the {budget:Budget}")
def scan_time(context, budget):
    """Measure all scans of all running images together."""
    world = context_world(context)
    result = world.seen(RunningImageScan)
    world.measure(result, result.seconds, budget)
