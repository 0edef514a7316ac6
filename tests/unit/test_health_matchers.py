"""What is required of the health check and of new copies, judged on plain facts."""

from __future__ import annotations

from dataclasses import replace

from hamcrest.core.string_description import StringDescription

from readiness.drills.freezing import Freezing
from readiness.drills.impostor import Impostor, listening_ports, paths_in
from readiness.drills.starting import Start, Starts
from readiness.matchers.health import calls_the_impostor_unhealthy, is_noticed_in_time
from readiness.matchers.startup import every_new_copy_serves
from readiness.targets.platform import HealthCheck
from tests.unit.deployment_facts import CHECK, a_copy

NONE = replace(CHECK, command=())
FREEZING = Freezing(
    examined=1,
    copy=a_copy("a"),
    health_check=CHECK,
    allowed=18.0,
    noticed_after=14.0,
    replaced_after=25.0,
    new_copy="c",
)
IMPOSTOR = Impostor(
    examined=1,
    health_check=CHECK,
    ports=(8000, 8001),
    healthy_after=2.0,
    health="unhealthy",
    noticed_after=8.0,
    watched=8.0,
)
KERNEL_TABLE = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000 10001        0 1 1 0 100 0 0 10 0
   1: 0B00007F:9C2D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 0100007F:1F41 0100007F:8E2A 01 00000000:00000000 00:00000000 00000000 10001        0 3 1 0 100 0 0 10 0
"""


def a_check(*command: str) -> HealthCheck:
    return replace(CHECK, command=command)


def test_a_health_check_may_take_its_interval_and_timeout_each_time_it_tries() -> None:
    assert CHECK.detection_seconds == (2 + 3) * 3


def test_a_frozen_copy_that_is_noticed_in_time_is_in_order() -> None:
    assert is_noticed_in_time().matches(FREEZING)


def test_a_frozen_copy_that_is_noticed_late_or_never_is_not() -> None:
    assert not is_noticed_in_time().matches(replace(FREEZING, noticed_after=22.0))
    assert not is_noticed_in_time().matches(replace(FREEZING, noticed_after=None))


def test_a_missing_health_check_is_said_to_be_missing() -> None:
    seen = replace(FREEZING, health_check=NONE, allowed=0.0, noticed_after=None)
    words = StringDescription()
    is_noticed_in_time().describe_mismatch(seen, words)
    assert "health check none: required a health check that notices it; observed not noticed" in str(words)


def test_an_impostor_that_is_called_unhealthy_is_in_order() -> None:
    assert calls_the_impostor_unhealthy().matches(IMPOSTOR)


def test_an_impostor_that_is_still_believed_is_not() -> None:
    believed = replace(IMPOSTOR, health="healthy", noticed_after=None, watched=35.0)
    words = StringDescription()
    calls_the_impostor_unhealthy().describe_mismatch(believed, words)
    assert "required unhealthy; observed healthy after 35.0 s" in str(words)


def test_new_copies_that_all_serve_are_in_order_and_the_slowest_counts() -> None:
    seen = Starts(examined=2, starts=(Start("a", 4.0, ()), Start("b", 6.5, ())))
    assert every_new_copy_serves().matches(seen)
    assert seen.slowest_seconds == 6.5


def test_a_new_copy_that_never_answers_one_kind_of_request_is_named() -> None:
    seen = Starts(examined=2, starts=(Start("a", 4.0, ()), Start("b", 180.0, ("place an order",))))
    words = StringDescription()
    every_new_copy_serves().describe_mismatch(seen, words)
    assert "new copy 2 (b)" in str(words)
    assert "after 180 s still not: place an order" in str(words)


def test_only_listening_ports_count_and_not_the_engines_own() -> None:
    assert list(listening_ports(KERNEL_TABLE)) == [8000]


def test_paths_are_found_in_a_health_check() -> None:
    curl = a_check("CMD-SHELL", "curl -f http://localhost:8001/livez || exit 1")
    assert "/livez" in paths_in(curl)
    script = a_check("CMD", "python3", "-c", "urlopen('http://127.0.0.1:8000/health?full=1')")
    assert "/health?full=1" in paths_in(script)
