"""The page of the side-by-side bench, without running a tool."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.bench.peers.page import PAGE, Row, measured_part, with_part
from tests.bench.peers.timed import Run, timed

OURS = (Run(1.0, 0.8, 40), Run(2.0, 0.8, 40), Run(3.0, 0.8, 40))
VERSIONS = {"aurora-cfn": "0.1", "Other": "2.0"}


@pytest.mark.parametrize(
    ("theirs", "cell", "ahead"),
    [
        # The median of the pairs, not the ratio of the medians.
        ((Run(2.0, 1.6, 80), Run(8.0, 1.6, 80), Run(6.0, 1.6, 80)), "x2.00 (x2.00), 80 MiB", ""),
        ((Run(0.5, 1.6, 20),) * 3, "x0.25 (x2.00), 20 MiB", "- Other, help: wall clock x0.25, memory x0.50"),
        ((Run(2.0, 0.78, 39),) * 3, "x1.00 (x0.97), 39 MiB", ""),
    ],
    ids=["behind", "ahead", "within the noise"],
)
def test_other_tools_stand_as_ratios_and_where_they_are_ahead(theirs: Sequence[Run], cell: str, ahead: str) -> None:
    row = Row("help", {"aurora-cfn": OURS, "Other": theirs})
    part = measured_part([row], VERSIONS, "today")
    assert f"| help | 2.00 s (0.80), 40 MiB | {cell} |" in " ".join(part.split())
    assert (ahead or "- nowhere in this run") in part


def test_a_tool_that_has_no_such_work_has_no_figure() -> None:
    assert Row("lint one", {"aurora-cfn": OURS}).cell("Other", list(VERSIONS)) == "-"


def test_only_the_measured_part_of_the_page_is_replaced() -> None:
    page = PAGE.read_text()
    new = with_part(page, "peers", "new\n")
    assert "<!-- measured: peers -->\nnew\n<!-- /measured -->" in new
    assert new.partition("<!-- /measured")[2] == page.partition("<!-- /measured")[2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not count the peak memory of children")
def test_a_run_has_its_figures_and_a_failure_its_words(tmp_path: Path) -> None:
    run = timed([sys.executable, "-c", ""], tmp_path, os.environ)
    assert run.wall > 0
    assert 0 < run.memory < 100
    with pytest.raises(SystemExit, match="ended with 3:\nno such stack"):
        timed(["sh", "-c", "echo no such stack; exit 3"], tmp_path, os.environ)
