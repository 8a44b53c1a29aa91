"""`clients upgrade`: every client to the template, defaults and migrations of this worktree, wave by wave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.runs.client_reports import prove_database
from aurora_cfn.cli.runs.client_waves import UpgradeOptions, chosen_clients, upgrade_in_waves
from aurora_cfn.cli.runs.database import deployed_databases
from aurora_cfn.cli.runs.fleet import FleetRun
from aurora_cfn.cli.runs.pool import PoolRun
from aurora_cfn.cli.runs.readiness import Ready, checked_files, desired_stacks
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.stack_work import StackWork, stack_work
from aurora_cfn.cli.runs.upload import Code
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.deploy_stack import deploy as deploy_stack
from aurora_cfn.errors import EXIT_NEGATIVE, AuroraCfnError, AwsError, InputError
from aurora_cfn.fleet import pool_state as pooled
from aurora_cfn.fleet.client_state import ADVICE, USABLE, client_state, stack_key
from aurora_cfn.fleet.waves import ClientOutcome, Work
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.fleet_client import FleetClient, PoolClient
from aurora_cfn.model.plan import StackResult
from aurora_cfn.report.text import amount
from aurora_cfn.sql.resuming import prove_client


def upgrade_clients(fleet: FleetRun, options: UpgradeOptions) -> int:
    """Upgrade what is not at the version of this worktree, after consent; the exit code."""
    return upgrade_pool(PoolRun(fleet), options) if fleet.fleet.pool else UpgradeRun(fleet, options).upgrade()


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
        """The exit code."""
        clients = chosen_clients(self.fleet.clients(), self.options.clients)
        # Those whose last update failed come last: without --canary the first client is it, and should not fail again.
        pending = sorted(filter(self._to_upgrade, clients), key=lambda row: client_state(row) != "ready")
        self._pending = {row.name: row for row in pending}
        for row in clients:
            if (state := client_state(row)) not in {*USABLE, "pending"}:
                info(f"{row.name} is {state}, and is left out: {ADVICE[state]}", "warning")
        ready = {row.name: client_state(row) == "ready" for row in clients}
        at = f"{self.fleet.fleet.name} at {self.fleet.version}"
        return upgrade_in_waves(self.run, self.options, ready, list(self._pending), self._prepared, at)

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

    def _prepared(self) -> Work:
        """The upgrade of a wave, once the files and the values of each region are checked.

        Raises InputError; ends the command for lint errors.
        """
        regions: dict[str, list[EnvironmentStack]] = {}
        for client in self._pending.values():
            entry = self.fleet.entry(client.name, self._own(client))
            regions.setdefault(client.region, []).append(entry)
        self._work = {region: self._region_work(region, entries) for region, entries in regions.items()}
        return self._upgraded

    def _region_work(self, region: str, entries: Sequence[EnvironmentStack]) -> StackWork:
        target, choices = self.fleet.with_entries(region, entries), self.options.choices
        texts = checked_files(target, entries, choices)
        code = Code(target, entries)
        ready = Ready(desired_stacks(target, entries, texts, code), code, "")
        work = stack_work(self.run.for_target(target), ready, choices)
        # The one question was asked: the guard still refuses what loses data.
        return replace(work, approve=self.run.questions.approving(work.approval.show, None))

    def _upgraded(self, wave: Sequence[str]) -> list[ClientOutcome]:
        tasks = {name: partial(self._deployed, self._pending[name]) for name in wave}
        context = next(iter(self._work.values())).context
        results = self.run.in_parallel(context, tasks, self.options.parallel)
        return [self._outcome(name, row) for name, row in zip(wave, results, strict=True)]

    def _deployed(self, client: FleetClient) -> StackResult:
        """Deploy one client and prove its database; called in a thread of its own."""
        work = self._work[client.region]
        wanted = work.ready.stacks[stack_key(client.name)]
        result = deploy_stack(work.context, wanted, work.parameters.uploading(work.context), work.approve)
        if not result.good or result.stack is None:
            return result
        try:
            target = work.run.target
            database = next(iter(deployed_databases(target, result.key, result.stack)), None)
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


def upgrade_pool(pool: PoolRun, options: UpgradeOptions) -> int:
    """The exit code of the upgrade. Raises InputError for options that a client without a stack has no use for."""
    if options.choices.allow:
        raise InputError("--allow-replace: a client of a pool has no stack with resources to replace")
    if options.given or options.defaults:
        raise InputError("--parameter and --default: a client of a pool has no stack, and so no parameters of its own")
    clients = chosen_clients(pool.clients(), options.clients)
    for row in clients:
        if (state := pooled.pool_state(row)) != "ready":
            info(f"{row.name} is {state}, and is left out: {pooled.ADVICE[state]}", "warning")
    pending = {row.name: row for row in clients if pooled.pool_state(row) == "ready" and row.version != pool.version}
    run = Run(pool.fleet.target, yes=options.choices.yes, quiet=True)
    upgraded = partial(_upgraded_in_pool, pool, options.check)

    def wave(names: Sequence[str]) -> list[ClientOutcome]:
        with ThreadPoolExecutor(options.parallel) as threads:
            return list(threads.map(upgraded, [pending[name] for name in names]))

    ready = {row.name: pooled.pool_state(row) == "ready" for row in clients}
    at = f"{pool.fleet.fleet.name} at {pool.version}"
    with run.stop.watching():
        return upgrade_in_waves(run, options, ready, list(pending), lambda: wave, at)


def _upgraded_in_pool(pool: PoolRun, check: str, client: PoolClient) -> ClientOutcome:
    """What became of the client; called in a thread of its own."""
    clock = SystemClock()
    start = clock.monotonic()
    try:
        cluster = pool.cluster(client.region)
        ran = cluster.migrate(client.name, pool.migrations)
        proof = prove_client(cluster.api, cluster.login(client.name), check)
        # Last: a run that was killed before asks the check again.
        cluster.set_version(client.name, pool.version)
    except AuroraCfnError as error:
        return ClientOutcome(client.name, str(error), clock.monotonic() - start, error.exit_code)
    return ClientOutcome(client.name, f"{amount(ran, 'migration')}, {proof}", clock.monotonic() - start)
