"""The live console on a screen: what a person sees, moment by moment."""

from __future__ import annotations

import io
import os
from datetime import timedelta

import pytest

from aurora_cfn.cli.runs.questions import interrupt_question
from aurora_cfn.cli.terminal.console import Console, JsonConsole
from aurora_cfn.cli.terminal.live import LiveConsole
from aurora_cfn.cli.terminal.messages import report_failure
from aurora_cfn.cli.terminal.open_console import console
from aurora_cfn.cli.terminal.prompt import terminal
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from aurora_cfn.model.plan import StackResult
from aurora_cfn.report.text import width
from tests.cli.screen import Screen
from tests.fakes.clock import START, FakeClock


class Terminal(io.StringIO):
    """The stream of a screen; `writes` are the pieces in which it was written."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self.screen = screen
        self.writes: list[str] = []

    def write(self, text: str) -> int:
        self.writes += [text] if text else []
        self.screen.feed(text)
        return len(text)


class Sitting:
    """A person in front of a screen, and the console of a run on it."""

    def __init__(self, columns: int = 80, rows: int = 24, *, color: bool = True, events: bool = True) -> None:
        self.clock = FakeClock()
        self.screen = Screen(columns, rows)
        self.out = Terminal(self.screen)
        self.console = LiveConsole(self.clock, self.out, self._size, color=color, events=events)

    def _size(self) -> os.terminal_size:
        return os.terminal_size((self.screen.columns, self.screen.rows))

    def event(self, key: str, name: str, status: str, kind: str = "AWS::RDS::DBCluster", reason: str = "") -> None:
        arn = f"arn:aws:cloudformation:eu-west-1:123456789012:stack/{key}/1"
        physical = arn if kind == STACK_TYPE else name
        at = START + timedelta(seconds=self.clock.monotonic())
        number = len(self.out.writes)
        self.console.event(key, StackEvent(f"{number}", arn, key, name, physical, kind, status, at, reason))

    def begin(self, *keys: str) -> None:
        for key in keys:
            self.console.started(key, 3)
            self.event(key, key, "CREATE_IN_PROGRESS", STACK_TYPE)


def test_lines_scroll_above_a_status_that_is_drawn_in_place() -> None:
    one = Sitting()
    one.begin("db")
    one.event("db", "DBCluster", "CREATE_IN_PROGRESS")
    above = one.screen.shown[:2]
    assert above[0].endswith("db    0/3  CREATE_IN_PROGRESS    db  AWS::CloudFormation::Stack")
    for seconds in (1, 61, 121):
        one.clock.sleep(60 if seconds > 1 else 1)
        one.console.tick()
        assert one.screen.shown[:2] == above
        time = ["1.0s", "1m01s", "2m01s"][seconds // 60]
        assert one.screen.shown[2:] == [
            f"{time:>7}  db  0/3  CREATE_IN_PROGRESS",
            f"{time:>7}    DBCluster  CREATE_IN_PROGRESS  AWS::RDS::DBCluster",
        ]
    one.event("db", "DBCluster", "CREATE_COMPLETE")
    assert [line.split()[0] for line in one.screen.shown] == ["0.0s", "0.0s", "2m01s", "2m01s"]
    assert one.screen.shown[3] == "  2m01s  db  1/3  CREATE_IN_PROGRESS"


def test_every_drawing_is_one_piece_so_that_nothing_flickers() -> None:
    one = Sitting()
    one.begin("db", "api")
    for act in (one.console.tick, lambda: one.console.step("db", "x"), lambda: one.console.warn("api", "y")):
        before = len(one.out.writes)
        act()
        assert len(one.out.writes) == before + 1


@pytest.mark.parametrize(("columns", "rows"), [(40, 24), (30, 10), (80, 5), (2, 1)])
def test_the_status_keeps_within_the_window(columns: int, rows: int) -> None:
    one = Sitting(columns, rows)
    keys = [f"データベース-{number}" for number in range(30)]
    one.begin(*keys)
    lines = len(one.screen.shown)
    for _ in range(3):
        one.clock.sleep(5)
        one.console.tick()
        assert len(one.screen.shown) == lines
    status = one.out.writes[-1].rpartition("\x1b[J")[2].splitlines()
    assert 1 <= len(status) <= max(1, rows // 2)
    assert all(width(line) < columns for line in status)
    if columns >= 30:
        assert status[-1].strip() == f"and {31 - len(status)} more"


@pytest.mark.parametrize("narrow", [60, 40, 25])
def test_a_window_that_becomes_narrower_or_wider_leaves_no_remains(narrow: int) -> None:
    one = Sitting(100)
    one.console.started("database", 3)
    one.event("database", "DBClusterParameterGroup", "CREATE_IN_PROGRESS", "AWS::RDS::DBClusterParameterGroup")
    for columns in (narrow, 100, narrow):
        one.screen.resize(columns)
        one.console.tick()
        assert sum("0/3" in line for line in one.screen.shown) == 2, one.screen.shown
        assert len([line for line in one.screen.shown if line.startswith("   0.0s    DBCl")]) == 1
    one.console.close()
    assert sum("0/3" in line for line in one.screen.shown) == 1


REASON = "Cannot upgrade aurora-postgresql from 17.5 to 17.4 (Service: Rds, Status Code: 400)\x1b[2J"
EVENT = StackEvent("1", "arn:1", "db-dev", "DBCluster", "c", "AWS::RDS::DBCluster", "UPDATE_FAILED", START, REASON)
BEGIN = "   0.0s  db      1  UPDATE_FAILED         DBCluster"


@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        (200, [f"{BEGIN}  AWS::RDS::DBCluster  {REASON[:-4]}\\x1b[2J"]),
        (158, [f"{BEGIN}  {REASON[:-4]}\\x1b[2J"]),
        (80, [f"{BEGIN}  Cannot upgrade", "         aurora-postgresql from 17.5 to 17.4 (Service: Rds, Status Code:",
              "         400)\\x1b[2J"]),
    ],
)  # fmt: skip
def test_an_event_keeps_within_the_window_and_steers_nothing(columns: int, lines: list[str]) -> None:
    one = Sitting(columns, color=False)
    one.console.event("db", EVENT)
    assert one.screen.shown[: len(lines)] == lines


def test_in_a_log_whatever_is_shown_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    made = Console(FakeClock())
    made.event("db", EVENT)
    made.warn("db", "what the earlier run began failed: no room\n  what to do: ask\n  left behind: x")
    made.step("db", "to restore it:\n  aws rds restore-db-cluster-from-snapshot")
    made.step("db", "y" * 300)
    assert capsys.readouterr().err.splitlines() == [
        f"{BEGIN}  AWS::RDS::DBCluster  {REASON[:-4]}\\x1b[2J",
        "   0.0s  db  warning: what the earlier run began failed: no room; what to do: ask; left behind: x",
        "   0.0s  db  to restore it: aws rds restore-db-cluster-from-snapshot",
        f"   0.0s  db  {'y' * 300}",
    ]


def test_on_a_terminal_what_is_shown_keeps_its_lines() -> None:
    one = Sitting(40, color=False)
    one.console.warn("db", "no room\n  what to do: ask for more, in Service Quotas")
    assert one.screen.shown == [
        "   0.0s  db  warning: no room", "  what to do: ask for more, in Service", "         Quotas",
    ]  # fmt: skip


@pytest.mark.parametrize("color", [True, False])
def test_colors_only_where_they_are_wanted(color: bool) -> None:
    one = Sitting(color=color)
    one.begin("db")
    one.event("db", "DBCluster", "CREATE_FAILED")
    assert ("\x1b[31m" in "".join(one.out.writes)) == color


def test_nothing_is_drawn_over_a_question() -> None:
    one = Sitting()
    one.begin("db")
    asked: list[list[str]] = []

    def question() -> str:
        asked.append(one.screen.shown)
        one.console.review("api", "what it is about\n")
        one.screen.feed("Execute? [y/N]: y\n")
        return "y"

    lines = one.screen.shown[:-1]
    with one.console.paused():
        assert question() == "y"
    assert asked == [lines]
    lines += ["what it is about"]
    assert one.screen.shown == [*lines, "Execute? [y/N]: y"]
    one.console.tick()
    assert one.screen.shown == [*lines, "Execute? [y/N]: y", "   0.0s  db  0/3  CREATE_IN_PROGRESS"]
    one.console.suspend()
    assert one.screen.shown == [*lines, "Execute? [y/N]: y"]


def test_only_an_update_that_runs_can_be_cancelled() -> None:
    one = Sitting()
    one.begin("new", "old", "done", "away")
    one.console.started("ordered", 1)
    for key, status in (
        ("old", "UPDATE_IN_PROGRESS"),
        ("done", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("away", "UPDATE_ROLLBACK_IN_PROGRESS"),
    ):
        one.event(key, key, status, STACK_TYPE)
    assert one.console.updating == ("old",)


@pytest.mark.parametrize(
    ("running", "updating", "question"),
    [
        (["db"], ["db"], "Leave it running (d, Ctrl-C), cancel the update (c), continue watching (Enter)?"),
        (["db"], [], "Leave it running (d, Ctrl-C), continue watching (Enter)?"),
        (
            ["db", "api"],
            ["api"],
            "Leave it running (d, Ctrl-C), cancel the update of api (c), continue watching (Enter)?",
        ),
    ],
)
def test_ctrl_c_offers_what_is_possible(running: list[str], updating: list[str], question: str) -> None:
    assert interrupt_question(running, updating) == question


class Gone(io.StringIO):
    """A terminal whose window was closed."""

    def write(self, _: str) -> int:
        raise OSError(5, "Input/output error")


def test_a_terminal_that_is_gone_stops_nothing() -> None:
    console = LiveConsole(FakeClock(), Gone(), lambda: os.terminal_size((80, 24)))
    console.started("db", 1)
    console.step("db", "x")
    console.tick()
    console.close()


@pytest.mark.parametrize("stream", [None, Gone()], ids=["closed", "gone"])
def test_the_work_goes_on_where_no_one_listens(stream: Gone | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", stream)
    made = console(FakeClock(), "text")
    assert type(made) is Console
    made.step("db", "x")
    report_failure("why", 5)
    assert not terminal()


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("term", "form", "kind"),
    [("xterm", "text", LiveConsole), ("dumb", "text", Console), ("xterm", "json", JsonConsole)],
)
def test_a_status_is_drawn_only_where_that_is_possible(
    term: str, form: str, kind: type[Console], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", Tty())
    monkeypatch.setenv("TERM", term)
    assert type(console(FakeClock(), form)) is kind


def test_at_the_end_only_lines_are_left() -> None:
    one = Sitting()
    one.begin("db", "api")
    one.console.ended(StackResult("db", "db-dev", "created"))
    assert one.screen.shown[-2:] == ["   0.0s  db  created", "   0.0s  api  0/3  CREATE_IN_PROGRESS"]
    assert one.console.running == ("api",)
    one.console.close()
    assert one.screen.shown[-1] == "   0.0s  db  created"
    one.console.close()
    assert one.screen.shown[-1] == "   0.0s  db  created"
