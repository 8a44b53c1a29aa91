"""An operation of a StackSet from its start to its end: a line for each stack, Ctrl-C asks, a signal stops it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import click

from aurora_cfn.cli.runs.account_fleet import AccountFleet
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.cli.terminal.prompt import chosen, terminal
from aurora_cfn.errors import EXIT_INTERRUPTED, OPERATION_RUNS, AwsError, BusyError, DeployError
from aurora_cfn.fleet.account_review import place_of
from aurora_cfn.fleet.set_operation import follow, running
from aurora_cfn.model.stack_set import InstanceResult, SetOperation, StackInstance
from aurora_cfn.report.text import duration

QUESTION = "Leave it running (d, Ctrl-C), stop it before the next stack (s), continue watching (Enter)?"


def ask_on_terminal() -> str:
    """`d`, `s` or nothing; without a terminal `s`, so that a job that ends leaves nothing in progress."""
    return chosen(QUESTION, "ds") if terminal() else "s"


@dataclass(slots=True)
class SetOperations:
    """The operations of one command on the StackSet of the fleet; `units` are those of the accounts, where known."""

    fleet: AccountFleet
    run: Run
    failure: type[DeployError] = DeployError
    units: Mapping[str, str] = field(default_factory=dict)
    ask: Callable[[], str] = ask_on_terminal
    _stopped: bool = False

    def finish_running(self) -> None:
        """Follow what another command, or one that was interrupted, left running; how it ends does not matter here."""
        for operation in running(self.fleet.port, self.fleet.fleet.name):
            info(f"{self.fleet.fleet.name}: following the {operation.action.lower()} that runs ({operation.id})")
            self._followed(operation.id)

    def through(self, what: str, start: Callable[[str], None]) -> None:
        """Start an operation and follow it. Raises `failure` with the first cause when a stack failed."""
        identifier, began = str(uuid4()), self.run.clock.monotonic()
        info(f"{self.fleet.fleet.name}: {what} (operation {identifier})")
        try:
            start(identifier)
        except AwsError as error:
            if error.code != OPERATION_RUNS:
                raise
            raise BusyError(f"another operation of the StackSet {self.fleet.fleet.name} has begun: {error}") from None
        operation, results = self._followed(identifier)
        counts = Counter(row.status.lower() for row in results)
        words = ", ".join(f"{count} {status}" for status, count in counts.items()) or "no stacks"
        took = duration(self.run.clock.monotonic() - began)
        info(f"{self.fleet.fleet.name}: {what}: {operation.status.lower()} after {took}: {words}")
        failed = [row for row in results if row.status == "FAILED"]
        if failed:
            raise self.failure(f"{self._place(failed[0])}: {failed[0].reason}")
        if operation.status != "SUCCEEDED":
            why = operation.reason or "the same command continues with the others"
            raise self.failure(f"{self.fleet.fleet.name}: {what} is {operation.status.lower()}: {why}")

    def _followed(self, identifier: str) -> tuple[SetOperation, Sequence[InstanceResult]]:
        port, name, seen = self.fleet.port, self.fleet.fleet.name, dict[tuple[str, str], str]()
        while True:
            try:
                found = follow(port, name, identifier, self.run.clock, self._show, self.run.stop, seen)
                break
            except KeyboardInterrupt:
                self._interrupted(identifier)
        if self._stopped:
            info(f"{name}: the operation is {found[0].status.lower()}; the same command continues with the others")
            raise click.exceptions.Exit(EXIT_INTERRUPTED)
        return found

    def _interrupted(self, identifier: str) -> None:
        """Ends the command, unless it continues watching."""
        # A signal has requested the stop; Ctrl-C has not.
        answer = "s" if self.run.interrupted else self.ask()
        answer = "s" if self.run.interrupted else answer
        if not answer:
            return
        if answer == "d":
            what = f"`aurora-cfn fleet status --env {self.fleet.target.environment.name}` shows it"
            info(f"left running ({identifier}): {what}, and `fleet deploy` follows it first")
            raise click.exceptions.Exit(EXIT_INTERRUPTED)
        try:
            self.fleet.port.stop_operation(self.fleet.fleet.name, identifier)
        except AwsError as error:
            info(f"the operation was not stopped: {error}", "warning")
        else:
            info("stopping: a stack in progress continues to its end, and no further one begins")
        if self.run.interrupted or not terminal():
            raise click.exceptions.Exit(EXIT_INTERRUPTED)
        self._stopped = True

    def _show(self, result: InstanceResult) -> None:
        status = result.status.lower()
        colour = {"failed": "red", "succeeded": "green"}.get(status)
        reason = f": {result.reason}" if result.reason else ""
        info(f"  {self._place(result)}  {click.style(status, fg=colour)}{reason}")

    def _place(self, result: InstanceResult) -> str:
        unit = self.units.get(result.account, "")
        return place_of(StackInstance(result.account, result.region, "", unit=unit), self.fleet.accounts.clients)
