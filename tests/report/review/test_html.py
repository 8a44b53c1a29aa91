"""The HTML page of a review: parsed, with whatever a template may be called, and shown by a real browser."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from aurora_cfn.model.change import CREATED, Change, Effect, Verdict
from aurora_cfn.model.review import Panel, Review, StackReview
from aurora_cfn.model.value import Value
from aurora_cfn.report.review import FORMATS
from tests.report.page_reader import parsed
from tests.report.review.test_formats import CLUSTER, EMPTY, HOSTILE, REVIEW, hostile

COST = Panel(
    "cost a month in dev",
    ("total, USD a month: 10.00 to 40.00 -> 20.00 to 80.00",),
    {"currency": "USD", "before": {"low": 10.0, "high": 40.0, "complete": True},
     "after": {"low": 20.0, "high": 80.0, "complete": False}},
)  # fmt: skip


def page(review: Review) -> str:
    return FORMATS["html"](review)


@pytest.mark.parametrize(
    "words",
    [
        "Review of main → worktree", "1 data-loss", "1 replace", "Refused: 1", "a note",
        "allow it with --allow-replace DBCluster", "10 to 20 USD a month", "DATA LOSS",
        "AWS::RDS::DBCluster", "templates/db.yaml:10", "Properties.KmsKeyId a → Ref Key",
        "because parameter Key: a to b", "Remedy: keep the old value",
        "Properties.Max 2 → 4", "1 metadata change", "output Port", "Compared by: git",
    ],
)  # fmt: skip
def test_the_page_shows_all_of_a_review(words: str) -> None:
    assert words in parsed(page(REVIEW)).text


def test_stacks_resources_and_properties_are_a_tree_worst_first() -> None:
    text = parsed(page(REVIEW)).text
    places = [
        text.index(words) for words in ("db-dev (", "DBCluster AWS", "Properties.KmsKeyId", "Alarm", "output Port")
    ]
    assert places == sorted(places)
    assert "api-dev" not in text


def test_a_review_without_changes_says_so() -> None:
    assert "no changes" in parsed(page(EMPTY)).text


def test_cost_has_a_bar_before_and_one_after_on_one_scale() -> None:
    reader = parsed(page(replace(REVIEW, panels=(COST,))))
    widths = [float(value or 0) for name, value in reader.attributes if name == "width"]
    assert widths[1] == pytest.approx(2 * widths[0])
    assert "USD 10 to 40" in reader.text
    assert "USD 20 to 80 and more" in reader.text


@pytest.mark.parametrize("sums", [None, {"low": 0, "high": 0}])
def test_a_panel_without_sums_has_its_lines(sums: Mapping[str, Value]) -> None:
    panel = replace(COST, data={"before": sums, "after": sums})
    assert "total, USD a month" in parsed(page(replace(EMPTY, panels=(panel,)))).text


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_template_becomes_markup(text: str) -> None:
    tags = parsed(page(hostile("x"))).tags
    reader = parsed(page(hostile(text)))
    assert reader.tags == tags
    assert {name for name, _ in reader.attributes} == {name for name, _ in parsed(page(hostile("x"))).attributes}


def test_new_resources_are_folded_into_one_node() -> None:
    new = tuple(Change("add", "Resources", f"R{n}", (Effect(Verdict.IN_PLACE, CREATED),), "T") for n in range(3))
    reader = parsed(page(Review("a", "b", (StackReview("s", "t", (CLUSTER, *new)),))))
    assert reader.tags.count("details") == 1
    assert "3 new resources" in reader.text


BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no Chromium here, which would draw the page")
def test_a_browser_draws_the_page_and_runs_nothing_in_it(tmp_path: Path) -> None:
    assert BROWSER is not None
    file = tmp_path / "review.html"
    # Whatever got past the escapes: the policy of the page must keep a script from running.
    script = "<script>document.title='owned'</script></body>"
    file.write_text(page(replace(REVIEW, panels=(COST,))).replace("</body>", script), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command = [BROWSER, *options, "--dump-dom", file.as_uri()]
    drawn = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    assert "<title>Review of main → worktree</title>" in drawn
    assert "DATA LOSS" in drawn
