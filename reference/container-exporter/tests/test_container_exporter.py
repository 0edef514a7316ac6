"""The exporter reads the kernel's numbers in both versions of control groups and names them as cAdvisor does."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from container_exporter.cgroups import NoControlGroup, Usage, read_usage
from container_exporter.collector import ContainerCollector
from container_exporter.engine import (
    Container,
    EngineError,
    ServiceTasks,
    parse_containers,
    parse_services,
    running_containers,
    service_tasks,
)

ID = "ab" * 32
MIB = 1024 * 1024
EXPECTED = Usage(
    cpu_seconds=2.5,
    cpu_periods=100,
    cpu_throttled_periods=7,
    cpu_throttled_seconds=0.5,
    cpu_quota_us=50000,
    cpu_period_us=100000,
    memory_bytes=60 * MIB,
    memory_inactive_file_bytes=10 * MIB,
    memory_rss_bytes=40 * MIB,
    memory_cache_bytes=20 * MIB,
    memory_limit_bytes=512 * MIB,
    oom_kills=3,
    threads=5,
)
CONTAINER = Container(ID, "whoop_redis.1.x", "whoop-redis:1", "whoop_redis", "x", 1700000000.0, True)
ENTRY = {
    "Id": ID,
    "Names": ["/whoop_redis.1.x"],
    "Image": "whoop-redis:1",
    "Created": 1700000000,
    "Labels": {"com.docker.swarm.service.name": "whoop_redis", "com.docker.swarm.task.id": "x"},
    "Status": "Up 3 minutes (healthy)",
}


def write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


def version_1(root: Path, group: str) -> None:
    write(
        root / "cpu" / group,
        cpu__stat="nr_periods 100\nnr_throttled 7\nthrottled_time 500000000\n",
        cpu__cfs_quota_us="50000\n",
        cpu__cfs_period_us="100000\n",
    )
    write(root / "cpuacct" / group, cpuacct__usage="2500000000\n")
    write(
        root / "memory" / group,
        memory__stat=f"cache 1\ntotal_cache {20 * MIB}\ntotal_rss {40 * MIB}\ntotal_inactive_file {10 * MIB}\n",
        memory__usage_in_bytes=str(60 * MIB),
        memory__limit_in_bytes=str(512 * MIB),
        memory__oom_control="oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
    )
    write(root / "pids" / group, pids__current="5\n")


def version_2(root: Path, group: str) -> None:
    write(root, cgroup__controllers="cpu memory pids\n")
    write(
        root / group,
        cpu__stat="usage_usec 2500000\nnr_periods 100\nnr_throttled 7\nthrottled_usec 500000\n",
        cpu__max="50000 100000\n",
        memory__stat=f"anon {40 * MIB}\nfile {20 * MIB}\ninactive_file {10 * MIB}\n",
        memory__current=str(60 * MIB),
        memory__max=str(512 * MIB),
        memory__events="oom 4\noom_kill 3\n",
        pids__current="5\n",
    )


@pytest.mark.parametrize("layout", [version_1, version_2])
@pytest.mark.parametrize("group", [f"docker/{ID}", f"system.slice/docker-{ID}.scope", f"my-parent/{ID}"])
def test_usage_is_read_from_either_version_wherever_the_driver_puts_it(
    layout, group: str, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]  # pytest fills these in
    layout(tmp_path, group)
    assert read_usage(tmp_path, ID) == EXPECTED


def test_no_limit_is_shown_as_zero_in_version_1(tmp_path: Path) -> None:
    version_1(tmp_path, f"docker/{ID}")
    write(tmp_path / "memory/docker" / ID, memory__limit_in_bytes="9223372036854771712")
    write(tmp_path / "cpu/docker" / ID, cpu__cfs_quota_us="-1")
    usage = read_usage(tmp_path, ID)
    assert (usage.memory_limit_bytes, usage.cpu_quota_us) == (0, 0)


def test_no_limit_is_shown_as_zero_in_version_2(tmp_path: Path) -> None:
    version_2(tmp_path, f"docker/{ID}")
    write(tmp_path / "docker" / ID, memory__max="max\n", cpu__max="max 100000\n")
    usage = read_usage(tmp_path, ID)
    assert (usage.memory_limit_bytes, usage.cpu_quota_us) == (0, 0)


def test_a_container_without_control_group_is_said_to_have_none(tmp_path: Path) -> None:
    version_2(tmp_path, f"docker/{ID}")
    with pytest.raises(NoControlGroup):
        read_usage(tmp_path, "cd" * 32)


def test_the_working_set_leaves_out_inactive_page_cache() -> None:
    assert EXPECTED.memory_working_set_bytes == 50 * MIB
    assert replace(EXPECTED, memory_inactive_file_bytes=99 * MIB).memory_working_set_bytes == 0


@pytest.mark.parametrize(
    ("status", "healthy"),
    [
        ("Up (healthy)", True),
        ("Up (unhealthy)", False),
        ("Up 3 hours", None),
        ("Up (health: starting)", None),
    ],
)
def test_health_is_read_from_the_status(status: str, healthy: bool | None) -> None:
    (container,) = parse_containers(json.dumps([{**ENTRY, "Status": status}]).encode())
    assert container == replace(CONTAINER, healthy=healthy)


@pytest.mark.parametrize("body", [b"no json", b'{"message": "x"}', b"[{}]", b'[{"Id": "x", "Names": []}]'])
def test_an_answer_that_is_no_list_of_containers_is_an_error(body: bytes) -> None:
    with pytest.raises(EngineError):
        parse_containers(body)


@contextmanager
def engine_that_says(path: str, *answers: tuple[int, object]) -> Iterator[list[bytes]]:
    """An engine that gives these answers on one connection; yields what it was asked."""
    asked: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                for status, told in answers:
                    body = json.dumps(told).encode()
                    asked.append(connection.recv(4096))
                    connection.sendall(
                        b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)
                    )

        thread = threading.Thread(target=answer)
        thread.start()
        yield asked
        thread.join(timeout=5)


@pytest.mark.parametrize(
    ("status", "inspected", "failing"),
    [
        (200, {"State": {"Health": {"FailingStreak": 3}}}, 3),
        (200, {"State": {}}, None),
        (404, {"message": "no such container"}, None),
    ],
)
def test_the_engine_is_asked_for_containers_and_their_health(
    tmp_path: Path, status: int, inspected: object, failing: int | None
) -> None:
    path = str(tmp_path / "engine.sock")
    with engine_that_says(path, (200, [ENTRY]), (status, inspected)) as asked:
        assert running_containers(path) == [replace(CONTAINER, failing_checks=failing)]
    assert asked[0].startswith(b"GET /containers/json ")
    assert asked[1].startswith(b"GET /containers/%s/json " % ID.encode())


@pytest.mark.parametrize(
    ("status", "told", "counted"),
    [
        (
            200,
            [{"Spec": {"Name": "whoop_redis"}, "ServiceStatus": {"RunningTasks": 0, "DesiredTasks": 1}}],
            [ServiceTasks("whoop_redis", 0, 1)],
        ),
        (503, {"message": "this node is not a swarm manager"}, []),
    ],
)
def test_the_tasks_of_each_service_are_counted_where_the_engine_knows_them(
    tmp_path: Path, status: int, told: object, counted: list[ServiceTasks]
) -> None:
    path = str(tmp_path / "engine.sock")
    with engine_that_says(path, (status, told)) as asked:
        assert service_tasks(path) == counted
    assert asked[0].startswith(b"GET /services?status=true ")


@pytest.mark.parametrize("body", [b"no json", b'[{"Spec": {"Name": "x"}}]'])
def test_an_answer_that_is_no_list_of_services_is_an_error(body: bytes) -> None:
    with pytest.raises(EngineError):
        parse_services(body)


def test_an_engine_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        running_containers(str(tmp_path / "nothing.sock"))


def exported(collector: ContainerCollector) -> str:
    registry = CollectorRegistry()
    registry.register(collector)
    return generate_latest(registry).decode()


def test_metrics_have_cadvisors_names_and_name_the_service() -> None:
    text = exported(ContainerCollector(lambda: [CONTAINER], lambda _: EXPECTED, lambda: []))
    labels = (
        f'container_label_com_docker_swarm_service_name="whoop_redis",'
        f'container_label_com_docker_swarm_task_id="x",id="{ID}",image="whoop-redis:1",name="whoop_redis.1.x"'
    )
    samples = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    by_name = {name.split("{")[0]: float(value) for name, value in samples.items()}
    assert all("whoop_redis.1.x" in name for name in samples if not name.startswith("container_exporter"))
    assert any(
        sorted(labels.split(",")) == sorted(name[:-1].split("{")[1].split(","))
        for name in samples
        if "{" in name
    )
    assert by_name["container_cpu_usage_seconds_total"] == 2.5
    assert by_name["container_spec_cpu_quota"] / by_name["container_spec_cpu_period"] == 0.5
    assert by_name["container_memory_working_set_bytes"] == 50 * MIB
    assert by_name["container_health_state"] == 1


def test_a_container_that_ended_in_between_is_left_out() -> None:
    def gone(_: str) -> Usage:
        raise NoControlGroup("ended")

    text = exported(ContainerCollector(lambda: [CONTAINER], gone, lambda: []))
    assert "container_memory_usage_bytes{" not in text
    assert "container_exporter_engine_up 1.0" in text


def test_an_engine_that_is_away_is_shown() -> None:
    def away() -> list[Container]:
        raise EngineError("away")

    assert "container_exporter_engine_up 0.0" in exported(
        ContainerCollector(away, lambda _: EXPECTED, lambda: [])
    )


def test_failing_health_checks_and_the_tasks_of_services_are_shown() -> None:
    sick = replace(CONTAINER, failing_checks=2)
    text = exported(
        ContainerCollector(lambda: [sick], lambda _: EXPECTED, lambda: [ServiceTasks("whoop_edge", 0, 1)])
    )
    (streak,) = [each for each in text.splitlines() if each.startswith("container_health_failing_streak{")]
    assert 'container_label_com_docker_swarm_service_name="whoop_redis"' in streak
    assert streak.endswith(" 2.0")
    label = '{container_label_com_docker_swarm_service_name="whoop_edge"}'
    assert f"swarm_service_running_tasks{label} 0.0" in text
    assert f"swarm_service_desired_tasks{label} 1.0" in text
