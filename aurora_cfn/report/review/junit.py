"""A review as JUnit XML: a suite a template, a case a change; refused, failing and losing changes are failures."""

from __future__ import annotations

from aurora_cfn.model.review import Review
from aurora_cfn.report.page import attribute, body
from aurora_cfn.report.review.github import message
from aurora_cfn.report.review.shared import SharedChange, SharedTemplate, shared
from aurora_cfn.report.review.words import level, only, title, where


def junit(review: Review) -> str:
    """The JUnit document; a template without changes has one passing case."""
    suites = [_suite(template) for template in shared(review)]
    failures = sum(count for _, count, _ in suites)
    tests = sum(count for _, _, count in suites)
    head = f'<testsuites name="aurora-cfn review" tests="{tests}" failures="{failures}">'
    body = "\n".join(text for text, _, _ in suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</testsuites>\n'


def _suite(template: SharedTemplate) -> tuple[str, int, int]:
    suite = attribute(template.path if len(template.stacks) > 1 else template.stacks[0].name)
    cases = [_case(row, suite) for row in template.changes()]
    failures = sum(failed for _, failed in cases)
    lines = [text for text, _ in cases] or [f'    <testcase classname={suite} name="no changes"/>']
    head = f'  <testsuite name={suite} tests="{len(lines)}" failures="{failures}">'
    return "\n".join([head, *lines, "  </testsuite>"]), failures, len(lines)


def _case(row: SharedChange, suite: str) -> tuple[str, bool]:
    change = row.change
    failed = level(change, row.refused) == "error"
    sentences = (message(change, effect.what, only(row, effect)) for effect in row.effects)
    details = body([*filter(None, [where(row)]), *sentences])
    name = f"{change.outcome.word}: {title(change)}"
    place = f' file={attribute(change.path)} line="{change.line}"' if change.path else ""
    head = f"    <testcase classname={suite} name={attribute(name)}{place}>"
    first = attribute(change.effects[0].sentence)
    inner = (
        f"      <failure type={attribute(change.outcome.word)} message={first}>{details}</failure>"
        if failed
        else f"      <system-out>{details}</system-out>"
    )
    return f"{head}\n{inner}\n    </testcase>", failed
