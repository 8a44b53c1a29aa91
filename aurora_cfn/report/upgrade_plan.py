"""A plan of an upgrade as lines, as rows and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aurora_cfn.model.rows import Rows
from aurora_cfn.model.upgrade_plan import Method, Setting, UpgradePlan
from aurora_cfn.report.inspection import verdict_lines
from aurora_cfn.report.text import escaped_json, folded, shown

_COLUMNS = ("stack", "cluster", "about", "name", "state", "text")
_INDENT = " " * 14


def upgrade_lines(plan: UpgradePlan, columns: int) -> list[str]:
    """The step, what is offered, a line a method, the checks, and the lines of the params file to change."""
    lines = [f"{plan.cluster}: {step(plan)}"]
    lines += [f"  {name:<11} {text}" for name, text in _facts(plan)]
    found = [part for line in lines for part in folded(shown(line), columns, _INDENT).split("\n")]
    if plan.checks:
        found.append("  checks of the data")
        found += [f"    {line}" for line in verdict_lines(plan.checks, columns - 4).splitlines()]
    if plan.settings:
        found.append(f"  {plan.path}")
        found += [f"    {line_of(row)}" for row in plan.settings]
    return found


def step(plan: UpgradePlan) -> str:
    """`17.7 -> 18.6, major`, or that there is no newer minor version."""
    target = plan.target
    if target is None:
        return f"{plan.version}: no newer minor version is offered"
    if target.version == plan.version:
        return f"{plan.version} runs already"
    return f"{plan.version} -> {target.version}, a {'major' if target.major else 'minor'} upgrade that is offered"


def line_of(row: Setting) -> str:
    """`line 12: EngineVersion: "17.7" -> "18.6"`; a parameter that is not in the file is added."""
    if not row.before:
        return f'add {row.parameter}: "{row.after}" to the parameters of the stack in line {row.line}'
    return f'line {row.line}: {row.parameter}: "{row.before}" -> "{row.after}"'


def upgrade_rows(plan: UpgradePlan) -> Rows:
    """A row for each fact, for csv."""
    head = (plan.stack, plan.cluster)
    rows: list[tuple[str, ...]] = [(*head, "version", plan.version, "", plan.support)]
    rows += [(*head, "offered", row.version, "major" if row.major else "minor", "") for row in plan.offered]
    rows += [(*head, "method", row.name, _state(row), _text(row)) for row in plan.methods]
    rows += [(*head, "check", row.name, row.grade, row.text) for row in plan.checks]
    rows += [(*head, "setting", row.parameter, "", line_of(row)) for row in plan.settings]
    rows += [(*head, "note", "", "", text) for text in (*plan.by_hand, *plan.notes)]
    return Rows.of(_COLUMNS, rows)


def upgrade_json(plan: UpgradePlan) -> str:
    """One JSON object."""
    given: dict[str, Any] = {
        "stack": plan.stack,
        "cluster": plan.cluster,
        "engine": plan.engine,
        "version": plan.version,
        "support": plan.support,
        "target": plan.target and {"version": plan.target.version, "major": plan.target.major},
        "offered": [
            {"version": row.version, "major": row.major, "automatic": row.automatic} for row in plan.offered
        ],
        "methods": [
            {"name": row.name, "ready": row.ready, "refusals": row.refusals, "interruption": row.interruption,
             "notes": row.notes} for row in plan.methods
        ],
        "checks": [{"check": row.name, "grade": row.grade, "text": row.text} for row in plan.checks],
        "path": plan.path,
        "settings": [
            {"parameter": row.parameter, "before": row.before, "after": row.after, "line": row.line}
            for row in plan.settings
        ],
        "notes": [*plan.by_hand, *plan.notes],
    }  # fmt: skip
    return escaped_json(given, indent=1) + "\n"


def _facts(plan: UpgradePlan) -> Iterator[tuple[str, str]]:
    if plan.support:
        yield "support", plan.support
    yield "offered", ", ".join(f"{row.version}{' (major)' * row.major}" for row in plan.offered) or "nothing"
    for row in plan.methods:
        yield row.name, f"{_state(row)}: {_text(row)}"
    for text in plan.by_hand:
        yield "by hand", text
    for text in plan.notes:
        yield "note", text


def _state(row: Method) -> str:
    return "ready" if row.ready else "refused"


def _text(row: Method) -> str:
    return "; ".join(row.refusals or (row.interruption, *row.notes))
