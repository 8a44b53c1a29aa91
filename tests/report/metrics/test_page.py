"""The HTML page and the data of metrics."""

from __future__ import annotations

import json
from dataclasses import replace

from aurora_cfn.model.database_metrics import MonthCost
from aurora_cfn.report.metrics.data import metric_rows, metrics_json, points_of
from aurora_cfn.report.metrics.page import metrics_page, pieces
from aurora_cfn.report.text import escaped_json
from tests.fakes.clock import START
from tests.report.metrics.test_plots import CAPACITY, FOUND, hourly
from tests.report.page_reader import parsed

EVIL = "<script>alert(1)</script>\"'&"


def test_the_page_is_whole_and_needs_nothing_from_elsewhere() -> None:
    cost = MonthCost(START, {"w": 10}, 0.14, None, None, None, "2026-09-19")
    reader = parsed(metrics_page([replace(FOUND, cost=cost), replace(FOUND, database="other", series=())], "dev"))
    assert reader.tags.count("svg") == 2
    assert reader.tags.count("section") == 2
    # Two pieces: between them nothing was measured.
    assert reader.tags.count("polyline") == 2 + 2
    assert not {"script", "link", "img", "iframe"} & set(reader.tags)
    assert not [value for name, value in reader.attributes if name in {"src", "href"} or name.startswith("on")]
    assert "10.0 ACU-hours = 1.40 USD of compute" in " ".join(reader.words)
    page = metrics_page([FOUND], "dev")
    assert "http" not in page.replace("http-equiv", "")
    assert "prefers-color-scheme:dark" in page


def test_what_comes_from_aws_is_escaped() -> None:
    evil = replace(FOUND, database=EVIL, notes=(EVIL,), series=(replace(CAPACITY, source=EVIL), CAPACITY))
    reader = parsed(metrics_page([evil], EVIL))
    assert "script" not in reader.tags
    assert EVIL in "".join(reader.words)
    assert ("aria-label", f"capacity, ACU  {EVIL}") in reader.attributes


def test_a_curve_ends_where_nothing_was_measured() -> None:
    assert [len(piece) for piece in pieces(hourly(1, 2, None, None, 3), 3600)] == [2, 1]
    assert pieces((), 60) == []


def test_rows_have_a_point_each() -> None:
    rows = metric_rows([FOUND])
    assert [column.name for column in rows.columns] == [
        "stack", "database", "source", "metric", "unit", "at", "value",
    ]  # fmt: skip
    assert len(rows.rows) == 7 + 2
    assert rows.rows[2] == ("db-dev", "c", "w", "capacity", "ACU", "2026-11-21T14:00:00+00:00", 4)


def test_json_has_everything_and_null_for_what_is_not_known() -> None:
    cost = MonthCost(START, {"w": 10}, None, None, None, None, "")
    (found,) = json.loads(metrics_json([replace(FOUND, cost=cost)]))
    assert (found["pauses"], found["paused_seconds"], found["max_capacity"]) == (2, 10800, 16)
    assert found["series"][0]["points"][2] == ["2026-11-21T14:00:00+00:00", 4]
    assert found["advice"] == [{"setting": "MaxCapacity", "value": "32", "reason": "it was at the limit"}]
    assert (found["cost"]["compute"], found["cost"]["acu_hours"]) == (None, {"w": 10})
    point = json.loads(escaped_json(next(iter(points_of(FOUND)))))
    assert (point["metric"], point["value"]) == ("capacity", 0)
