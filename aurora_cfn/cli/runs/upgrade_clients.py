"""`clients upgrade`: every client to the template and the defaults of this worktree, wave by wave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from aurora_cfn.cli.runs.client_database import prove_database
from aurora_cfn.cli.runs.client_waves import agreed_roll_out, planned_waves
from aurora_cfn.cli.runs.database import databases_of
from aurora_cfn.cli.runs.fleet import FleetRun
from aurora_cfn.cli.runs.readiness import Ready, checked_files, desired_stacks
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.stack_parameters import UploadedParameters
from aurora_cfn.cli.runs.stack_work import StackWork, stack_work
from aurora_cfn.cli.runs.upload import Code
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.deploy_stack import deploy as deploy_stack
from aurora_cfn.errors import EXIT_NEGATIVE, AwsError, InputError
from aurora_cfn.fleet.client_names import stack_key
from aurora_cfn.fleet.client_state import ADVICE, USABLE, client_state
from aurora_cfn.fleet.rollout import ClientOutcome
from aurora_cfn.fleet.waves import WaveSize
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.fleet_client import FleetClient
from aurora_cfn.model.plan import StackResult
from aurora_cfn.model.pool_client import PoolClient
from aurora_cfn.report.text import amount

Client = TypeVar("Client", FleetClient, PoolClient)


@dataclass(frozen=True, slots=True)
class UpgradeOptions:
    """The options of the command; `check` is SQL in place of `select 1`.

    `clients` are the only ones to upgrade, empty for all. These get the parameters `given`, and those of the names in
    `defaults` are no longer their own.
    """

    canary: tuple[str, ...]
    wave: WaveSize
    tolerate: int
    check: str
    parallel: int
    choices: Choices
    dry_run: bool = False
    clients: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    defaults: tuple[str, ...] = ()


@dataclass(slots=True)
class UpgradeRun:
    """One upgrade of a fleet. Its progress is in the stacks' tags, so a killed run is resumed by the same command."""

    fleet: FleetRun
    options: UpgradeOptions
    run: Run = field(init=False)
    _pending: Mapping[str, FleetClient] = field(init=False, default_factory=dict)
    _work: Mapping[str, StackWork] = field(init=False, default_factory=dict)
    _proofs: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.run = Run(self.fleet.target, yes=self.options.choices.yes, quiet=True)

    def upgrade(self) -> int:
        """Upgrade what is not at the version of this worktree, after consent; the exit code."""
        clients, version = chosen_clients(self.fleet.clients(), self.options.clients), self.fleet.version
        # Those whose last update failed come last: without --canary the first client is it, and should not fail again.
        pending = sorted(filter(self._to_upgrade, clients), key=lambda row: client_state(row) != "ready")
        self._pending = {row.name: row for row in pending}
        for row in clients:
            if (state := client_state(row)) not in {*USABLE, "pending"}:
                info(f"{row.name} is {state}, and is left out: {ADVICE[state]}", "warning")
        at = len(clients) - len(self._pending)
        info(f"{self.fleet.fleet.name} at {version}: {at} of {amount(len(clients), 'client')}")
        if not self._pending:
            return 0
        done = {row.name for row in clients if client_state(row) == "ready"}
        planned = planned_waves(list(self._pending), self.options.canary, self.options.wave, done)
        if self.options.dry_run:
            return 0
        self._prepare()
        return agreed_roll_out(
            self.run, planned, self._upgraded, tolerate=self.options.tolerate, of=len(clients), version=version
        )

    def _to_upgrade(self, client: FleetClient) -> bool:
        state = client_state(client)
        # A stack whose update was rolled back may have kept the new tag.
        new = client.version != self.fleet.version or self._own(client) != client.own_parameters
        return state in {"rolled back", "pending"} or (state == "ready" and new)

    def _own(self, client: FleetClient) -> dict[str, str]:
        """The client's own parameters as they shall be. Raises InputError for a default that it has already."""
        before = client.own_parameters
        if unknown := [name for name in self.options.defaults if name not in before]:
            raise InputError(f"--default {unknown[0]}: {client.name} has no {unknown[0]} of its own")
        kept = {name: text for name, text in before.items() if name not in self.options.defaults}
        return {**kept, **self.options.given}

    def _prepare(self) -> None:
        """Check the files and the values of each region. Raises InputError; ends the command for lint errors."""
        regions: dict[str, list[EnvironmentStack]] = {}
        for client in self._pending.values():
            entry = self.fleet.entry(client.name, self._own(client))
            regions.setdefault(client.region, []).append(entry)
        self._work = {region: self._region_work(region, entries) for region, entries in regions.items()}

    def _region_work(self, region: str, entries: Sequence[EnvironmentStack]) -> StackWork:
        target, choices = self.fleet.with_entries(region, entries), self.options.choices
        texts = checked_files(target, entries, choices)
        code = Code(target, entries)
        ready = Ready(desired_stacks(target, entries, texts, code), code, "")
        work = stack_work(self.run.at(target), ready, choices)
        # The one question was asked: the guard still refuses what loses data.
        return replace(work, approve=self.run.questions.approving(work.approval.show, None))

    def _upgraded(self, wave: Sequence[str]) -> list[ClientOutcome]:
        tasks = {name: partial(self._deployed, self._pending[name]) for name in wave}
        context = next(iter(self._work.values())).context
        waits = dict.fromkeys(tasks, frozenset[str]())
        results = self.run.work_through(waits, tasks, _never_skipped, context, self.options.parallel)
        return [self._outcome(name, row) for name, row in zip(wave, results, strict=True)]

    def _deployed(self, client: FleetClient) -> StackResult:
        """Deploy one client and prove its database; called in a thread of its own."""
        work = self._work[client.region]
        wanted = work.ready.stacks[stack_key(client.name)]
        parameters = UploadedParameters(work.parameters, work.context)
        result = deploy_stack(work.context, wanted, parameters.of, work.approve)
        if not result.good or result.stack is None:
            return result
        try:
            target = work.run.target
            database = next(iter(databases_of(target)(result.key, result.stack)), None)
            self._proofs[client.name] = prove_database(target, database, self.options.check)
        except AwsError as error:
            cause = f"upgraded, but its database did not prove itself: {error}"
            return replace(result, outcome="failed", cause=cause, exit_code=error.exit_code)
        return result

    def _outcome(self, name: str, result: StackResult) -> ClientOutcome:
        client = self._pending[name]
        if result.exit_code or not result.good:
            code = result.exit_code or EXIT_NEGATIVE
            return ClientOutcome(name, f"{result.outcome}: {result.cause}", result.seconds, code)
        review = self._work[client.region].approval.reviews.get(result.key)
        verdicts = Counter(change.outcome for change in review.changes) if review else Counter()
        words = [f"{verdict.word} {count}" for verdict, count in sorted(verdicts.items(), reverse=True)]
        return ClientOutcome(
            name, ", ".join([*words, result.outcome, self._proofs.get(name, "not asked")]), result.seconds
        )


def chosen_clients(clients: Sequence[Client], names: Sequence[str]) -> Sequence[Client]:
    """The clients of these names, all without names. Raises InputError for a name that is none of them."""
    there = {row.name for row in clients}
    if unknown := [name for name in names if name not in there]:
        raise InputError(f"--client {unknown[0]}: the fleet has no such client")
    return [row for row in clients if not names or row.name in names]


def _never_skipped(key: str, failed: Sequence[str]) -> StackResult:
    raise AssertionError(f"{key} waits for nothing, not for {failed}")
