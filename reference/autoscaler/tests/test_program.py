"""The program itself: settings, operations port, stopping. Started as the container starts it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3
from prometheus_client import CollectorRegistry

from autoscaler.operations import Heartbeat, OperationsServer

PROGRAM = [sys.executable, "-m", "autoscaler"]
SOURCE = Path(__file__).parents[1]


def environment(**settings: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), **settings}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def started(**settings: str) -> Iterator[subprocess.Popen[str]]:
    program = subprocess.Popen(PROGRAM, env=environment(**settings), stdout=subprocess.PIPE, text=True)
    try:
        yield program
    finally:
        program.kill()
        program.communicate()


def eventually(look: Callable[[], bool], patience: float = 20.0) -> bool:
    deadline = time.monotonic() + patience
    while not look():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_all_wrong_settings_are_named_at_once_and_no_value_is_shown():
    wrong = environment(
        SCALED_SERVICE='x"} or vector(1)',
        ENGINE_URL="unix:///var/run/docker.sock",
        MIN_REPLICAS="5",
        MAX_REPLICAS="3",
        CPU_TARGET_PERCENT="700",
        BREACH_SECONDS="30",
        STABILISATION_SECONDS="10",
        INTERVAL_SECONDS="often",
    )
    ended = subprocess.run(PROGRAM, env=wrong, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 78
    named = [line.strip().split(":")[0] for line in ended.stderr.splitlines()[1:]]
    assert named == [
        "CPU_TARGET_PERCENT",
        "ENGINE_URL",
        "INTERVAL_SECONDS",
        "MAX_REPLICAS",
        "PROMETHEUS_URL",
        "SCALED_SERVICE",
        "STABILISATION_SECONDS",
    ]
    assert "PROMETHEUS_URL: is required and not set" in ended.stderr
    assert "must be at least MIN_REPLICAS (5)" in ended.stderr
    assert "docker.sock" not in ended.stderr
    assert "vector" not in ended.stderr


def test_it_scales_logs_json_shows_metrics_and_stops_when_told(prometheus, engine, http):
    prometheus.runs(1.0, 1.0)
    port = free_port()
    settings = {
        "SCALED_SERVICE": "whoop_whoop-service",
        "PROMETHEUS_URL": prometheus.url,
        "ENGINE_URL": engine.url,
        "INTERVAL_SECONDS": "0.1",
        "BREACH_SECONDS": "0.5",
        "OPERATIONS_PORT": str(port),
    }
    with started(**settings) as program:
        assert eventually(lambda: engine.replicas == 3)
        assert http.request("GET", f"http://127.0.0.1:{port}/livez").status == 200
        shown = http.request("GET", f"http://127.0.0.1:{port}/metrics").data.decode()
        program.send_signal(signal.SIGTERM)
        output, _ = program.communicate(timeout=30)
    assert program.returncode == 0
    assert "autoscaler_max_replicas 10.0" in shown
    lines = [json.loads(line) for line in output.splitlines()]
    assert (lines[0]["event"], lines[-1]["event"]) == ("started", "stopped")
    done = next(line for line in lines if line.get("outcome") == "done")
    assert (done["from"], done["to"], done["reason"], done["cpu_utilisation"]) == (
        2,
        3,
        "cpu-above-target",
        1.0,
    )
    assert {"time", "level", "service", "instance", "version"} <= done.keys()


def test_liveness_fails_when_no_turn_is_taken():
    now = [0.0]
    heartbeat = Heartbeat(limit=65, monotonic=lambda: now[0])
    with (
        OperationsServer(0, heartbeat, CollectorRegistry()) as server,
        urllib3.PoolManager(timeout=5.0, retries=False) as http,
    ):
        address = f"http://127.0.0.1:{server.server_address[1]}/livez"
        assert http.request("GET", address).status == 200
        now[0] = 65
        assert http.request("GET", address).status == 503
        heartbeat.beat()
        assert http.request("GET", address).status == 200
        assert http.request("GET", address + "/other").status == 404
