"""The load as plots, shares, rows, JSON and a page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from aurora_cfn.model.database_metrics import DatabaseMetrics, Grouping, Series
from aurora_cfn.report.metrics.data import metric_rows, metrics_json, points_of
from aurora_cfn.report.metrics.page import metrics_page
from aurora_cfn.report.metrics.plots import plot_lines
from aurora_cfn.report.text import escaped_json, width
from tests.fakes.clock import START
from tests.report.metrics.test_plots import hourly
from tests.report.page_reader import parsed


def part(by: Grouping, of: str, *values: float | None, source: str = "w") -> Series:
    return Series("load", source, "average active sessions", hourly(*values), by, of)


SLOW = "select *\n  from orders\n where note = ?"
FOUND = DatabaseMetrics(
    "db-dev", "c", START, START + timedelta(hours=4), 3600,
    (
        part("total", "", 0, 4, 2, 2),
        part("wait", "CPU", None, 1, 1, 0), part("wait", "IO:DataFileRead", None, 3, 1, 1),
        part("statement", "commit", None, None, 1), part("statement", SLOW, None, 4, 1, 1),
    ),
)  # fmt: skip


def test_a_plot_of_all_then_waits_on_its_scale_then_statements() -> None:
    assert plot_lines(FOUND, 80) == [
        "c, 2026-11-21 12:00 to 2026-11-21 16:00 UTC, 1h00m a point",
        "load, average active sessions: 0 to 4, 2 in the mean, last 2",
        "      5 ┤ ▄",
        "        │ █▂▂",
        "      0 ┼_███",
        "   1.25   62%  IO:DataFileRead   ▅▂▂",
        "   0.50   25%  CPU               ▂▂_",
        "   0.25   12%  other",
        "by statement:",
        "   1.50   75%  select * from orders where note = ?",
        "   0.25   12%  commit",
        "   0.25   12%  other statements, and sessions without one",
    ]


def test_narrow_terminals_and_several_instances() -> None:
    lines = plot_lines(FOUND, 40)
    assert max(map(width, lines)) <= 40
    assert {"   1.25   62%  IO:DataFileRead", "   0.25   12%  other statements, and ses"} <= set(lines)
    both = replace(FOUND, series=(*FOUND.series, part("total", "", 1, 1, 1, 1, source="r"),
                                  part("wait", "\x1b[31m", 1, 1, 1, 1, source="r")))  # fmt: skip
    lines = plot_lines(both, 80)
    assert [line.partition(":")[0] for line in lines if "sessions  " in line] == [
        "load, average active sessions  w", "load, average active sessions  r",
    ]  # fmt: skip
    assert any("100%  \\x1b[31m" in line for line in lines)


def test_no_load_has_no_shares() -> None:
    idle = replace(FOUND, series=(part("total", "", 0, 0), part("wait", "CPU", 0, 0)))
    assert plot_lines(idle, 80)[-1].startswith("   0.00    0%  CPU")


def test_rows_and_json_say_what_each_part_is_grouped_by() -> None:
    rows = metric_rows([FOUND])
    assert [column.name for column in rows.columns][3:6] == ["metric", "by", "of"]
    assert rows.rows[4][3:] == ("load", "wait", "CPU", "average active sessions", "2026-11-21T13:00:00+00:00", 1)
    assert json.loads(escaped_json(next(iter(points_of(FOUND)))))["by"] == "total"
    (found,) = json.loads(metrics_json([FOUND]))
    assert [(row["by"], row["of"], row["mean"]) for row in found["series"]] == [
        ("total", "", 2), ("wait", "CPU", 0.5), ("wait", "IO:DataFileRead", 1.25), ("statement", "commit", 0.25),
        ("statement", SLOW, 1.5),
    ]  # fmt: skip


def test_the_page_plots_waits_and_lists_statements_escaped() -> None:
    evil = "<script>alert(1)</script>"
    named = replace(FOUND, series=(*FOUND.series[:3], part("statement", evil, 1)))
    reader = parsed(metrics_page([named], "dev"))
    assert reader.tags.count("svg") == 3
    assert "script" not in reader.tags
    assert evil in "".join(reader.words)
    assert ("aria-label", "load, average active sessions: CPU") in reader.attributes
