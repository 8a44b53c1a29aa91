"""Ctrl-C while an operation of a StackSet is followed, a signal, and how each end of it is said."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from uuid import uuid4

import click
import pytest

from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.account_fleet import AccountFleet
from aurora_cfn.cli.runs.follow_set_operation import SetOperations, ask_on_terminal
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.errors import AwsError, BusyError, DeployError
from aurora_cfn.model.stack_set import InstancesRequest, Preferences, Targets
from tests.fakes.clock import FakeClock
from tests.fakes.stack_sets import FakeStackSets

A, B = "111111111111", "222222222222"
PARAMS = f"""\
endpoint: local
region: eu-west-1
stacks: {{alone: {{template: network}}}}
fleet:
  name: shops
  template: network
  regions: [eu-west-1]
  accounts: {{clients: {{acme: {{account: "{A}"}}}}}}
"""


class Interrupted(FakeClock):
    """Each sleep ends by Ctrl-C; with a run by a signal, which has requested its stop."""

    run: Run | None = None

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if self.run:
            self.run.stop.requested = True
        raise KeyboardInterrupt


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AccountFleet:
    (tmp_path / "params").mkdir()
    (tmp_path / "params/prod.yaml").write_text(PARAMS)
    monkeypatch.chdir(tmp_path)
    found = AccountFleet("prod", AwsOptions())
    vars(found)["port"] = FakeStackSets()
    return found


def operations(fleet: AccountFleet, *answers: str, port: FakeStackSets, signal: bool = False) -> SetOperations:
    vars(fleet)["port"] = port
    run, clock, left = Run(fleet.target, yes=True, quiet=True), Interrupted(), list(answers)
    clock.run = run if signal else None
    vars(run)["clock"] = clock
    return SetOperations(fleet, run, ask=lambda: left.pop(0))


def start(port: FakeStackSets, identifier: str) -> None:
    port.create_instances(InstancesRequest("shops", identifier, Targets((A, B)), ("eu-west-1",), Preferences()))


@pytest.mark.parametrize(
    ("answers", "signal", "stopped", "said"),
    [
        (("", "", "d"), False, 0, "left running"),
        (("", "s"), False, 1, "stopping: a stack in progress continues to its end"),
        ((), True, 1, "stopping: a stack in progress continues to its end"),
    ],
)
def test_ctrl_c_asks_and_a_signal_stops_the_operation(
    fleet: AccountFleet,
    capsys: pytest.CaptureFixture[str],
    answers: tuple[str, ...],
    signal: bool,
    stopped: int,
    said: str,
) -> None:
    port = FakeStackSets(endless=True)
    with pytest.raises(click.exceptions.Exit) as ended:
        operations(fleet, *answers, port=port, signal=signal).through("creation", partial(start, port))
    err = capsys.readouterr().err
    assert (ended.value.exit_code, len(port.stopped)) == (130, stopped)
    assert said in err
    # What was shown before the question is not shown again.
    assert err.count(f"acme {A} eu-west-1  running") == 1


def test_without_a_terminal_nothing_is_asked() -> None:
    assert ask_on_terminal() == "s"


def test_the_first_cause_is_the_error(fleet: AccountFleet, capsys: pytest.CaptureFixture[str]) -> None:
    port = FakeStackSets(failing=frozenset({B}))
    with pytest.raises(DeployError, match=f"^{B} eu-west-1: no capacity$"):
        operations(fleet, port=port).through("creation", partial(start, port))
    assert "shops: creation: failed after 0.0s: 1 succeeded, 1 failed" in capsys.readouterr().err


def test_what_another_command_left_is_followed_first_whatever_its_end(
    fleet: AccountFleet, capsys: pytest.CaptureFixture[str]
) -> None:
    port = FakeStackSets(endless=True)
    start(port, "left")
    with pytest.raises(click.exceptions.Exit):
        operations(fleet, "d", port=port).finish_running()
    assert "shops: following the create that runs (left)" in capsys.readouterr().err


@pytest.mark.parametrize(("code", "error"), [("OperationInProgressException", BusyError), ("AccessDenied", AwsError)])
def test_an_operation_that_has_begun_meanwhile_is_busy(fleet: AccountFleet, code: str, error: type[Exception]) -> None:
    def refused(identifier: str) -> None:
        assert len(identifier) == len(str(uuid4()))
        raise AwsError("no", operation="UpdateStackSet", code=code)

    with pytest.raises(error):
        operations(fleet, port=FakeStackSets()).through("update", refused)
