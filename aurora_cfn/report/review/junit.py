"""A review as JUnit XML: a suite a stack, a case a change; refused, failing and losing changes are failures."""

from __future__ import annotations

from aurora_cfn.model.change import Change
from aurora_cfn.model.review import Review, StackReview
from aurora_cfn.report.review.places import message
from aurora_cfn.report.review.words import level, title
from aurora_cfn.report.xml import attribute, body


def junit(review: Review) -> str:
    """The document; a stack without changes has one case that passes."""
    suites = [_suite(stack) for stack in review.stacks]
    failures = sum(count for _, count, _ in suites)
    tests = sum(count for _, _, count in suites)
    head = f'<testsuites name="aurora-cfn review" tests="{tests}" failures="{failures}">'
    body = "\n".join(text for text, _, _ in suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</testsuites>\n'


def _suite(stack: StackReview) -> tuple[str, int, int]:
    cases = [_case(stack, change) for change in stack.changes]
    failures = sum(failed for _, failed in cases)
    lines = [text for text, _ in cases] or [f'    <testcase classname={attribute(stack.name)} name="no changes"/>']
    head = f'  <testsuite name={attribute(stack.name)} tests="{len(lines)}" failures="{failures}">'
    return "\n".join([head, *lines, "  </testsuite>"]), failures, len(lines)


def _case(stack: StackReview, change: Change) -> tuple[str, bool]:
    refused = any(one.logical_id == change.destroyed_id for one in stack.refusals) and change.guarded
    failed = level(change, refused) == "error"
    told = body("\n".join(message(change, effect) for effect in change.effects))
    name = f"{change.verdict.word}: {title(change)}"
    place = f' file={attribute(change.path)} line="{change.line}"' if change.path else ""
    head = f"    <testcase classname={attribute(stack.name)} name={attribute(name)}{place}>"
    first = attribute(change.effects[0].sentence)
    inner = (
        f"      <failure type={attribute(change.verdict.word)} message={first}>{told}</failure>"
        if failed
        else f"      <system-out>{told}</system-out>"
    )
    return f"{head}\n{inner}\n    </testcase>", failed
