"""What the engine's API says, in the words of the specification."""

from __future__ import annotations

from typing import Any

import pytest

from readiness.targets import engine_facts

SECOND = 1_000_000_000
NO_LIMIT = "9223372036854771712"


def a_declaration(**template: Any) -> dict[str, Any]:
    container = {"Image": "shop:1"}
    return {
        "Spec": {
            "Mode": {"Replicated": {"Replicas": 3}},
            "TaskTemplate": {"ContainerSpec": container, **template},
        }
    }


def test_a_reservation_is_no_limit() -> None:
    declared = a_declaration(Resources={"Reservations": {"MemoryBytes": 64}})
    assert engine_facts.service_of("shop", declared, nodes=1).memory_limit == 0


def test_limits_and_copies_are_those_declared() -> None:
    declared = a_declaration(Resources={"Limits": {"MemoryBytes": 64, "NanoCPUs": SECOND // 2}})
    service = engine_facts.service_of("shop", declared, nodes=1)
    assert (service.memory_limit, service.cpu_limit, service.desired) == (64, 0.5, 3)


def test_a_global_service_is_meant_to_run_once_on_each_node() -> None:
    declared = a_declaration()
    declared["Spec"]["Mode"] = {"Global": {}}
    assert engine_facts.service_of("shop", declared, nodes=2).desired == 2


def test_a_job_is_not_meant_to_run_for_ever() -> None:
    declared = a_declaration()
    assert engine_facts.is_everlasting(declared)
    declared["Spec"]["Mode"] = {"ReplicatedJob": {}}
    assert not engine_facts.is_everlasting(declared)


@pytest.mark.parametrize("state", ["completed", "rollback_completed"])
def test_an_update_that_ended_is_no_change_under_way(state: str) -> None:
    declared = a_declaration() | {"UpdateStatus": {"State": state}}
    assert engine_facts.service_of("shop", declared, nodes=1).update_state == ""


@pytest.mark.parametrize("state", ["updating", "paused", "rollback_started", "rollback_paused"])
def test_an_update_under_way_or_stuck_is_told(state: str) -> None:
    declared = a_declaration() | {"UpdateStatus": {"State": state}}
    assert engine_facts.service_of("shop", declared, nodes=1).update_state == state


def test_a_health_check_has_the_engines_defaults_for_what_it_leaves_out() -> None:
    check = engine_facts.health_check_of({"Test": ["CMD", "check"], "Interval": 2 * SECOND})
    assert (check.interval, check.timeout, check.retries, check.start_period) == (2.0, 30.0, 3, 0.0)


@pytest.mark.parametrize("block", [None, {}, {"Test": ["NONE"]}, {"Test": []}])
def test_no_health_check_is_an_empty_command(block: dict[str, Any] | None) -> None:
    assert engine_facts.health_check_of(block).command == ()


def test_a_health_check_goes_to_the_engine_as_it_came() -> None:
    block = {
        "Test": ["CMD", "check"],
        "Interval": 2 * SECOND,
        "Timeout": SECOND,
        "Retries": 4,
        "StartPeriod": SECOND,
    }
    check = engine_facts.health_check_of(block)
    expected = {
        "test": ["CMD", "check"],
        "interval": 2 * SECOND,
        "timeout": SECOND,
        "retries": 4,
        "start_period": SECOND,
    }
    assert engine_facts.health_block(check) == expected


@pytest.mark.parametrize(
    ("text", "limit"), [("536870912\n", 536870912), ("max\n", None), (f"{NO_LIMIT}\n", None), (None, None)]
)
def test_memory_limits_of_both_cgroup_versions(text: str | None, limit: int | None) -> None:
    assert engine_facts.memory_limit_of(text) == limit


@pytest.mark.parametrize(
    ("quota", "period", "cores"),
    [
        ("50000\n", "100000\n", 0.5),
        ("50000", "100000\n", 0.5),
        ("-1\n", "100000\n", None),
        ("max", "100000\n", None),
    ],
)
def test_processor_limits_of_both_cgroup_versions(quota: str, period: str, cores: float | None) -> None:
    assert engine_facts.cpu_limit_of(quota, period) == cores


def test_swap_of_the_machine_is_read_in_bytes() -> None:
    assert engine_facts.total_swap_of("MemTotal: 100 kB\nSwapTotal:  2 kB\n") == 2048
    assert engine_facts.total_swap_of(None) == 0


@pytest.mark.parametrize("cache", [{"total_inactive_file": 30}, {"inactive_file": 30}])
def test_file_cache_that_nobody_uses_is_no_memory_in_use(cache: dict[str, int]) -> None:
    sample = {
        "read": "2024-11-22T13:30:00.123456789Z",
        "cpu_stats": {"cpu_usage": {"total_usage": 3 * SECOND}},
        "memory_stats": {"usage": 100, "stats": cache},
    }
    usage = engine_facts.usage_of(sample)
    assert (usage.memory, usage.processor_seconds) == (70, 3.0)


def test_an_end_for_want_of_memory_is_what_the_container_says_and_not_its_exit_status() -> None:
    task = {
        "ID": "t",
        "Status": {
            "State": "failed",
            "Err": "task: non-zero exit (137)",
            "ContainerStatus": {"ExitCode": 137},
        },
    }
    killed = {"State": {"ExitCode": 137, "OOMKilled": True}}
    assert engine_facts.ended_of(task, killed).out_of_memory
    assert not engine_facts.ended_of(task, None).out_of_memory
    assert engine_facts.ended_of(task, None).exit_code == 137
