"""A review as GitHub annotations, JUnit XML and SARIF 2.1.0: what other programs show beside the lines of templates."""

from __future__ import annotations

import hashlib
from typing import Any

from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.review import Review
from aurora_cfn.report.findings import junit_suite, junit_text, sarif_text
from aurora_cfn.report.page import attribute, body, command_data, command_property
from aurora_cfn.report.review.shared import InStacks, SharedChange, SharedTemplate, refuses, shared, shared_changes
from aurora_cfn.report.review.words import counts_text, level, only, stack_names, title, where


def place(change: Change, effect: Effect | None = None) -> tuple[str, int]:
    """Path and line of the change, or line 1 if it was removed: GitHub shows only lines of the file as it is now."""
    if change.kind == "remove":
        return change.path, 1
    line = effect.line if effect is not None and effect.line else change.line
    return change.path, line


def message(change: Change, effect: Effect, places: str = "") -> str:
    """One effect as a complete sentence; `places` are the stacks, empty if all have it."""
    key = f"{effect.key}: " if effect.key else ""
    maybe = " (perhaps)" if effect.maybe else ""
    part = f" ({places})" if places else ""
    remedy = f". Remedy: {effect.remedy}" if effect.remedy else ""
    return f"{change.logical_id}: {key}{effect.sentence}{maybe}{part}{remedy}"


_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def github(review: Review) -> str:
    """One line a change with its worst effect, worst first (GitHub shows ten of each level), then the counts."""
    rows = shared_changes(review)
    lines = [_line(row) for row in rows if row.change.outcome > Verdict.METADATA or row.change.alert]
    summary = command_data(f"{review.before} -> {review.after}: {counts_text(rows)}")
    return "".join(f"{line}\n" for line in [*lines, f"::notice title=aurora-cfn review::{summary}"])


def _line(row: SharedChange) -> str:
    change, first = row.change, row.effects[0]
    path, line = place(change, first.what)
    command = _COMMANDS[level(change, row.refused)]
    position = f"file={command_property(path)},line={max(line, 1)}," if path else ""
    heading = command_property(f"{change.outcome.word}: {stack_names(row.template, row.stacks)}")
    text = message(change, first.what, where(row) or only(row, first))
    return f"::{command} {position}title={heading}::{command_data(text)}"


def junit(review: Review) -> str:
    """The JUnit document; a template without changes has one passing case."""
    suites = [_suite(template) for template in shared(review)]
    failures = sum(count for _, count, _ in suites)
    tests = sum(count for _, _, count in suites)
    return junit_text("aurora-cfn review", [text for text, _, _ in suites], tests, failures)


def _suite(template: SharedTemplate) -> tuple[str, int, int]:
    suite = attribute(template.path if len(template.stacks) > 1 else template.stacks[0].name)
    cases = [_case(row, suite) for row in template.changes()]
    failures = sum(failed for _, failed in cases)
    lines = [text for text, _ in cases] or [f'    <testcase classname={suite} name="no changes"/>']
    return junit_suite(suite, lines, failures), failures, len(lines)


def _case(row: SharedChange, suite: str) -> tuple[str, bool]:
    change = row.change
    failed = level(change, row.refused) == "error"
    sentences = (message(change, effect.what, only(row, effect)) for effect in row.effects)
    details = body([*filter(None, [where(row)]), *sentences])
    name = f"{change.outcome.word}: {title(change)}"
    position = f' file={attribute(change.path)} line="{change.line}"' if change.path else ""
    head = f"    <testcase classname={suite} name={attribute(name)}{position}>"
    first = attribute(change.effects[0].sentence)
    inner = (
        f"      <failure type={attribute(change.outcome.word)} message={first}>{details}</failure>"
        if failed
        else f"      <system-out>{details}</system-out>"
    )
    return f"{head}\n{inner}\n    </testcase>", failed


_MEANINGS = {
    Verdict.DATA_LOSS: ("Data is lost", "error"),
    Verdict.FAILS: ("AWS refuses the update or rolls it back", "error"),
    Verdict.NOT_JUDGED: ("Only CloudFormation can work out what changes", "warning"),
    Verdict.REPLACE: ("A physical resource goes", "warning"),
    Verdict.INTERRUPTION: ("Connected clients are affected", "warning"),
    Verdict.IN_PLACE: ("Updated in place", "note"),
    Verdict.METADATA: ("Nothing that is deployed changes", "note"),
}
_ORDER = sorted(Verdict, reverse=True)


def sarif(review: Review) -> str:
    """The SARIF document; without changes of metadata, which need no action."""
    results = [
        _result(row, effect)
        for row in shared_changes(review)
        for effect in row.effects
        if effect.what.outcome > Verdict.METADATA or effect.what.alert
    ]
    return sarif_text([_rule(verdict) for verdict in _ORDER], results)


def _rule(verdict: Verdict) -> dict[str, Any]:
    sentence, default = _MEANINGS[verdict]
    return {
        "id": f"review/{verdict.word}",
        "name": verdict.name.title().replace("_", ""),
        "shortDescription": {"text": sentence},
        "defaultConfiguration": {"level": default},
    }


def _result(row: SharedChange, part: InStacks[Effect]) -> dict[str, Any]:
    change, effect = row.change, part.what
    refused = (effect.guarded or (effect.fails and not effect.maybe)) and any(
        refuses(stack, change) for stack in part.stacks
    )
    path, line = place(change, effect)
    found: dict[str, Any] = {
        "ruleId": f"review/{effect.outcome.word}",
        "ruleIndex": _ORDER.index(effect.outcome),
        "level": _level(change, effect, refused),
        "message": {"text": message(change, effect, stack_names(row.template, part.stacks))},
        "partialFingerprints": {"change/v2": _fingerprint(row, part)},
    }
    if path:
        physical = {"artifactLocation": {"uri": path}, "region": {"startLine": max(line, 1)}}
        found["locations"] = [{"physicalLocation": physical}]
    return found


def _level(change: Change, effect: Effect, refused: bool) -> str:
    alone = Change(change.kind, change.section, change.logical_id, (effect,))
    return level(alone, refused)


def _fingerprint(row: SharedChange, part: InStacks[Effect]) -> str:
    """A hash that stays the same between pushes, and when another environment starts to use the template."""
    change, effect = row.change, part.what
    # The stacks count only where they differ, so that the fingerprint survives another environment.
    own = [stack.name for stack in part.stacks] if len(part.stacks) < len(row.stacks) else []
    parts = (row.template.path, change.path, change.section, change.logical_id, effect.key, effect.verdict.word, *own)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
