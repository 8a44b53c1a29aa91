"""Waived findings: each with its reason and, if wanted, the day until which it holds.

In the Metadata of a resource, or of the template for all of it::

    aurora-cfn:
      suppress:
        - {id: W9022, reason: "a scratch database, nothing in it is ours", until: "2027-01-31"}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from aurora_cfn.model.finding import Finding, Severity
from aurora_cfn.model.value import Path, member
from aurora_cfn.yamltext import Document

UNREASONED: Final = "E9401"
EXPIRED: Final = "W9402"
NEEDLESS: Final = "W9403"
BARE_IGNORE: Final = "I9404"
EXPLAINED: Final = {
    UNREASONED: (
        "A suppression without a reason",
        "Write {id: …, reason: …, until: YYYY-MM-DD}; until may be left out.",
    ),
    EXPIRED: ("A suppression whose day has passed", "Fix what the rule found, or decide again and give a later day."),
    NEEDLESS: ("A suppression of something that is not found", "Remove it: it would hide the finding when it comes."),
    BARE_IGNORE: (
        "A rule ignored for cfn-lint without a reason",
        "Add the ids under Metadata / aurora-cfn / suppress with their reasons.",
    ),
}
"""Rule id to what it is about and the fix; these findings cannot be suppressed themselves."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One waived rule; an empty `resource` means the whole template, no `until` means without an end."""

    rule: str
    resource: str
    reason: str
    until: date | None
    line: int
    key: str

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is one that is waived."""
        if self.resource:
            return finding.rule == self.rule and f"{finding.key}/".startswith(f"Resources/{self.resource}/")
        # A prefix is enough for the whole template, as in cfn-lint's ignore_checks.
        return finding.rule.startswith(self.rule)


def read_suppressions(document: Document, path: str) -> tuple[tuple[Suppression, ...], tuple[Finding, ...]]:
    """The suppressions of a template, and what is wrong in how they are written."""
    found: list[Suppression] = []
    complaints: list[Finding] = []
    for resource, place, metadata in _owners(document.value):
        rows = member(metadata, "aurora-cfn", "suppress")
        where = (*place, "aurora-cfn", "suppress")
        if rows is not None and not isinstance(rows, list):
            complaints.append(
                _complaint(UNREASONED, "suppress is a list of {id, reason, until}", document, path, where)
            )
        for number, row in enumerate(rows if isinstance(rows, list) else []):
            problem = _problem(row)
            spot = (*where, number)
            if problem:
                complaints.append(_complaint(UNREASONED, problem, document, path, spot))
            else:
                found.append(_suppression(row, resource, document, spot))
        bare, notes = _ignores(metadata, resource, document, path, place, found)
        found.extend(bare)
        complaints.extend(notes)
    return tuple(found), tuple(complaints)


def apply(
    findings: Sequence[Finding],
    suppressions: Sequence[Suppression],
    *,
    path: str,
    today: date,
    known: frozenset[str],
    judged: frozenset[str],
) -> Iterator[Finding]:
    """Findings that are not waived, and one for each suppression that has expired or waives nothing.

    `known` are the rules that exist; `judged` those whose absence makes a suppression needless.
    """
    valid = [row for row in suppressions if row.until is None or today <= row.until]
    for finding in findings:
        if not any(row.covers(finding) for row in valid):
            yield finding
    for row in suppressions:
        # From ignore_checks of cfn-lint, which BARE_IGNORE reports already.
        if not row.reason:
            continue
        if row not in valid:
            yield _about(EXPIRED, row, path, f"the suppression of {row.rule} ended on {row.until} ({row.reason})")
        elif row.rule not in known and not any(rule.startswith(row.rule) for rule in known):
            yield _about(NEEDLESS, row, path, f"no rule has the id {row.rule!r}")
        elif row.rule in judged and not any(row.covers(finding) for finding in findings):
            yield _about(NEEDLESS, row, path, f"{row.rule} finds nothing here: the suppression is needless")


def _owners(template: Any) -> Iterator[tuple[str, Path, Any]]:
    """Logical id (empty for the template itself), path and value of each Metadata."""
    yield "", ("Metadata",), member(template, "Metadata")
    resources = member(template, "Resources")
    if isinstance(resources, Mapping):
        for name in resources:
            yield name, ("Resources", name, "Metadata"), member(resources, name, "Metadata")


def _problem(row: Any) -> str:
    if not isinstance(row, Mapping) or not isinstance(row.get("id"), str) or not row["id"]:
        return "a suppression needs the id of a rule and a reason"
    unknown = sorted(set(row) - {"id", "reason", "until"})
    if unknown:
        return f"the suppression of {row['id']} has an unknown key {unknown[0]!r}"
    if not isinstance(row.get("reason"), str) or not row["reason"].strip():
        return f"the suppression of {row['id']} needs a reason"
    if row.get("until") is not None and _day(row["until"]) is None:
        return f"the suppression of {row['id']} ends on {row['until']!r}, which is not a day such as 2027-01-31"
    return ""


def _suppression(row: Mapping[str, Any], resource: str, document: Document, spot: Path) -> Suppression:
    return Suppression(
        rule=row["id"],
        resource=resource,
        reason=row["reason"].strip(),
        until=_day(row.get("until")),
        line=document.line(spot),
        key="/".join(map(str, spot)),
    )


def _ignores(
    metadata: Any, resource: str, document: Document, path: str, place: Path, reasoned: Sequence[Suppression]
) -> tuple[list[Suppression], list[Finding]]:
    """cfn-lint's own `ignore_checks`: applied, and reported where the same place gives no reason for them."""
    where = (*place, "cfn-lint", "config", "ignore_checks")
    rows = member(metadata, "cfn-lint", "config", "ignore_checks")
    ids = [row for row in rows if isinstance(row, str) and row] if isinstance(rows, list) else []
    explained = {row.rule for row in reasoned if row.resource == resource}
    bare = [rule for rule in ids if rule not in explained]
    line, key = document.line(where), "/".join(map(str, where))
    what = f"ignored without a reason: {', '.join(bare)}"
    notes = [_complaint(BARE_IGNORE, what, document, path, where)] if bare else []
    return [Suppression(rule, resource, "", None, line, key) for rule in bare], notes


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _complaint(rule: str, message: str, document: Document, path: str, where: Path) -> Finding:
    return _finding(rule, message, path, document.line(where), "/".join(map(str, where)))


def _about(rule: str, row: Suppression, path: str, message: str) -> Finding:
    return _finding(rule, message, path, row.line, row.key)


def _finding(rule: str, message: str, path: str, line: int, key: str) -> Finding:
    severities: dict[str, Severity] = {"E": "error", "W": "warning", "I": "info"}
    return Finding(rule, severities[rule[0]], f"{message}: {EXPLAINED[rule][1]}", path, line, 1, key)
