"""`clients upgrade` in a pool: migrations in each client's database, wave by wave, as the client itself."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.runs.client_waves import UpgradeOptions, chosen_clients, upgrade_in_waves
from aurora_cfn.cli.runs.pool import PoolRun
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.errors import AuroraCfnError, InputError
from aurora_cfn.fleet.pool_state import ADVICE, pool_state
from aurora_cfn.fleet.proof import prove_client
from aurora_cfn.fleet.rollout import ClientOutcome
from aurora_cfn.model.fleet_client import PoolClient
from aurora_cfn.report.text import amount


def upgrade_pool(pool: PoolRun, options: UpgradeOptions) -> int:
    """The exit code of the upgrade. Raises InputError for options that a client without a stack has no use for."""
    if options.choices.allow:
        raise InputError("--allow-replace: a client of a pool has no stack with resources to replace")
    if options.given or options.defaults:
        raise InputError("--parameter and --default: a client of a pool has no stack, and so no parameters of its own")
    clients = chosen_clients(pool.clients(), options.clients)
    for row in clients:
        if (state := pool_state(row)) != "ready":
            info(f"{row.name} is {state}, and is left out: {ADVICE[state]}", "warning")
    pending = {row.name: row for row in clients if pool_state(row) == "ready" and row.version != pool.version}
    run = Run(pool.fleet.target, yes=options.choices.yes, quiet=True)
    work = _Work(pool, options)

    def wave(names: Sequence[str]) -> list[ClientOutcome]:
        with ThreadPoolExecutor(options.parallel) as threads:
            return list(threads.map(work.upgraded, [pending[name] for name in names]))

    ready = {row.name: pool_state(row) == "ready" for row in clients}
    at = f"{pool.fleet.fleet.name} at {pool.version}"
    with run.stop.watching():
        return upgrade_in_waves(run, options, ready, list(pending), lambda: wave, at)


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
