"""Container images: which one runs, what is in it, how it is built."""

from behave import then, when

from readiness.config.policies import load_image_contents
from readiness.drills.builds import (
    BaseImageBuilds,
    CodeChangeRebuild,
    build_on_every_base,
    rebuild_after_a_change,
)
from readiness.harness.world import context_world
from readiness.matchers.images import (
    holds_nothing_forbidden,
    installs_nothing_again,
    runs_only_the_release_image,
    works_on_every_base,
)
from readiness.probes.image_contents import (
    ImageWeight,
    LayerContents,
    RunningImages,
    look_at_running_images,
    open_layers_of_release_image,
    weigh_release_image,
)


@when("the running copies are compared with the release image")
def compare_running_copies(context):
    """Look up by id which image each copy runs."""
    world = context_world(context)
    world.note(look_at_running_images(world.target))


@then("every copy runs exactly the release image")
def copies_run_release(context):
    """Require the release image's id of every copy."""
    world = context_world(context)
    world.judge(world.seen(RunningImages), runs_only_the_release_image())


@when("the release image is weighed")
def weigh(context):
    """Sum up the files in every layer of the release image."""
    world = context_world(context)
    world.note(weigh_release_image(world.target))


@then("the bytes of all layers are within the {budget:Budget}")
def image_size(context, budget):
    """Measure what a machine downloads to run the image."""
    world = context_world(context)
    weight = world.seen(ImageWeight)
    world.measure(weight, weight.bytes, budget)


@then("the number of layers is within the {budget:Budget}")
def image_layers(context, budget):
    """Measure the number of layers."""
    world = context_world(context)
    weight = world.seen(ImageWeight)
    world.measure(weight, len(weight.layer_bytes), budget)


@when("every layer of the release image is opened")
def open_layers(context):
    """Walk through every file of every layer."""
    world = context_world(context)
    policy = load_image_contents(world.target.root)
    world.note(open_layers_of_release_image(world.target, policy))


@then("no layer holds build tools, package caches, tests, repository data, keys or credentials")
def nothing_forbidden(context):
    """Require that no layer holds what the policy of image contents forbids."""
    world = context_world(context)
    world.judge(world.seen(LayerContents), holds_nothing_forbidden())


@then("what later layers delete or replace is within the {budget:Budget}")
def hidden_weight(context, budget):
    """Measure the part of the image that is shipped and cannot be seen."""
    world = context_world(context)
    contents = world.seen(LayerContents)
    world.measure(contents, contents.hidden_share, budget)


@when("the image is built, one line of its source changes, and it is built again")
def rebuild(context):
    """Build twice from a copy of the sources with the operator's procedure."""
    world = context_world(context)
    world.note(rebuild_after_a_change(world.target, world.undo))


@then("no dependency is installed again")
def nothing_installed_again(context):
    """Require the steps that install packages to come from the cache."""
    world = context_world(context)
    world.judge(world.seen(CodeChangeRebuild), installs_nothing_again())


@then("the second build is within the {budget:Budget}")
def rebuild_time(context, budget):
    """Measure the second build from command to image."""
    world = context_world(context)
    build = world.seen(CodeChangeRebuild)
    world.measure(build, build.seconds, budget)


@then("what is new in the image is within the {budget:Budget}")
def renewed_share(context, budget):
    """Measure the part of the image that every machine has to download again."""
    world = context_world(context)
    build = world.seen(CodeChangeRebuild)
    world.measure(build, build.renewed_share, budget)


@when("the image is built on each base image that the plan names")
def build_on_bases(context):
    """Build on the target's own base and on each other; what cannot be had is a gap."""
    world = context_world(context)
    builds = build_on_every_base(world.target, world.undo)
    world.note(builds)
    world.gaps.extend(builds.gaps)


@then("every base image that can be had gives a working image")
def works_everywhere(context):
    """Require a healthy copy from every base image that could be had."""
    world = context_world(context)
    world.judge(world.seen(BaseImageBuilds), works_on_every_base())
