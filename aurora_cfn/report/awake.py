"""Why databases are awake, as lines, as rows and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.model.awake import AwakeReport, Reason, SavedPauses
from aurora_cfn.model.rows import Rows
from aurora_cfn.report.text import amount, cents, duration, escaped_json, folded, shown

_COLUMNS = ("stack", "database", "state", "effect", "text", "remedy")


def awake_lines(report: AwakeReport, columns: int) -> list[str]:
    """The database with its state, a line a reason, and what pauses would have saved."""
    size = max((len(reason.effect) for reason in report.reasons), default=0)
    lines = [f"{report.database}: {state_text(report)}"]
    lines += [f"  {_effect(reason):<{size}}  {shown(reason.text)}{_remedy(reason)}" for reason in report.reasons]
    if report.saved:
        lines.append(f"  {saved_text(report)}")
    indent = " " * (size + 4)
    return folded_lines(lines, columns, indent)


def folded_lines(lines: Sequence[str], columns: int, indent: str) -> list[str]:
    """Each line folded to that many columns."""
    return [part for line in lines for part in folded(line, columns, indent).split("\n")]


def state_text(report: AwakeReport) -> str:
    """`awake since 2026-11-28 09:18 UTC (6h40m); may pause after 3h00m without a connection`."""
    if report.state == "never":
        return "cannot pause" if report.blocked else "does not pause"
    wait = f"; may pause after {duration(report.pause_after)} without a connection"
    may = "; cannot pause" if report.blocked else wait
    if report.state == "unknown":
        return f"paused or awake: not known, CloudWatch has no capacity of the last minutes{may}"
    if report.since is None:
        length = duration((report.at - report.from_).total_seconds())
        return f"{report.state} for all of the last {length}{may}"
    length = duration((report.at - report.since).total_seconds())
    return f"{report.state} since {report.since:%Y-%m-%d %H:%M} UTC ({length}){may}"


def saved_text(report: AwakeReport) -> str:
    """A sentence about what pauses would have saved."""
    saved = report.saved
    if saved is None:
        return ""
    money = "" if saved.dollars is None else f", {saved.dollars:,.2f} USD at the list price of {saved.priced}"
    hours = f"{saved.acu_hours:,.1f} ACU-hours{money}"
    length = duration((report.at - report.from_).total_seconds())
    if not saved.connections:
        return f"in the last {length} it could have paused {amount(saved.pauses, 'time')}: about {hours}"
    always = f"if the {amount(saved.connections, 'connection')} that stayed open did no work"
    return f"in the last {length} it could have paused {amount(saved.pauses, 'time')}: at most {hours}, {always}"


def awake_rows(reports: Sequence[AwakeReport]) -> Rows:
    """A row for each reason of each database; one without reasons has a row with its state alone."""
    rows: list[tuple[str, ...]] = []
    for report in reports:
        head = (report.stack, report.database, report.state)
        found = [(*head, reason.effect, reason.text, reason.remedy) for reason in report.reasons]
        rows += found or [(*head, "", "", "")]
    return Rows.of(_COLUMNS, rows)


def awake_json(reports: Sequence[AwakeReport]) -> str:
    """A JSON array with an object for each database."""
    return escaped_json([_object(report) for report in reports], indent=1) + "\n"


def _object(report: AwakeReport) -> dict[str, object]:
    return {
        "stack": report.stack,
        "database": report.database,
        "state": report.state,
        "since": report.since.isoformat() if report.since else None,
        "from": report.from_.isoformat(),
        "at": report.at.isoformat(),
        "pause_after_seconds": report.pause_after or None,
        "blocked": report.blocked,
        "reasons": [
            {"effect": reason.effect, "text": reason.text, **({"remedy": reason.remedy} if reason.remedy else {})}
            for reason in report.reasons
        ],
        "could_have_saved": _saved(report.saved),
    }


def _saved(saved: SavedPauses | None) -> dict[str, object] | None:
    if saved is None:
        return None
    return {
        "pauses": saved.pauses,
        "acu_hours": round(saved.acu_hours, 2),
        "connections_always_open": saved.connections,
        "usd": cents(saved.dollars),
        "price_of": saved.priced or None,
    }


def _effect(reason: Reason) -> str:
    return reason.effect.upper() if reason.effect == "blocks" else reason.effect


def _remedy(reason: Reason) -> str:
    return f"; to change it: {shown(reason.remedy)}" if reason.remedy else ""
