from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import pytest

from aurora_cfn.model.cost import CostChange, CostLine, CurvePoint, Estimate, UseLine
from aurora_cfn.report.cost import change_text, cost_json, cost_panel, cost_svg, cost_text, sparkline

POINTS = tuple(CurvePoint(hours, hours * 2.0, hours * 10.0) for hours in range(25))
FOUND = Estimate(
    "eu-west-1",
    lines=(CostLine("db", "cluster", 0.0, 1234.5), CostLine("vpn", "association", None, None, "vpn_association_hour")),
    uses=(UseLine("db", "I/O", "million I/O", None, "io_million"), UseLine("db", "storage", "GB-month", 0.11, "s"),
          UseLine("db", "AWS::Lambda::Function", "requests")),
    unpriced={"AWS::Odd::Thing": 2},
    notes=("db: a note",),
    oldest=date(2026, 9, 19),
)  # fmt: skip


def test_the_report_says_range_date_use_and_what_is_unknown() -> None:
    assert cost_text(FOUND, POINTS, name="dev").splitlines() == [
        "dev in eu-west-1: USD 0.00 to 1,234.50 a month of 730 hours, and what is unknown",
        "list prices, read 2026-09-19 or later; without taxes, discounts, free allowances, data transfer and use",
        "",
        "at least   at most",
        "    0.00  1,234.50  db: cluster",
        "       ?         ?  vpn: association",
        "",
        "and by use",
        "  db: I/O, price not known per million I/O",
        "  db: storage, 0.11 per GB-month",
        "  db: AWS::Lambda::Function, by requests",
        "",
        "not in the sum, because no price is known in eu-west-1: give it with --price vpn_association_hour=USD",
        "not in the sum, because nothing is known about the price: 2 x AWS::Odd::Thing",
        "",
        "db: a note",
        "",
        "over active hours a day (0 to 24)",
        "  at maximum    ▁▁▁▂▂▂▃▃▃▄▄▄▅▅▅▆▆▆▇▇▇████  0 h 0.00, 8 h 80.00, 24 h 240.00",
        "  at minimum    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▂▂▂▂▂▂▂▂▂▂  0 h 0.00, 8 h 16.00, 24 h 48.00",
    ]


def test_no_curve_no_sparkline() -> None:
    assert sparkline(()) == []
    assert sparkline([CurvePoint(hours, 0, 0) for hours in range(25)])[1].count("▁") == 25


def test_json_has_null_for_what_is_unknown() -> None:
    document = json.loads(cost_json(FOUND, POINTS, name="dev"))
    assert (document["low"], document["high"], document["complete"], document["prices_read"]) == (
        0,
        1234.5,
        False,
        "2026-09-19",
    )
    assert document["lines"][1] == {"stack": "vpn", "what": "association", "low": None, "high": None,
                                "item": "vpn_association_hour"}  # fmt: skip
    assert (len(document["curve"]), document["unpriced"]) == (25, {"AWS::Odd::Thing": 2})


@pytest.fixture
def change() -> CostChange:
    before = Estimate("r", (CostLine("db", "a | b: 1", 1, 2), CostLine("db", "gone", 3, 3)))
    after = Estimate("r", (CostLine("db", "a | b: 2", 1, 4),))
    return CostChange(before, after, ((before.lines[0], after.lines[0]), (before.lines[1], None)))


def test_a_change_as_text(change: CostChange) -> None:
    assert change_text(change) == [
        "db: a | b: 1 -> a | b: 2: 1.00 to 2.00 -> 1.00 to 4.00",
        "db: gone: 3.00 -> -",
        "total, USD a month: 4.00 to 5.00 -> 1.00 to 4.00",
    ]


@pytest.mark.parametrize("dated", ["before", "after"])
def test_a_change_shows_the_day_of_its_prices(change: CostChange, dated: str) -> None:
    sides = {"before": change.before, "after": change.after}
    sides[dated] = replace(sides[dated], oldest=date(2026, 6, 19))
    found = change_text(CostChange(sides["before"], sides["after"], change.lines))
    assert found[-1] == "list prices of r, read 2026-06-19 or later"


def test_a_change_as_a_panel_of_a_review(change: CostChange) -> None:
    panel = cost_panel(change, "dev")
    assert panel
    assert (panel.title, panel.lines) == ("cost a month in dev", tuple(change_text(change)))
    assert panel.data["after"] == {"low": 1, "high": 4, "complete": True}


def test_nothing_moved_nothing_is_shown() -> None:
    same = CostChange(FOUND, FOUND)
    assert (change_text(same), cost_panel(same, "dev")) == ([], None)


@pytest.mark.parametrize("most", [0.0, 0.4, 99.0, 52326.8])
def test_the_picture_is_well_formed_and_stays_inside(most: float) -> None:
    points = [CurvePoint(hours, most * hours / 48, most * hours / 24) for hours in range(25)]
    picture = ET.fromstring(cost_svg(points, 'a <b> & "c"'))
    space = "{http://www.w3.org/2000/svg}"
    assert picture.get("aria-label") == 'a <b> & "c"'
    assert picture.find(f"{space}text[@class='title']").text == 'a <b> & "c"'  # type: ignore[union-attr]
    for line in picture.findall(f"{space}polyline"):
        pairs = [pair.split(",") for pair in line.get("points", "").split()]
        assert len(pairs) == 25
        assert all(84 <= float(x) <= 696 and 64 <= float(y) <= 360 for x, y in pairs)
