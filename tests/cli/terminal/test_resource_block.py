"""A line for each resource, changed in place: what it shows of each event, and that it fits into any window."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.cli.terminal import messages
from aurora_cfn.cli.terminal.console import Console
from aurora_cfn.cli.terminal.live import _signs
from aurora_cfn.cli.terminal.open_console import console
from aurora_cfn.model.event import STACK_TYPE
from aurora_cfn.model.plan import StackResult
from aurora_cfn.report.resource_lines import ASCII, Line, Signs, fitted
from aurora_cfn.report.text import width
from tests.cli.terminal.test_console import Sitting, Tty
from tests.fakes.clock import FakeClock

INSTANCE = "AWS::RDS::DBInstance"


def sitting(columns: int = 80, rows: int = 24, *, color: bool = False) -> Sitting:
    return Sitting(columns, rows, color=color, events=False)


def test_a_resource_has_one_line_from_its_first_event_to_its_last() -> None:
    one = sitting()
    one.begin("db")
    one.event("db", "DBCluster", "CREATE_IN_PROGRESS")
    one.clock.sleep(62)
    one.event("db", "DBCluster", "CREATE_IN_PROGRESS")
    one.event("db", "Writer", "CREATE_IN_PROGRESS", INSTANCE)
    one.clock.sleep(3)
    one.console.tick()
    assert one.screen.shown == [
        "  1m05s  db  ────────────────  0/3  CREATE_IN_PROGRESS",
        "  1m05s    ⠙ DBCluster  creating   AWS::RDS::DBCluster",
        "   3.0s    ⠙ Writer     creating   AWS::RDS::DBInstance",
    ]
    one.event("db", "DBCluster", "CREATE_COMPLETE")
    assert one.screen.shown[0] == "  1m05s  db  ━━━━━───────────  1/3  CREATE_IN_PROGRESS"
    assert one.screen.shown[1] == "  1m05s    ✓ DBCluster  created    AWS::RDS::DBCluster"
    one.console.ended(StackResult("db", "db-dev", "created"))
    # The lines of an ended stack stay, without its bar.
    assert one.screen.shown == [
        "  1m05s    ✓ DBCluster  created    AWS::RDS::DBCluster",
        "   3.0s    ⠙ Writer     creating   AWS::RDS::DBInstance",
        "  1m05s  db  created",
    ]


def test_a_failure_stays_in_sight_with_its_reason_while_everything_is_rolled_back() -> None:
    one = sitting()
    one.begin("db")
    one.event("db", "DBCluster", "CREATE_IN_PROGRESS")
    one.event("db", "Group", "CREATE_IN_PROGRESS", "T")
    one.event("db", "DBCluster", "CREATE_FAILED", reason="no room\nin any zone")
    one.event("db", "Group", "CREATE_FAILED", "T", reason="Resource creation cancelled")
    one.event("db", "db", "ROLLBACK_IN_PROGRESS", STACK_TYPE)
    one.event("db", "DBCluster", "DELETE_IN_PROGRESS")
    one.console.tick()
    assert one.screen.shown[1:] == [
        "   0.0s    ✗ DBCluster             failed     AWS::RDS::DBCluster",
        "             no room in any zone",
        "   0.0s    - Group                 cancelled  T",
        "   0.0s    ⠋ DBCluster (rollback)  deleting   AWS::RDS::DBCluster",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "DBCluster (DBCluster): RDS says creating",
            "   0.0s    ⠋ DBCluster  creating   RDS says creating  AWS::RDS::DBCluster",
        ),
        ("DBCluster (other): RDS says creating", "   0.0s  db  DBCluster (other): RDS says creating"),
        ("Nothing (x): RDS says creating", "   0.0s  db  Nothing (x): RDS says creating"),
        ("accepted", "   0.0s  db  accepted"),
    ],
)  # fmt: skip
def test_what_rds_says_of_a_running_resource_is_in_its_line(text: str, line: str) -> None:
    one = sitting()
    one.begin("db")
    one.event("db", "DBCluster", "CREATE_IN_PROGRESS")
    one.console.step("db", text)
    assert line in one.screen.shown
    assert len(one.screen.shown) == 2 + ("RDS::DBCluster" not in line)


def test_time_begins_with_the_execution_not_with_the_question() -> None:
    one = sitting()
    one.console.step("db", "before")
    with one.console.paused():
        one.clock.sleep(600)
    one.console.step("db", "after")
    one.begin("db")
    one.clock.sleep(5)
    one.console.ended(StackResult("db", "db-dev", "created"))
    assert [line.split()[0] for line in one.screen.shown] == ["0.0s", "0.0s", "5.0s"]


def test_in_a_log_time_begins_with_the_first_execution(capsys: pytest.CaptureFixture[str]) -> None:
    clock = FakeClock()
    log = Console(clock)
    for key in ("db", "api"):
        clock.sleep(30)
        log.step(key, "before")
        log.started(key, 1)
        log.step(key, "after")
    assert [line.split()[0] for line in capsys.readouterr().err.splitlines()] == ["30s", "0.0s", "30s", "30s"]


def test_a_question_about_another_stack_does_not_stop_the_time_of_one_that_changes() -> None:
    one = sitting()
    one.begin("db")
    with one.console.paused():
        one.clock.sleep(60)
    one.console.tick()
    assert one.screen.shown[0].startswith("  1m00s  db")


def test_several_stacks_have_a_line_for_the_whole() -> None:
    one = sitting()
    one.console.expect(3)
    one.begin("db", "api")
    one.clock.sleep(5)
    one.console.ended(StackResult("db", "db-dev", "created"))
    one.console.tick()
    assert one.screen.shown[-2:] == [
        "   5.0s  1 of 3 stacks", "   5.0s  api  ────────────────  0/3  CREATE_IN_PROGRESS",
    ]  # fmt: skip


@pytest.mark.parametrize(("columns", "rows"), [(40, 24), (30, 10), (80, 6), (12, 3), (120, 40)])
def test_the_block_keeps_within_the_window_and_is_drawn_in_place(columns: int, rows: int) -> None:
    one = sitting(columns, rows)
    for key in ("データベース", "api", "monitoring"):
        one.begin(key)
        for number in range(20):
            one.event(key, f"Resource{number}", "CREATE_IN_PROGRESS", "AWS::EC2::SubnetRouteTableAssociation")
            if number % 2:
                one.event(key, f"Resource{number}", "CREATE_COMPLETE", "AWS::EC2::SubnetRouteTableAssociation")
    lines = one.screen.shown
    for _ in range(3):
        one.clock.sleep(5)
        one.console.tick()
        assert len(one.screen.shown) == len(lines) == max(1, min(rows - 2, 63))
    assert all(width(line) < columns for line in one.screen.shown)


@pytest.mark.parametrize("narrow", [60, 40, 25])
def test_a_resized_window_has_no_remains(narrow: int) -> None:
    one = sitting(100)
    one.begin("db")
    one.event("db", "DBClusterParameterGroup", "CREATE_IN_PROGRESS", "AWS::RDS::DBClusterParameterGroup")
    for columns in (narrow, 100, narrow):
        one.screen.resize(columns)
        one.console.tick()
        assert len(one.screen.shown) == 2, one.screen.shown
        assert "DBCluster" in one.screen.shown[1] or narrow == 25


def test_a_narrow_window_keeps_the_state_and_leaves_out_the_type() -> None:
    one = sitting(40)
    one.begin("db")
    one.event("db", "DBClusterParameterGroup", "CREATE_COMPLETE", "AWS::RDS::DBClusterParameterGroup")
    assert one.screen.shown == ["   0.0s  db  1/3  CREATE_IN_PROGRESS", "   0.0s  ✓ DBClusterParamet…  created"]


def test_what_does_not_fit_is_first_what_is_done() -> None:
    lines = [Line("", name, rank) for name, rank in
             [("stack", 0), ("done1", 3), ("failed", 1), ("done2", 3), ("running", 2), ("done3", 3)]]  # fmt: skip
    assert [row.text for row in fitted(lines, 5)] == ["stack", "failed", "running", "done3", "and 2 more"]
    assert [row.text for row in fitted(lines, 6)] == [row.text for row in lines]
    assert fitted(lines, 0) == []


@given(st.integers(1, 130), st.integers(1, 50), st.text(max_size=40), st.text(max_size=200))
def test_nothing_in_an_event_steers_the_terminal(columns: int, rows: int, name: str, reason: str) -> None:
    one = sitting(columns, rows)
    one.begin("db")
    one.event("db", f"R{name}", "CREATE_FAILED", name, reason=reason)
    drawn = one.out.writes[-1].rpartition("\x1b[J")[2]
    assert not {"\x1b", "\r"} & set(drawn)
    assert len(drawn.splitlines()) <= max(1, rows - 2)
    assert all(width(line) < max(2, columns) for line in drawn.splitlines())


def test_a_secret_in_a_reason_is_masked_before_the_line_is_cut() -> None:
    messages.hide(["hunter2-and-more"])
    one = sitting(40)
    one.begin("db")
    one.event("db", "DBCluster", "CREATE_FAILED", reason="the password hunter2-and-more is too short")
    assert "hunter2" not in "".join(one.out.writes)
    assert "****" in "".join(one.out.writes)


@pytest.mark.parametrize("color", [True, False])
def test_signs_have_colours_only_where_they_are_wanted(color: bool) -> None:
    one = sitting(color=color)
    one.begin("db")
    one.event("db", "DBCluster", "CREATE_FAILED", reason="why")
    one.console.ended(StackResult("db", "db-dev", "failed"))
    assert ("\x1b[31m✗\x1b[0m" in "".join(one.out.writes)) == color


@pytest.mark.parametrize(("encoding", "signs"), [("utf-8", Signs()), ("UTF8", Signs()), ("latin-1", ASCII)])
def test_a_terminal_that_is_not_utf_8_gets_other_signs(encoding: str, signs: Signs) -> None:
    assert _signs(io.TextIOWrapper(io.BytesIO(), encoding)) == signs
    assert "".join(f"{one}" for one in ("+", "x", *ASCII.running, ASCII.cut)).isascii()


@pytest.mark.parametrize(("options", "draws"), [({}, True), ({"events": True}, False), ({"to_stdout": True}, False)])
def test_events_are_lines_where_they_are_asked_for(
    options: dict[str, bool], draws: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", Tty())
    monkeypatch.setenv("TERM", "xterm")
    assert console(FakeClock(), "text", **options).draws_resources == draws
