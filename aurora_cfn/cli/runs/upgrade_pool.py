"""`clients upgrade` and `check` in a pool: migrations in each client's database, wave by wave, as the client itself."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.runs.client_findings import answer_findings, finding_rows, state_findings
from aurora_cfn.cli.runs.client_waves import agreed_roll_out, planned_waves
from aurora_cfn.cli.runs.pool import PoolRun
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.upgrade_clients import UpgradeOptions, chosen_clients
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.errors import AuroraCfnError, InputError
from aurora_cfn.fleet.pool_state import ADVICE, pool_state
from aurora_cfn.fleet.proof import prove_client
from aurora_cfn.fleet.rollout import ClientOutcome
from aurora_cfn.model.pool_client import PoolClient
from aurora_cfn.model.rows import Rows
from aurora_cfn.report.text import amount
from aurora_cfn.sql.resuming import STATEMENT


def upgrade_pool(pool: PoolRun, options: UpgradeOptions) -> int:
    """Upgrade what is not at the version of this worktree, after consent; the exit code."""
    if options.choices.allow:
        raise InputError("--allow-replace: a client of a pool has no stack with resources to replace")
    if options.given or options.defaults:
        raise InputError("--parameter and --default: a client of a pool has no stack, and so no parameters of its own")
    clients = chosen_clients(pool.clients(), options.clients)
    for row in clients:
        if (state := pool_state(row)) != "ready":
            info(f"{row.name} is {state}, and is left out: {ADVICE[state]}", "warning")
    pending = {row.name: row for row in clients if pool_state(row) == "ready" and row.version != pool.version}
    at = len(clients) - len(pending)
    info(f"{pool.fleet.fleet.name} at {pool.version}: {at} of {amount(len(clients), 'client')}")
    if not pending:
        return 0
    done = {row.name for row in clients if pool_state(row) == "ready"}
    planned = planned_waves(list(pending), options.canary, options.wave, done)
    if options.dry_run:
        return 0
    run = Run(pool.fleet.target, yes=options.choices.yes, quiet=True)
    work = _Work(pool, options)

    def wave(names: Sequence[str]) -> list[ClientOutcome]:
        with ThreadPoolExecutor(options.parallel) as threads:
            return list(threads.map(work.upgraded, [pending[name] for name in names]))

    with run.stop.watching():
        return agreed_roll_out(run, planned, wave, tolerate=options.tolerate, of=len(clients), version=pool.version)


@dataclass(frozen=True, slots=True)
class _Work:
    pool: PoolRun
    options: UpgradeOptions

    def upgraded(self, client: PoolClient) -> ClientOutcome:
        """What became of the client; called in a thread of its own."""
        clock = SystemClock()
        start = clock.monotonic()
        try:
            cluster = self.pool.cluster(client.region)
            ran = cluster.migrate(client.name, self.pool.migrations)
            proof = prove_client(cluster.api, cluster.login(client.name), self.options.check)
            # Last: a run that was killed before asks the check again.
            cluster.set_version(client.name, self.pool.version)
        except AuroraCfnError as error:
            return ClientOutcome(client.name, str(error), clock.monotonic() - start, error.exit_code)
        return ClientOutcome(client.name, f"{amount(ran, 'migration')}, {proof}", clock.monotonic() - start)


def check_pool_clients(pool: PoolRun, sql: str, parallel: int) -> Rows:
    """A row for each finding: a state that needs work, and each database that the client itself cannot use."""
    clients = pool.clients()
    asked = sql or STATEMENT

    def problem(client: PoolClient) -> str:
        cluster = pool.cluster(client.region)
        try:
            prove_client(cluster.api, cluster.login(client.name), asked)
        except AuroraCfnError as error:
            return str(error)
        return ""

    usable = [client for client in clients if pool_state(client) == "ready"]
    states = state_findings(clients, pool_state, ADVICE)
    return finding_rows([*states, *answer_findings(usable, problem, asked, parallel)])
