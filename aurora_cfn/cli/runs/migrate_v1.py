"""`migrate-v1`: the data of another stack's database, through a snapshot, in a stack of the environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.rds import AwsSnapshots
from aurora_cfn.cli.runs.database import databases_in
from aurora_cfn.cli.runs.deploy import deploy
from aurora_cfn.cli.runs.migration_check import Comparison
from aurora_cfn.cli.runs.readiness import checked_account
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import declined, info
from aurora_cfn.cli.terminal.prompt import confirmed
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.desired import selected
from aurora_cfn.deploy.snapshots import SnapshotTask
from aurora_cfn.deploy.stack_status import is_created
from aurora_cfn.errors import EXIT_NEGATIVE, Complaint, InputError
from aurora_cfn.model.rds_database import DatabaseSnapshot
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.migration import (
    Source,
    plan,
    plan_rows,
    refusals,
    snapshot_name,
    source_of,
    source_of_snapshot,
)
from aurora_cfn.operate.snapshots import find_snapshot
from aurora_cfn.sql.stack_databases import engine_in


class MigrationRun:
    """The migration into one stack of the environment, from a live stack or from a snapshot."""

    def __init__(
        self, target: Target, key: str, live: str | None, resource: str | None, secret: str | None, snapshot: str | None
    ) -> None:
        """Find the source: the stack `live` with one database, or that resource of it, or a snapshot.

        `secret` is that of the master user, where the stack does not name it. Raises InputError when there is no
        source, or several.
        """
        checked_account(target)
        (self._entry,) = selected(target.environment, [key])
        self._target = target
        self._snapshots = AwsSnapshots(target.session)
        self._database = self._found(live, resource) if live else None
        if self._database and secret:
            self._database = replace(self._database, secret_arn=secret)
        self._source = self._source_of(self._database, snapshot)
        text = target.templates.text(self._entry.template)
        engine = engine_in(text)
        if engine is None:
            raise InputError(f"{self._entry.template_file} declares no database, or several engines")
        stack = target.cloudformation.stack(self._entry.name)
        deployed = stack.parameters if stack and is_created(stack) else None
        self._kept = False
        template = target.templates[self._entry.template]
        self._plan = list(plan(self._source, self._entry, template, engine, deployed))

    def show(self, form: str) -> int:
        """Print the plan; EXIT_NEGATIVE where something prevents it. Nothing is changed."""
        print_rows(plan_rows(self._plan), form)
        wrong = refusals(self._plan)
        for line in wrong:
            info(line, "warning")
        return EXIT_NEGATIVE if wrong else 0

    def migrate(self, checks: Sequence[str], form: str, *, yes: bool) -> int:
        """The exit code, after the snapshot was taken, restored and compared. Raises InputError as the plan says."""
        if wrong := refusals(self._plan):
            place = (self._target.environment.path, self._entry.line, f"stacks.{self._entry.key}")
            raise InputError([Complaint(line, *place) for line in wrong])
        for row in self._plan:
            if row.verdict in {"lost", "check"}:
                info(f"{row.what}: {row.verdict}{': ' if row.note else ''}{row.note}")
        taken = self._taken()
        question = f"Copy the data of {self._source.identifier} into {self._entry.name}?"
        if not (yes or confirmed(question)):
            return declined()
        comparison = Comparison(self._target, self._database, self._source.identifier, checks)
        before = comparison.ask_old()
        restored = False
        try:
            code = self._restore(taken, yes=yes)
            restored = not code
        finally:
            # Also after Ctrl-C and an error: what was taken costs money until it is deleted.
            if self._kept and not restored:
                info(f"the snapshot {self._name} stays: run this again to continue with it, or {self._deletion}")
        if code:
            return code
        try:
            return comparison.ask_new(self._entry.key, before, form)
        finally:
            self._advise()

    @property
    def _name(self) -> str:
        return snapshot_name(self._source, self._entry.name)

    @property
    def _deletion(self) -> str:
        return f"`aurora-cfn snapshot delete {self._name} {self._target.cli_options}`"

    def _found(self, live: str, resource: str | None) -> Database:
        if live == self._entry.name:
            raise InputError(f"{live} is the new stack: --from-stack takes the one that has the data")
        stack = self._target.cloudformation.stack(live)
        if stack is None or not stack.exists:
            known = self._target.environment.stack(live)
            hint = f"; the full name of {live} is {known.name}" if known else ""
            raise InputError(f"there is no stack {live} in {self._target.environment.region}{hint}")
        every = [one for one in databases_in(self._target, stack) if one.identifier]
        found = [one for one in every if resource in {None, one.resource}]
        if not every:
            raise InputError(f"{live} has no database of RDS")
        if len(found) != 1:
            names = ", ".join(one.resource for one in every)
            raise InputError(f"{live}: name one of its databases with --resource; there are: {names}")
        return found[0]

    def _source_of(self, database: Database | None, snapshot: str | None) -> Source:
        if snapshot:
            return source_of_snapshot(find_snapshot(self._snapshots, snapshot.rpartition(":snapshot:")[2]))
        assert database is not None
        rds, name = self._target.databases, database.identifier
        row = rds.cluster(name) if database.kind == "db-cluster" else rds.instance(name)
        if row is None:
            raise InputError(f"{name} is gone")
        return source_of(row)

    def _taken(self) -> DatabaseSnapshot | None:
        """The snapshot that an earlier run has taken or begun, which is said."""
        if self._source.snapshot:
            return None
        found = self._snapshots.snapshot(self._name, kind=self._source.kind)
        self._kept = found is not None
        if found:
            at = f" of {found.created:%Y-%m-%d %H:%M} UTC" if found.created else ""
            info(f"using the snapshot {self._name}{at}; to take a new one, {self._deletion}")
        return found

    def _restore(self, taken: DatabaseSnapshot | None, *, yes: bool) -> int:
        """The exit code of the deployment of the new stack, once there is a snapshot."""
        source, name = self._source, self._name
        if not (source.snapshot or taken):
            self._snapshots.create_snapshot(source.identifier, name, tags=self._target.tags, kind=source.kind)
            self._kept = True
            info(f"taking the snapshot {name} of {source.identifier}")
        if not source.snapshot and (taken is None or taken.status != "available"):
            SnapshotTask(self._snapshots, SystemClock(), info).finished(name, source.kind)
        run = Run(self._target, yes=yes)
        results = deploy(run, Choices(yes=yes), [self._entry.key])
        return run.exit_code(results)

    def _advise(self) -> None:
        options, key = self._target.cli_options, self._entry.key
        again = "" if self._source.snapshot else f", {self._deletion},\n     and this command again"
        info(f"{self._source.identifier} was not changed. To switch over:")
        for line in (
            f"1. clients join ClientSecurityGroup of {self._entry.name} and read its outputs, in the params file as",
            f"   {{output: {key}.DNSName}} and {{output: {key}.SecretArn}}; then: aurora-cfn deploy {options}",
            "2. what was written after the snapshot is in the old database only; to copy it too: stop the writers,",
            f"   `aurora-cfn destroy {options} --stack {key}`{again}",
            "3. when nothing uses the old stack any more, delete it with the tool that made it; keep a final snapshot",
        ):
            info(f"  {line}")
