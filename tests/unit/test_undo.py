"""Undo is safe on disk before the act, runs newest first, and survives the end of the process."""

import json

import pytest

from readiness.harness.undo import Journal, UndoStack


class Shelf:
    """Something that can be changed back; remembers the order."""

    def __init__(self):
        self.done = []

    def table(self):
        return {"put_back": self.put_back, "break": self.break_}

    def put_back(self, thing):
        self.done.append(thing)

    def break_(self):
        raise RuntimeError("stuck")


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def stack(tmp_path, shelf):
    return UndoStack(Journal(tmp_path / "deep" / "journal.jsonl"), shelf.table())


def test_runs_newest_first_and_leaves_no_file(stack, shelf, tmp_path):
    stack.owe("put_back", thing="cup")
    stack.owe("put_back", thing="plate")

    assert stack.settle() == []
    assert shelf.done == ["plate", "cup"]
    assert not (tmp_path / "deep" / "journal.jsonl").exists()


def test_is_on_disk_before_the_act(stack, tmp_path):
    stack.owe("put_back", thing="cup")

    written = json.loads((tmp_path / "deep" / "journal.jsonl").read_text())
    assert written == {"number": 1, "does": "put_back", "arguments": {"thing": "cup"}}


def test_another_process_settles_what_a_killed_one_owed(stack, shelf, tmp_path):
    stack.owe("put_back", thing="cup")

    UndoStack(Journal(tmp_path / "deep" / "journal.jsonl"), shelf.table()).settle()

    assert shelf.done == ["cup"]
    assert stack.owed == []


def test_one_failing_undo_does_not_keep_the_others_from_running_and_stays_owed(stack, shelf):
    stack.owe("put_back", thing="cup")
    stack.owe("break")

    (failure,) = stack.settle()

    assert failure.error == "RuntimeError: stuck"
    assert shelf.done == ["cup"]
    assert [step.does for step in stack.owed] == ["break"]


def test_one_step_can_be_settled_alone(stack, shelf):
    cup = stack.owe("put_back", thing="cup")
    stack.owe("put_back", thing="plate")

    stack.settle(cup)

    assert shelf.done == ["cup"]
    assert [step.arguments["thing"] for step in stack.owed] == ["plate"]


def test_a_line_cut_off_by_a_crash_was_never_acted_on(stack, tmp_path):
    stack.owe("put_back", thing="cup")
    with (tmp_path / "deep" / "journal.jsonl").open("a") as journal:
        journal.write('{"number": 2, "does": "pu')

    assert [step.number for step in stack.owed] == [1]


def test_an_undo_that_nobody_can_carry_out_is_refused_before_the_act(stack):
    with pytest.raises(KeyError, match="no undo called 'throw'; there are: break, put_back"):
        stack.owe("throw")


def test_what_several_scenarios_use_outlives_each_of_them(stack, shelf):
    stack.aside("table").owe("put_back", thing="cloth")
    stack.owe("put_back", thing="cup")

    assert stack.settle() == []
    assert shelf.done == ["cup"]
    assert [step.of for step in stack.owed] == ["table"]
    assert stack.aside("table").settle() == []
    assert shelf.done == ["cup", "cloth"]


def test_what_a_killed_run_left_is_undone_whoever_used_it(stack, shelf):
    stack.aside("table").owe("put_back", thing="cloth")
    stack.owe("put_back", thing="cup")

    assert stack.settle_all() == []
    assert shelf.done == ["cup", "cloth"]


def test_a_step_that_is_forgotten_is_not_undone(stack, shelf):
    stack.forget(stack.owe("put_back", thing="cup"))

    assert stack.settle_all() == []
    assert shelf.done == []
