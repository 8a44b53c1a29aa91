"""The fleet of an environment whose clients are databases in shared clusters: one cluster a region."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from pathlib import Path

from aurora_cfn.aws.secrets import AwsRoleSecrets, AwsSecrets
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.fleet import FleetRun
from aurora_cfn.errors import InputError
from aurora_cfn.fleet.client_rows import pool_shown
from aurora_cfn.fleet.client_state import claims_path
from aurora_cfn.fleet.migrations import Migration, pool_version, read_migrations
from aurora_cfn.fleet.pool import PoolCluster
from aurora_cfn.fleet.pool_state import check_pool, joined_clients
from aurora_cfn.model.environment import Pool
from aurora_cfn.model.fleet_client import PoolClient, PoolDatabase
from aurora_cfn.model.rows import Rows
from aurora_cfn.operate.access.role_password import secret_name
from aurora_cfn.project.files import read_text


class PoolRun:
    """The clients of one environment's pool, in the regions of the fleet or the one of the command line."""

    def __init__(self, fleet: FleetRun) -> None:
        self.fleet = fleet
        self.cluster = cache(self._cluster)

    @property
    def pool(self) -> Pool:
        """The section `fleet.pool`."""
        pool = self.fleet.fleet.pool
        assert pool is not None
        return pool

    @cached_property
    def migrations(self) -> tuple[Migration, ...]:
        """The migrations of this worktree. Raises InputError for a folder without any."""
        folder = self.pool.migrations
        if not folder:
            return ()
        files = {str(path): read_text(path) for path in sorted(Path(folder).glob("*.sql"))}
        if not files:
            raise InputError(f"{self.fleet.target.environment.path}: fleet.pool.migrations: no *.sql files in {folder}")
        return read_migrations(files)

    @cached_property
    def version(self) -> str:
        """The version of the migrations and limits in this worktree."""
        return pool_version(self.migrations, self.pool.connection_limit)

    def claimed(self) -> Mapping[str, str]:
        """The regions of all claims by client."""
        return self.fleet.directory.claims.under(claims_path(self.fleet.fleet.name))

    def clients(self) -> tuple[PoolClient, ...]:
        """The clients in all regions, or in that of the command line: one statement in each shared cluster."""
        claimed = self.claimed()
        wanted = self.fleet.fleet.regions if self.fleet.region is None else (self.fleet.region,)
        with ThreadPoolExecutor(len(wanted)) as threads:
            found = dict(zip(wanted, threads.map(self._databases, wanted), strict=True))
        return joined_clients(claimed, found, set(self.fleet.fleet.regions) - set(wanted))

    def one(self, name: str) -> PoolClient:
        """The client of that name. Raises InputError without one, or where it is in two regions."""
        found = [row for row in self.clients() if row.name == name]
        where = f" in {self.fleet.region}" if self.fleet.region else ""
        if not found:
            raise InputError(f"the fleet {self.fleet.fleet.name} has no client {name}{where}")
        if len(found) > 1:
            regions = ", ".join(row.region for row in found)
            raise InputError(f"{name} is in {regions}: say which with --region")
        return found[0]

    def details(self, name: str) -> Rows:
        """One row with all of the client, never a password."""
        client = self.one(name)
        cluster = self.cluster(client.region) if client.database else None
        state = (
            cluster.secrets.secret_state(secret_name(cluster.database, client.database.name))
            if (cluster and client.database)
            else None
        )
        return pool_shown(client, self.version, cluster.database if cluster else None, state.arn if state else "")

    def _databases(self, region: str) -> tuple[PoolDatabase, ...]:
        there = self.fleet.in_region(region)
        entry = there.environment.entry(self.pool.stack)
        stack = there.cloudformation.stack(entry.name)
        # A region where the pool is not deployed has no clients yet.
        return self.cluster(region).databases() if stack and stack.exists else ()

    def _cluster(self, region: str) -> PoolCluster:
        target = self.fleet.in_region(region)
        access = DatabaseAccess(target)
        database = check_pool(access.database(self.pool.stack))
        secrets = AwsSecrets(target.session)
        return PoolCluster(
            access.data_api,
            database,
            AwsRoleSecrets(target.session),
            lambda arn: secrets.credentials(arn).password,
            self.fleet.fleet,
            self.fleet.target.owner,
            target.environment.tags,
        )
