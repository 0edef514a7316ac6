"""When a changed service counts as settled: all copies run as wanted, and nobody else is left."""

import pytest

from defects.services import unsettled

SPEC = {
    "TaskTemplate": {"ContainerSpec": {"Image": "new"}, "Runtime": "container"},
    "Mode": {"Replicated": {"Replicas": 2}},
}


def task(image="new", *, meant="running", state="running", **status):
    return {
        "Spec": {"ContainerSpec": {"Image": image}},
        "DesiredState": meant,
        "Status": {"State": state, **status},
    }


def test_two_copies_that_run_as_wanted_are_settled():
    assert unsettled(SPEC, [task(), task(), task("old", meant="shutdown", state="shutdown")]) == ""


@pytest.mark.parametrize(
    "tasks",
    [
        [],
        [task()],
        [task(), task("old")],
        [task(), task(state="starting")],
        [task(), task(), task("old", meant="shutdown")],
        [task(), task(), task()],
    ],
)
def test_fewer_more_other_or_former_copies_are_not(tasks):
    assert unsettled(SPEC, tasks)


def test_what_keeps_a_copy_from_running_is_told():
    trouble = unsettled(SPEC, [task(), task(state="rejected", Err="no such image")])
    assert trouble == "1 of 2 copies run as wanted, 0 former ones are still there; no such image"


def test_a_service_with_one_copy_on_each_node_settles_with_as_many_as_are_meant_to_run():
    everywhere = {**SPEC, "Mode": {"Global": {}}}
    assert unsettled(everywhere, [task()]) == ""
    assert (
        unsettled(everywhere, [task(state="preparing")])
        == "0 of 1 copies run as wanted, 0 former ones are still there; preparing"
    )
