"""JUnit, for build servers: one test case for each plan line. It is green exactly when the decision lets the release go."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from itertools import groupby

from readiness.core.verdicts import Verdict
from readiness.report.ledger import Ledger, LedgerLine
from readiness.report.wording import plain_text

NAME = "junit.xml"
KINDS = {
    Verdict.FAILED: "failure",
    Verdict.NOT_VERIFIED: "error",
    Verdict.ACCEPTED_RISK: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
}


def junit_of(ledger: Ledger) -> bytes:
    """The report as UTF-8 XML: a suite for each section of the plan, and one for the run itself if something was wrong with it.

    failure = failed; error = not verified, or something beside a proven line is open; skipped = accepted or not applicable.
    """
    root = ElementTree.Element(
        "testsuites", name=f"Production readiness of {ledger.target}: {ledger.decision}"
    )
    for section, lines in groupby(ledger.lines, key=lambda line: line.section):
        _add_suite(root, section, ledger, [_case(line, ledger) for line in lines])
    troubles = [*([ledger.partial] if ledger.partial else []), *ledger.problems]
    if troubles:
        _add_suite(root, "The run itself", ledger, [_trouble(each) for each in troubles])
    _count(root, list(root))
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _add_suite(
    root: ElementTree.Element, name: str, ledger: Ledger, cases: list[ElementTree.Element]
) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=name, timestamp=ledger.started.removesuffix("Z"))
    properties = ElementTree.SubElement(suite, "properties")
    for key, value in _properties(ledger):
        ElementTree.SubElement(properties, "property", name=key, value=value)
    suite.extend(cases)
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("tests", str(len(cases)))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")


def _count(root: ElementTree.Element, suites: list[ElementTree.Element]) -> None:
    for attribute in ("tests", "failures", "errors", "skipped"):
        root.set(attribute, str(sum(int(suite.get(attribute, "0")) for suite in suites)))


def _properties(ledger: Ledger) -> Iterable[tuple[str, str]]:
    yield "decision", ledger.decision
    yield "decision without accepted risks", ledger.decision_without_risks
    yield "configuration", ledger.subject.configuration
    yield "commit", ledger.subject.commit
    yield from ((f"image {name}", digest) for name, digest in ledger.subject.images.items())


def _case(line: LedgerLine, ledger: Ledger) -> ElementTree.Element:
    seconds = sum(each.seconds for each in ledger.scenarios if line.id in each.lines)
    case = ElementTree.Element(
        "testcase", classname=line.test_case, name=f"{line.id} {line.title}", time=f"{seconds:.3f}"
    )
    open_gaps = [gap for gap in line.gaps if not gap.accepted_by]
    if kind := KINDS.get(line.verdict):
        _say(case, kind, line.verdict, line.reason)
    elif open_gaps:
        _say(case, "error", "open", "\n".join(f"{gap.what}: {gap.reason}" for gap in open_gaps))
    else:
        ElementTree.SubElement(case, "system-out").text = plain_text(f"{line.verdict}: {line.reason}")
    return case


def _trouble(words: str) -> ElementTree.Element:
    case = ElementTree.Element(
        "testcase", classname="The run itself", name="The run went as it should", time="0.000"
    )
    _say(case, "error", "the run itself", words)
    return case


def _say(case: ElementTree.Element, tag: str, kind: str, words: str) -> None:
    text = plain_text(words)
    first = text.splitlines()[0] if text else kind
    ElementTree.SubElement(case, tag, type=kind, message=first).text = text
