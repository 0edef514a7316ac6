"""Rules for sentences: claims in the words of the product, not of the tools; each banned word with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from readiness.lint.findings import Finding
from readiness.lint.gherkin import FeatureFile, Group, Scenario
from readiness.lint.vocabulary import Vocabulary

LIMIT = re.compile(r"\b(?:budget|limit) of \S")
AFTER_LIMIT = re.compile(r"\b(?:budget|limit) of .*")


@dataclass(frozen=True)
class Banned:
    """Words that do not belong into a sentence, and why."""

    words: re.Pattern[str]
    reason: str


def _words(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)


IN_SENTENCES = (
    Banned(re.compile(r"\w+://\S+|(?<![\w.])/[a-z]\S*"), "an address belongs into the target's profile"),
    Banned(
        _words(
            r"(?:http|status|code|answer(?:s|ed)?|return(?:s|ed)?)(?: (?:code|with|is|of|an?|the))* [1-5]\d\d(?! \w+s)"
        ),
        "say what the visitor experiences, not the number of the protocol",
    ),
    Banned(
        _words("docker|dockerfile|compose|swarm|kubernetes|cgroups?|buildkit"),
        "the promise must hold on another platform too",
    ),
    Banned(
        _words("haproxy|nginx|postgres(?:ql)?|redis|prometheus|alertmanager|grafana|loki|pgbackrest"),
        "name the part by what it does for the product (the database, the edge, the alerts)",
    ),
    Banned(
        _words("trivy|snyk|behave|allure|pytest|pip|locust|k6|openssl|curl|wget"),
        "how we look is the library's business; say what is seen",
    ),
    Banned(
        _words("bash|shell|python|grep|ssh|sig(?:kill|stop|term|hup)|stdout|stderr|exit (?:code|status)"),
        "say what happens to the product, not which command makes it happen",
    ),
)
IN_NAMES = (
    *IN_SENTENCES,
    Banned(
        _words("verif(?:y|ies|ied)|tests?|tested|testing|(?<!health )checks?|checked|should"),
        "a name is a claim that is true when the scenario passes, not an errand",
    ),
)


def wording_findings(feature: FeatureFile, known: Vocabulary) -> Iterator[Finding]:
    """All findings on the words of one feature file. What a plan line itself promises may be called by its name."""
    yield from _banned(feature.path, feature.feature.line, feature.feature.name, IN_NAMES, "")
    for step in feature.background:
        yield from _banned(feature.path, step.line, step.text, IN_SENTENCES, "")
    for rule in feature.rules:
        promise = _promise(rule, known)
        yield from _banned(feature.path, rule.line, rule.name, IN_NAMES, promise)
        for scenario in rule.scenarios:
            yield from _scenario(feature.path, scenario, promise)


def _scenario(path: str, scenario: Scenario, promise: str) -> Iterator[Finding]:
    yield from _banned(path, scenario.line, scenario.name, IN_NAMES, promise)
    for step in scenario.steps:
        yield from _banned(path, step.line, step.text, IN_SENTENCES, promise)


def _promise(rule: Group, known: Vocabulary) -> str:
    return " ".join(known.lines[tag].claim for tag in rule.tags if tag in known.lines)


def _banned(
    path: str, line: int, sentence: str, lists: tuple[Banned, ...], promise: str
) -> Iterator[Finding]:
    unlimited = AFTER_LIMIT.sub("", sentence)
    for banned in lists:
        for found in banned.words.finditer(unlimited):
            if found[0].casefold() not in promise.casefold():
                what = f"{found[0]!r} in {sentence!r}: {banned.reason}."
                yield Finding(path, line, "wording", what, "reword the sentence.")
