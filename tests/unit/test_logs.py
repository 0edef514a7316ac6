"""What is seen of logs, and what is required of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from readiness.config.logs import Answering, Asking, Search
from readiness.drills.log_alarms import LogAlarms, UnusualRule
from readiness.drills.log_collection import (
    CollectionKilled,
    LogsTogether,
    PartLog,
    SaidLine,
    kinds_of_lines,
    matching,
    not_among,
    written_at,
)
from readiness.drills.log_finding import LINES, Asked, FoundByEverything, RequestTraced, questions
from readiness.drills.log_retention import Aged, LogsKept
from readiness.drills.simulated_rules import Course, courses_file
from readiness.matchers import logs as matchers
from readiness.probes.database_roles import Try
from readiness.probes.log_roles import LogRolesTried
from readiness.targets.log_search import Found, Sought, parameters_of
from readiness.targets.metrics import AlertRule

SEARCH = Search(
    url="http://127.0.0.1:1/lines",
    ask=Asking(
        text="q", service="service", container="container", level="level", request="request", field="field.{name}",
        since="since", until="until", limit="limit", archived={"archived": "true"},
    ),
    answer=Answering(lines="lines", at="at", service="service", level="level", request="request", line="line", fields="fields"),
)  # fmt: skip


def found(line: str, fields: Any = None, service: str = "api") -> Found:
    return Found(100.0, service, "info", "", line, fields)


def test_a_question_is_asked_in_the_searchs_own_words() -> None:
    sought = Sought(text="100%", request="7", fields=(("who.id", "8"),), since=1.5, archived=True, limit=9)
    assert parameters_of(SEARCH, sought) == {
        "q": "100%", "request": "7", "field.who.id": "8", "since": "1.500000", "limit": "9", "archived": "true",
    }  # fmt: skip


def test_a_line_is_recognised_whole_but_for_its_time() -> None:
    plain, *_, long = kinds_of_lines("mark")
    whole = found(plain.text.replace("{now}", "12.000001"))
    assert matching(plain, (whole, found(whole.line[:-1]), found(long.text))) == (whole,)
    assert written_at(whole.line, "mark") == 12.000001
    assert len(long.text) > 40_000


def test_lines_are_missed_as_often_as_they_were_written() -> None:
    assert not_among(["a", "a", "b"], ["a", "b", "c"]) == ("a",)
    assert not_among(["a", "b"], ["b", "a", "a"]) == ()


def together(part: PartLog | None = None, said: SaidLine | None = None) -> LogsTogether:
    whole = SaidLine("JSON", '{"message": "x"}', {"message": "x"}, (found("{}", {"message": "x"}),), 0.5)
    return LogsTogether(examined=1, parts=(part or PartLog("api", "c1", 3, ()),), said=(said or whole,))


def test_every_part_and_every_kind_of_line_is_required() -> None:
    assert matchers.holds_every_part().matches(together())
    assert not matchers.holds_every_part().matches(together(PartLog("api", "c1", 3, ("a",))))
    assert not matchers.holds_every_part().matches(together(PartLog("api", "c1", 0, (), "no such log")))
    assert matchers.keeps_lines_whole().matches(together())
    good = together().said[0]
    for wrong in (
        replace(good, found=()),
        replace(good, found=good.found * 2),
        replace(good, found=(found("{}"),)),
        replace(good, fields=None),
        replace(
            good,
            fields={"message": "x", "numbers": [1]},
            found=(found("{}", {"message": "x", "numbers": ["1"]}),),
        ),
    ):
        assert not matchers.keeps_lines_whole().matches(together(said=wrong))


def test_the_slowest_line_counts_and_one_that_was_not_found_has_no_time() -> None:
    assert together().slowest == 0.5
    with pytest.raises(ValueError, match="not found"):
        _ = together(said=replace(together().said[0], after=None)).slowest


def test_each_line_is_required_exactly_once() -> None:
    once = CollectionKilled(examined=2, written=2, missing=(), repeated=(), killed=("collector c1",))
    assert matchers.loses_nothing().matches(once)
    assert not matchers.loses_nothing().matches(replace(once, missing=(1,)))
    assert not matchers.loses_nothing().matches(replace(once, repeated=(1,)))


def test_questions_differ_and_fit_lines_that_are_there() -> None:
    asked = list(questions("mark", (found("mark PAID TWICE"),)))
    assert len({words for words, _, _ in asked}) == len(asked)
    assert {number for _, fit, _ in asked for number in fit} == set(range(len(LINES)))


def test_a_question_finds_what_fits_and_nothing_else() -> None:
    def seen(*asked: Asked, refused: bool = True) -> FoundByEverything:
        return FoundByEverything(examined=1, asked=asked, misspelt_refused=refused)

    finds = matchers.finds_what_fits()
    assert finds.matches(seen(Asked("its text", (1, 2), (1, 2))))
    assert not finds.matches(seen(Asked("its text", (1, 2), (1,))))
    assert not finds.matches(seen(Asked("its text", (1,), (1, 2))))
    assert not finds.matches(seen(Asked("its text", (1,), (1,), others=1)))
    assert not finds.matches(seen(Asked("its text", (1,), (1,)), refused=False))


def test_a_request_is_told_by_every_part_and_by_no_other_request() -> None:
    traced = RequestTraced(
        examined=2,
        request="7",
        passes=("edge", "api"),
        lines=(("edge", 1), ("api", 2), ("cache", 1)),
        foreign=(),
    )
    assert matchers.leads_through().matches(traced)
    assert not matchers.leads_through().matches(replace(traced, lines=(("edge", 1), ("api", 0))))
    assert not matchers.leads_through().matches(replace(traced, foreign=("other",)))


def test_roles_can_do_what_they_need_and_no_more() -> None:
    tried = LogRolesTried(examined=2, needed=(Try("w", "add", True),), forbidden=(Try("w", "remove", False),))
    assert matchers.keeps_to_its_task().matches(tried)
    assert not matchers.keeps_to_its_task().matches(replace(tried, needed=(Try("w", "add", False),)))
    assert not matchers.keeps_to_its_task().matches(replace(tried, forbidden=(Try("w", "remove", True),)))


def test_trouble_is_told_by_every_channel_and_talk_by_none() -> None:
    told = LogAlarms(
        examined=1,
        told=(("mail", 9.0),),
        told_of_the_end=(("mail", 60.0),),
        found_in_search=True,
        unusual_seen=True,
        disturbed_by=(),
    )
    assert matchers.tells_of_trouble().matches(told)
    assert told.slowest == 9.0
    for wrong in (
        replace(told, told=(("mail", 9.0), ("sms", None))),
        replace(told, told_of_the_end=(("mail", None),)),
        replace(told, unusual_seen=False),
    ):
        assert not matchers.tells_of_trouble().matches(wrong)
    assert matchers.leaves_talk_alone().matches(told)
    assert not matchers.leaves_talk_alone().matches(replace(told, disturbed_by=("a message",)))


def test_an_alarm_sounds_for_what_is_unusual_only() -> None:
    apart = UnusualRule(examined=2, trials=(("as usual", False, False), ("as never", True, True)))
    assert matchers.tells_usual_from_unusual().matches(apart)
    assert not matchers.tells_usual_from_unusual().matches(
        replace(apart, trials=(("as usual", False, True),))
    )
    assert not matchers.tells_usual_from_unusual().matches(
        replace(apart, trials=(("as never", True, False),))
    )


@pytest.mark.parametrize("where", [(False, False), (True, True), (False, True)])
def test_a_line_is_where_its_age_says(where: tuple[bool, bool]) -> None:
    right = LogsKept(examined=1, policy=(14, 90), lines=(Aged(14, True, False, True, False),), found_before=1)
    assert matchers.keeps_as_promised().matches(right)
    assert not matchers.keeps_as_promised().matches(replace(right, lines=(Aged(14, True, False, *where),)))


def test_a_course_is_told_to_promtool_phase_by_phase() -> None:
    course = Course("errors", ((60.0, 1.0), (30.0, 2.0)))
    assert course.values() == "0 15+15x3 90+30x1"
    trial = yaml.safe_load(
        courses_file(AlertRule("A", "errors > 1", 0.0, {}), [(course, True), (course, False)])
    )
    (fires, silent) = [test["promql_expr_test"][0] for test in trial["tests"]]
    assert (fires["eval_time"], fires["exp_samples"][0]["value"], silent["exp_samples"]) == ("90s", 1, [])
