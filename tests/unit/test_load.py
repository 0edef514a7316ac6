from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from hdrh.histogram import HdrHistogram

from readiness.core.errors import CannotLook
from readiness.load.results import Result, Total
from readiness.load.running import RunningLoad
from readiness.load.schedule import due_times
from readiness.load.spec import Request, Spec, Stage, steadily
from tests.unit.local_server import always, served, standing_still


def a_spec(url: str, *, rate: float = 100, seconds: float = 1, **changes: object) -> Spec:
    request = Request(url, 200, expect_json={"answer": 42})
    return replace(Spec((request,), steadily(rate, seconds), timeout=2, largest_lag=1), **changes)


def result_of(spec: Spec) -> Result:
    with RunningLoad(spec) as load:
        return load.wait()


def a_total(**changes: object) -> Total:
    plain = Total(100, 100, 100, 100, {}, 0.1, 0.1, 0.1, 0.1, 0.1, 0.001, 0.05, 0.1, "")
    return replace(plain, **changes)


def test_requests_are_due_at_an_even_pace() -> None:
    assert list(due_times(steadily(4, 1))) == pytest.approx([0, 0.25, 0.5, 0.75])


def test_a_ramp_sends_as_many_as_its_mean_rate_says_and_ever_faster() -> None:
    due = list(due_times((Stage(2, 0, 100),)))
    gaps = [later - earlier for earlier, later in itertools.pairwise(due)]
    assert len(due) == 100
    assert due[-1] < 2
    assert gaps == sorted(gaps, reverse=True)


def test_stages_follow_each_other_without_a_gap_or_a_crowd() -> None:
    due = list(due_times((Stage(1, 10, 10), Stage(1, 20, 20))))
    assert len(due) == 30
    assert due[9:12] == pytest.approx([0.9, 1.0, 1.05])


def test_a_description_survives_its_journey() -> None:
    spec = a_spec("http://127.0.0.1:1/", address="127.0.0.1", ca="file.pem", fresh=True)
    assert Spec.from_json(spec.to_json()) == spec


def test_secrets_do_not_show_in_words_about_a_request() -> None:
    assert "hush" not in repr(Request("http://127.0.0.1/", 200, headers={"Authorization": "hush"}))


@pytest.mark.parametrize(("rate", "seconds"), [(0, 10), (1, 10_000), (100_000, 60)])
def test_a_load_without_bounds_or_requests_is_refused(rate: float, seconds: float) -> None:
    with pytest.raises(ValueError, match="a load"):
        a_spec("http://127.0.0.1:1/", rate=rate, seconds=seconds)


def test_everything_that_is_due_is_sent_answered_and_counted() -> None:
    with served(always(instance="copy-1")) as url:
        result = result_of(a_spec(url))
    assert result.conclusive().total.right == result.total.due == 100
    assert sum(each.answered for each in result.seconds) == 100
    assert sum(each.instances.get("copy-1", 0) for each in result.seconds) == 100
    assert [name for each in result.seconds for name in each.newcomers] == ["copy-1"]
    assert HdrHistogram.decode(result.total.histogram).total_count == 100


def test_latency_counts_from_when_a_request_was_due_while_the_server_stands_still() -> None:
    # The server itself writes down when it answered: on a busy machine that is later than planned, and is the truth all the same.
    answered: list[float] = []
    still = standing_still(always(), for_seconds=1.0, in_each=4.0)
    with served(lambda: (still(), answered.append(time.monotonic()))[0]) as url:
        total = result_of(a_spec(url, rate=50, seconds=4)).conclusive().total
    spread = [at - number / 50 for number, at in enumerate(sorted(answered))]
    truth = sorted(late - min(spread) for late in spread)
    assert total.sent == len(truth) == 200
    assert truth[190] > 0.7
    assert total.p95 == pytest.approx(truth[189], rel=0.05)
    assert total.p99 == pytest.approx(truth[197], rel=0.05)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (always(status="503 Service Unavailable"), "status 503"),
        (always(b'{"answer": 41}'), "wrong content"),
        (always(b"no JSON"), "wrong content"),
        (lambda: b"", "connection cut"),
        (standing_still(always(), for_seconds=0.9, in_each=1.0), "no answer in time"),
    ],
)
def test_what_goes_wrong_is_told_by_kind(reply: Callable[[], bytes], kind: str) -> None:
    with served(reply) as url:
        result = result_of(a_spec(url, rate=20, seconds=1, timeout=0.3))
    assert result.total.errors.get(kind, 0) > 0
    assert result.wrong == sum(result.total.errors.values())


def test_nobody_at_the_door_is_an_error_of_the_target() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    result = result_of(a_spec(f"http://127.0.0.1:{port}/", rate=10))
    assert result.total.errors == {"connection refused": 10}


def test_a_load_ends_early_when_it_is_told_to() -> None:
    with served(always()) as url, RunningLoad(a_spec(url, rate=50, seconds=60)) as load:
        while not load.seconds:
            continue
        result = load.end()
    assert 0 < result.total.due < 1000
    assert result.wrong == 0


@pytest.mark.parametrize(
    ("total", "why"),
    [
        (a_total(sent=90), "10 of 100 requests were not sent"),
        (a_total(lag=0.2), "200 ms late"),
        (a_total(processor=0.95), "0.95 cores"),
    ],
)
def test_an_engine_that_did_not_keep_up_says_nothing_of_the_target(total: Total, why: str) -> None:
    with pytest.raises(CannotLook, match=why):
        Result((), total).conclusive()


def test_too_many_open_requests_make_the_result_inconclusive() -> None:
    with served(standing_still(always(), for_seconds=0.9, in_each=1.0)) as url:
        result = result_of(a_spec(url, rate=200, seconds=1, most_in_flight=5))
    assert result.total.sent < result.total.due
    with pytest.raises(CannotLook, match="were not sent"):
        result.conclusive()
