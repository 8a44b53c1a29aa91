"""Work under way as a tree that fits, and the counting behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.model.event import STACK_TYPE, StackEvent
from aurora_cfn.report.progress import Progress
from aurora_cfn.report.text import Branch, duration, tree_lines, width
from tests.fakes.clock import START

ROOT = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev/1"
NESTED = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev-Data-2/2"
CLUSTER = "AWS::RDS::DBCluster"

TREE = Branch(
    "db", 65, "1/3  UPDATE_IN_PROGRESS",
    (Branch("Topic", 3, "CREATE_IN_PROGRESS  AWS::SNS::Topic"),
     Branch("Data", 62, "2 done  UPDATE_IN_PROGRESS", (Branch("Cluster", 61, "UPDATE_IN_PROGRESS  X"),))),
)  # fmt: skip
WIDE = Branch("データベース", 1, "0/1  CREATE_IN_PROGRESS")


@pytest.mark.parametrize(
    ("branches", "columns", "rows", "lines"),
    [
        ([], 80, 10, []),
        ([TREE, Branch("api", 0.4)], 80, 10, [
            "  1m05s  db  1/3  UPDATE_IN_PROGRESS",
            "   3.0s    Topic  CREATE_IN_PROGRESS  AWS::SNS::Topic",
            "  1m02s    Data  2 done  UPDATE_IN_PROGRESS",
            "  1m01s      Cluster  UPDATE_IN_PROGRESS  X",
            "   0.4s  api",
        ]),
        ([TREE, Branch("api", 0.4)], 80, 4, [
            "  1m05s  db  1/3  UPDATE_IN_PROGRESS",
            "   3.0s    Topic  CREATE_IN_PROGRESS  AWS::SNS::Topic",
            "   0.4s  api",
            "         and 2 more",
        ]),
        ([TREE], 24, 1, ["         and 4 more"]),
        ([TREE], 80, 0, []),
        ([WIDE], 16, 5, ["   1.0s  データ"]),
        ([Branch("a\x1b[2Jb", 1, "x")], 80, 5, ["   1.0s  a\\x1b[2Jb  x"]),
    ],
)  # fmt: skip
def test_a_tree_as_lines(branches: list[Branch], columns: int, rows: int, lines: list[str]) -> None:
    assert tree_lines(branches, columns, rows) == lines


NAMES = st.text(st.sampled_from("ab語é\u0301 \x1b\n"), min_size=1, max_size=12)
LEAVES = st.builds(Branch, NAMES, st.floats(0, 1e6), NAMES)
BRANCHES = st.recursive(LEAVES, lambda below: st.builds(Branch, NAMES, st.just(1.0), NAMES, st.tuples(below, below)))


@given(st.lists(BRANCHES, max_size=5), st.integers(1, 60), st.integers(0, 12))
def test_no_tree_is_wider_or_higher_than_its_room(branches: list[Branch], columns: int, rows: int) -> None:
    lines = tree_lines(branches, columns, rows)
    assert len(lines) <= rows
    assert all(width(line) <= columns and "\n" not in line and "\x1b" not in line for line in lines)


def event(seconds: float, status: str, name: str = "db-dev", stack: str = ROOT, physical: str = "") -> StackEvent:
    of_stack = name.startswith("db-dev")
    kind = STACK_TYPE if of_stack or name == "Data" else CLUSTER
    stack_name = stack.split("/")[1]
    at = START + timedelta(seconds=seconds)
    return StackEvent(f"{seconds}{name}{status}", stack, stack_name, name, physical or stack if of_stack else physical,
                      kind, status, at)  # fmt: skip


def test_nested_stacks_stand_below_their_own_with_their_own_times() -> None:
    progress = Progress("db", 3, began=100)
    for row in (
        event(0, "UPDATE_IN_PROGRESS"),
        event(1, "CREATE_IN_PROGRESS", "Topic"),
        event(2, "UPDATE_IN_PROGRESS", "Data", physical=NESTED),
        event(3, "UPDATE_IN_PROGRESS", "db-dev-Data-2", NESTED),
        event(4, "CREATE_COMPLETE", "Group", NESTED),
        event(5, "UPDATE_IN_PROGRESS", "Cluster", NESTED),
        event(6, "CREATE_IN_PROGRESS", "Topic", physical="x"),
        event(7, "CREATE_COMPLETE", "Topic", physical="x"),
    ):
        progress.take(row, now=110)
    # The newest event was seen at 110; a minute later everything is a minute older.
    assert progress.branch(170) == Branch(
        "db", 70, "1/3  UPDATE_IN_PROGRESS",
        (Branch("Data", 65, "1 of 2 begun  UPDATE_IN_PROGRESS",
                (Branch("Cluster", 62, f"UPDATE_IN_PROGRESS  {CLUSTER}"),)),),
    )  # fmt: skip
    assert progress.share == "1/3"
    progress.take(event(8, "UPDATE_COMPLETE", "Data", physical=NESTED), now=175)
    assert progress.branch(175).below == ()
    assert progress.share == "2/3"


def test_without_a_total_it_is_shown_how_many_are_done() -> None:
    progress = Progress("db")
    assert progress.branch(0) == Branch("db", 0, "0 done")
    progress.take(event(0, "DELETE_IN_PROGRESS"), 0)
    progress.take(event(1, "DELETE_COMPLETE", "Topic"), 1)
    assert (progress.branch(1).text, progress.share) == ("1 done  DELETE_IN_PROGRESS", "1")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-1, "0.0s"), (0.44, "0.4s"), (12.9, "12s"), (60, "1m00s"), (185, "3m05s"), (3720, "1h02m"), (90_000, "25h00m")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
