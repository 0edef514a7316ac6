"""The Swarm adapter over a small stack of its own, made here and removed afterwards. The deployment itself is not touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from readiness.actions.scaling import ballast
from readiness.actions.undoing import BALLAST, undo_table
from readiness.config.target import load_target
from readiness.core.errors import CannotLook
from readiness.core.waiting import Waited, wait_until
from readiness.probes.inside import ask_inside, status_inside
from readiness.targets.engine import OURS
from readiness.targets.platform import HealthCheck, Replica
from readiness.targets.swarm import STACK_LABEL, SwarmPlatform

pytestmark = pytest.mark.docker

ROOT = Path(__file__).parents[2]
STACK = "readiness-contract"
MEBIBYTE = 1 << 20
SECOND = 1_000_000_000
PORT = 8099
SERVER = f"""
from http.server import BaseHTTPRequestHandler, HTTPServer
class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/open" else 503)
        self.end_headers()
        self.wfile.write(b"shop")
HTTPServer(("0.0.0.0", {PORT}), Shop).serve_forever()
"""
HEALTH = [
    "CMD",
    "python3",
    "-c",
    f"import urllib.request as u; u.urlopen('http://127.0.0.1:{PORT}/open', timeout=2)",
]
HEALTH_CHECK = {
    "Test": HEALTH,
    "Interval": SECOND,
    "Timeout": 3 * SECOND,
    "Retries": 3,
    "StartPeriod": SECOND,
}
EAT = "kept = [b'x' * 2**20 for _ in range(120)]"


def soon(platform: SwarmPlatform, service: str, copies: int) -> Waited[tuple[Replica, ...]]:
    return wait_until(lambda: platform.replicas(service), lambda seen: len(seen) == copies, patience=60)


@pytest.fixture(scope="module")
def platform() -> Iterator[SwarmPlatform]:
    """A stack with one service of one copy: 96 MiB, half a core, a health check every second."""
    engine = docker.from_env().api
    if engine.info()["Swarm"]["LocalNodeState"] != "active":
        pytest.skip("the engine is in no swarm; `reference/bin/up` puts it in one")
    template = {
        "ContainerSpec": {
            "Image": load_target(ROOT, "local").service.image,
            "Command": ["python3", "-c", SERVER],
            "Init": True,
            "Healthcheck": HEALTH_CHECK,
            "Mounts": [{"Type": "volume", "Source": f"{STACK}_goods", "Target": "/goods"}],
            "StopGracePeriod": SECOND,
        },
        "Resources": {"Limits": {"MemoryBytes": 96 * MEBIBYTE, "NanoCPUs": SECOND // 2}},
        "RestartPolicy": {"Condition": "any", "Delay": SECOND // 10},
    }
    name = f"{STACK}_shop"
    engine.create_service(template, name=name, labels={**OURS, STACK_LABEL: STACK})
    platform = SwarmPlatform(STACK)
    try:
        waited = wait_until(
            lambda: platform.replicas("shop"),
            lambda copies: any(copy.health == "healthy" for copy in copies),
            patience=60,
        )
        assert waited.happened, f"the shop did not open: {platform.ended('shop')}"
        yield platform
    finally:
        engine.remove_service(name)
        wait_until(lambda: _volume_removed(engine), bool, patience=60)


def _volume_removed(engine: docker.APIClient) -> bool:
    try:
        engine.remove_volume(f"{STACK}_goods")
    except docker.errors.NotFound:
        return True
    except docker.errors.APIError:  # a container that still ends holds it
        return False
    return True


def the_copy(platform: SwarmPlatform) -> Replica:
    return platform.replicas("shop")[0]


def test_the_stack_is_seen_as_it_is_declared(platform: SwarmPlatform) -> None:
    (service,) = platform.services()
    assert (service.name, service.desired, service.volumes) == ("shop", 1, ("/goods",))
    assert platform.service("shop") == service


def test_a_copy_is_seen_with_its_image_and_health(platform: SwarmPlatform) -> None:
    copy = the_copy(platform)
    assert copy.image_id == platform.image(platform.service("shop").image).id
    assert (copy.health, copy.running, copy.restarts) == ("healthy", True, 0)
    assert copy.id.startswith(copy.instance)


def test_the_health_check_in_force_is_the_services_own(platform: SwarmPlatform) -> None:
    assert platform.health_check("shop") == HealthCheck(tuple(HEALTH), 1.0, 3.0, 3, 1.0)


def test_limits_in_force_are_those_declared(platform: SwarmPlatform) -> None:
    limits = platform.limits(the_copy(platform).id)
    assert (limits.memory, limits.cpu) == (96 * MEBIBYTE, 0.5)


def test_usage_is_sampled_with_the_platforms_clock(platform: SwarmPlatform) -> None:
    first = platform.usage(the_copy(platform).id)
    second = wait_until(
        lambda: platform.usage(the_copy(platform).id),
        lambda usage: usage.processor_seconds > first.processor_seconds,
        patience=20,
    )
    assert second.happened, "health checks use processor time"
    assert second.last.at > first.at
    assert 0 < second.last.memory < 96 * MEBIBYTE


def test_a_copy_answers_from_within(platform: SwarmPlatform) -> None:
    copy = the_copy(platform)
    answer = ask_inside(platform, copy.id, PORT, "/open")
    assert (answer.status, answer.body) == (200, "shop")
    assert status_inside(platform, copy, PORT, "/closed") == 503
    assert status_inside(platform, copy, PORT + 1, "/open") == 0


def test_what_is_not_in_a_copy_is_told_apart(platform: SwarmPlatform) -> None:
    copy = the_copy(platform)
    assert platform.read_inside(copy.id, "/nowhere") is None
    assert platform.run_inside(copy.id, ["no-such-command"], timeout=10).no_such_command
    assert platform.run_inside(copy.id, ["sh", "-c", "exit 3"], timeout=10).exit_code == 3


def test_a_command_that_does_not_end_is_no_answer(platform: SwarmPlatform) -> None:
    with pytest.raises(CannotLook, match="run 'sleep' in container"):
        platform.run_inside(the_copy(platform).id, ["sleep", "20"], timeout=1)


def test_an_unknown_service_is_named(platform: SwarmPlatform) -> None:
    with pytest.raises(CannotLook, match="no service 'till' in stack 'readiness-contract'"):
        platform.replicas("till")


def test_scaling_changes_the_number_of_copies_and_nothing_else(platform: SwarmPlatform) -> None:
    engine = docker.from_env().api
    before, copy = engine.inspect_service(f"{STACK}_shop")["Spec"], the_copy(platform)
    platform.scale("shop", 2)
    assert soon(platform, "shop", 2).happened
    after = engine.inspect_service(f"{STACK}_shop")["Spec"]
    assert after["TaskTemplate"] == before["TaskTemplate"]
    undo_table(lambda: platform)["scale_service"](service="shop", copies=1)
    left = soon(platform, "shop", 1).last
    assert copy.id in {each.id for each in left} or len(left) == 1


def test_a_clone_that_takes_too_much_is_ended_and_started_again(platform: SwarmPlatform) -> None:
    name = f"{STACK}-eater"
    try:
        platform.start_clone("shop", name, ["python3", "-c", EAT])
        waited = wait_until(
            lambda: platform.ended(name),
            lambda ended: len(ended) > 1 and any(end.out_of_memory for end in ended),
            patience=60,
        )
        assert waited.happened, (
            "a second end shows that it was started again, and one that memory was the reason"
        )
        assert {end.exit_code for end in waited.last} == {137}
    finally:
        platform.remove_service(name)
    platform.remove_service(name)


def test_a_sibling_has_the_services_limits_and_volumes_of_its_own(platform: SwarmPlatform) -> None:
    name = f"{STACK}-sibling"
    platform.run_inside(the_copy(platform).id, ["touch", "/goods/shoe"], timeout=10)
    try:
        platform.start_sibling("shop", name)
        sibling = soon(platform, name, 1).last[0]
        assert platform.run_inside(sibling.id, ["ls", "/goods"], timeout=10).output == ""
        assert platform.limits(sibling.id) == platform.limits(the_copy(platform).id)
    finally:
        platform.remove_service(name)


def test_a_service_of_others_is_not_removed(platform: SwarmPlatform) -> None:
    stranger = next(iter(SwarmPlatform(str(load_target(ROOT, "local").platform.stack)).services()), None)
    if stranger is None:
        pytest.skip("the embedded deployment is not up, so there is no service of others")
    with pytest.raises(CannotLook, match="not made by the specification"):
        platform.remove_service(f"{load_target(ROOT, 'local').platform.stack}_{stranger.name}")


def test_a_throwaway_is_healthy_then_ends_and_is_removed_twice(platform: SwarmPlatform) -> None:
    name = f"{STACK}-throwaway"
    check = HealthCheck(("CMD", "true"), 0.5, 3.0, 2, 0.0)
    try:
        throwaway = platform.start_throwaway(
            the_copy(platform).image_id, name, ["sleep", "60"], health_check=check
        )
        healthy = wait_until(
            lambda: platform.throwaway_health(throwaway.id), lambda health: health == "healthy", patience=30
        )
        assert healthy.happened
        platform.signal(throwaway.id, "SIGKILL")
        assert wait_until(
            lambda: platform.throwaway_health(throwaway.id), lambda health: health == "ended", patience=30
        ).happened
    finally:
        platform.remove_container(name)
    platform.remove_container(name)


def test_a_container_beside_a_copy_hears_it_on_its_loopback_and_goes_away(platform: SwarmPlatform) -> None:
    name, copy = f"{STACK}-beside", the_copy(platform)
    try:
        beside = platform.start_beside(copy.id, copy.image_id, name, ["sleep", "60"])
        answer = ask_inside(platform, beside.id, PORT, "/open")
        assert (answer.status, answer.body) == (200, "shop")
        assert platform.run_inside(beside.id, ["touch", "/trace"], timeout=10).exit_code != 0
    finally:
        platform.remove_container(name)


def test_a_copy_is_known_by_its_addresses_and_by_what_it_wrote(platform: SwarmPlatform) -> None:
    copy = the_copy(platform)
    ask_inside(platform, copy.id, PORT, "/open")
    assert '"GET /open HTTP/1.0" 200' in platform.logs(copy.id, 20)
    (address,) = platform.addresses(copy.id)
    assert f"|-- {address}\n" in (platform.read_inside(copy.id, "/proc/net/fib_trie") or "")


def test_renewed_copies_are_others_of_the_same_kind(platform: SwarmPlatform) -> None:
    before = platform.service("shop")
    old = {copy.id for copy in platform.replicas("shop")}
    platform.renew("shop")
    waited = wait_until(
        lambda: platform.replicas("shop"),
        lambda copies: len(copies) == 1 and copies[0].id not in old and copies[0].health == "healthy",
        patience=60,
    )
    assert waited.happened
    assert platform.service("shop").image == before.image


def test_ballast_fills_a_copys_memory_until_it_is_taken_away(platform: SwarmPlatform) -> None:
    copy, size = the_copy(platform), 40 * MEBIBYTE
    before = platform.usage(copy.id).memory
    platform.start_inside(copy.id, ballast(size), {BALLAST: "1"})
    filled = wait_until(
        lambda: platform.usage(copy.id).memory, lambda memory: memory > before + 0.9 * size, patience=20
    )
    undo_table(lambda: platform)["end_ballast"](service="shop", replica=copy.id)
    freed = wait_until(
        lambda: platform.usage(copy.id).memory, lambda memory: memory < before + 0.2 * size, patience=20
    )
    assert (filled.happened, freed.happened) == (True, True)
    assert the_copy(platform).id == copy.id


def test_a_copy_that_is_gone_needs_no_thawing(platform: SwarmPlatform) -> None:
    undo_table(lambda: platform)["thaw_copy"](service="shop", replica="0" * 64)
    undo_table(lambda: platform)["end_ballast"](service="shop", replica="0" * 64)
    undo_table(lambda: platform)["scale_service"](service="till", copies=3)
    undo_table(lambda: platform)["remove_image"](reference="readiness-contract:nowhere")


def test_nodes_and_copies_have_the_place_that_a_label_of_the_node_names(platform: SwarmPlatform) -> None:
    (node,) = platform.nodes("readiness.no-such-label")
    assert (node.ready, node.place) == (True, "")

    (placement,) = platform.placements("readiness.no-such-label")
    assert (placement.service, placement.place, placement.task) == ("shop", "", the_copy(platform).task)
