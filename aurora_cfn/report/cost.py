"""An estimate as text, a curve as a sparkline, a change as before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_cfn.model.cost import HOURS, CostChange, CostLine, CurvePoint, Estimate, UseLine
from aurora_cfn.model.review import Panel

_BARS = "▁▂▃▄▅▆▇█"
UNKNOWN = "?"


def cost_text(found: Estimate, points: Sequence[CurvePoint], *, name: str) -> str:
    """The whole report for a terminal."""
    parts = [_head(found, name), _table(found), _uses(found), _unknown(found), list(found.notes), sparkline(points)]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def change_text(change: CostChange) -> list[str]:
    """The lines that a change moves, both sums and the day of the prices; empty when nothing is moved."""
    if not change.lines:
        return []
    rows = [f"{_what(pair)}: {_amount(pair[0])} -> {_amount(pair[1])}" for pair in change.lines]
    total = f"in all, USD a month: {_sum(change.before)} -> {_sum(change.after)}"
    day = change.after.oldest or change.before.oldest
    prices = [f"list prices of {change.after.region}, read {day} or later"] if day else []
    return [*rows, total, *prices]


def cost_panel(change: CostChange, name: str) -> Panel | None:
    """The part of a review about the cost of that environment; None when the change moves none."""
    lines = change_text(change)
    if not lines:
        return None
    sums = {
        side: {"low": round(found.low, 2), "high": round(found.high, 2), "complete": found.complete}
        for side, found in (("before", change.before), ("after", change.after))
    }
    return Panel(f"cost a month in {name}", tuple(lines), {"currency": "USD", "region": change.after.region, **sums})


def sparkline(points: Sequence[CurvePoint]) -> list[str]:
    """The curve over active hours a day, at the most and at the least capacity, with the amounts at three places."""
    if not points:
        return []
    top = max(point.high for point in points) or 1.0
    lines = ["over active hours a day (0 to 24)"]
    for name, amounts in (("at the most", [p.high for p in points]), ("at the least", [p.low for p in points])):
        bars = "".join(_BARS[min(len(_BARS) - 1, int(amount / top * len(_BARS)))] for amount in amounts)
        told = ", ".join(f"{hours} h {amounts[hours]:,.2f}" for hours in (0, 8, 24))
        lines.append(f"  {name:<12}  {bars}  {told}")
    return lines


def _head(found: Estimate, name: str) -> list[str]:
    day = f", read {found.oldest} or later" if found.oldest else ""
    return [
        f"{name} in {found.region}: USD {_range(found.low, found.high)} a month of {HOURS} hours{_more(found)}",
        f"list prices{day}; without taxes, discounts, free allowances, data transfer and use",
    ]


def _table(found: Estimate) -> list[str]:
    rows = [("at least", "at most", "")]
    rows += [(_dollars(line.low), _dollars(line.high), f"{line.stack}: {line.what}") for line in found.lines]
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return [f"{low:>{wide[0]}}  {high:>{wide[1]}}  {what}".rstrip() for low, high, what in rows]


def _uses(found: Estimate) -> list[str]:
    rows = [f"  {row.stack}: {row.what}, {_by(row)}" for row in found.uses]
    return ["and by use", *rows] if rows else []


def _by(row: UseLine) -> str:
    if not row.item:
        return f"by {row.unit}"
    return f"{row.dollars:g} per {row.unit}" if row.dollars is not None else f"price not known per {row.unit}"


def _unknown(found: Estimate) -> list[str]:
    return list(_unknown_lines(found))


def _unknown_lines(found: Estimate) -> Iterator[str]:
    missing = dict.fromkeys(line.item for line in found.lines if line.high is None and line.item)
    if missing:
        told = " ".join(f"--price {item}=USD" for item in missing)
        yield f"not in the sum, because no price is known in {found.region}: give it with {told}"
    if found.unpriced:
        kinds = ", ".join(f"{count} x {kind}" for kind, count in found.unpriced.items())
        yield f"not in the sum, because nothing is known about the price: {kinds}"


def _what(pair: tuple[CostLine | None, CostLine | None]) -> str:
    before, after = pair
    words = [f"{line.stack}: {line.what}" for line in (before, after) if line]
    if len(words) == 2 and words[0] != words[1] and before and after:
        return f"{words[0]} -> {after.what}"
    return words[0]


def _amount(line: CostLine | None) -> str:
    return "-" if line is None else _range(line.low, line.high)


def _sum(found: Estimate) -> str:
    return _range(found.low, found.high) + _more(found)


def _more(found: Estimate) -> str:
    return "" if found.complete else ", and what is unknown"


def _range(low: float | None, high: float | None) -> str:
    return _dollars(high) if _dollars(low) == _dollars(high) else f"{_dollars(low)} to {_dollars(high)}"


def _dollars(amount: float | None) -> str:
    return UNKNOWN if amount is None else f"{amount:,.2f}"
