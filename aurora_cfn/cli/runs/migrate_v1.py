"""`migrate-v1`: the data of another stack's database, through a snapshot, in a stack of the environment."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.dsql import AwsDsql
from aurora_cfn.aws.rds import AwsDatabases, AwsSnapshots
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.deploy import deploy
from aurora_cfn.cli.runs.orphans import owner
from aurora_cfn.cli.runs.readiness import checked_account
from aurora_cfn.cli.runs.results import exit_code
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.sql import ADVICE, Layout, print_rows
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.cli.terminal.prompt import confirmed
from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.desired import selected
from aurora_cfn.deploy.snapshots import SnapshotTask
from aurora_cfn.errors import EXIT_NEGATIVE, InputError
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.migration import (
    COUNT_TABLES,
    Source,
    plan,
    plan_rows,
    refusals,
    snapshot_name,
    source_of,
    source_of_snapshot,
)
from aurora_cfn.operate.restore import answers, compared
from aurora_cfn.operate.snapshots import find_snapshot
from aurora_cfn.sql.stack_databases import StackDatabases, engine_in


class MigrationRun:
    """The migration into one stack of the environment, from a live stack or from a snapshot."""

    def __init__(self, target: Target, key: str, live: str | None, resource: str | None, snapshot: str | None) -> None:
        """Find the source. Raises InputError when there is none, or several."""
        checked_account(target)
        (self._entry,) = selected(target.environment, [key])
        self._target = target
        self._database = self._found(live, resource) if live else None
        self._source = self._source_of(self._database, snapshot)
        text = target.templates.text(self._entry.template)
        engine = engine_in(text)
        if engine is None:
            raise InputError(f"{self._entry.template_file} declares no database, or several engines")
        self._plan = plan(self._source, self._entry, target.templates[self._entry.template], engine)

    def show(self, form: str) -> int:
        """Print the plan; EXIT_NEGATIVE where something prevents it. Nothing is changed."""
        print_rows(plan_rows(self._plan), Layout(form))
        wrong = refusals(self._plan)
        for line in wrong:
            info(line, "warning")
        return EXIT_NEGATIVE if wrong else 0

    def migrate(self, checks: Sequence[str], form: str, *, yes: bool) -> int:
        """The exit code, after the snapshot was taken, restored and compared. Raises InputError as the plan says."""
        if wrong := refusals(self._plan):
            raise InputError("\n".join(["nothing was changed:", *(f"  {line}" for line in wrong)]))
        for row in self._plan:
            if row.verdict in {"lost", "check"}:
                info(f"{row.what}: {row.verdict}{': ' if row.note else ''}{row.note}")
        question = f"Copy the data of {self._source.identifier} into {self._entry.name}?"
        if not (yes or confirmed(question)):
            info("declined: nothing was changed")
            return EXIT_NEGATIVE
        self._snapshot()
        run = Run(self._target, yes=yes)
        results = deploy(run, Choices(yes=yes), [self._entry.key], with_dependencies=False, parallel=1)
        code = exit_code(results, interrupted=run.interrupted)
        if not code:
            self._compare(checks or [COUNT_TABLES], form)
            self._advise()
        return code

    def _found(self, live: str, resource: str | None) -> Database:
        session, cloudformation = self._target.session, self._target.cloudformation
        stack = cloudformation.stack(live)
        if stack is None or not stack.exists:
            raise InputError(f"there is no stack {live} in {self._target.environment.region}")
        every = StackDatabases(cloudformation, AwsDatabases(session), AwsDsql(session)).of(stack)
        found = [one for one in every if one.identifier and resource in {None, one.resource}]
        if len(found) != 1:
            names = ", ".join(one.resource for one in every) or "none"
            raise InputError(f"{live}: name one of its databases with --resource; there are: {names}")
        return found[0]

    def _source_of(self, database: Database | None, snapshot: str | None) -> Source:
        session = self._target.session
        if snapshot:
            return source_of_snapshot(find_snapshot(AwsSnapshots(session), snapshot.rpartition(":snapshot:")[2]))
        assert database is not None
        rds, name = AwsDatabases(session), database.identifier
        row = rds.cluster(name) if database.kind == "db-cluster" else rds.instance(name)
        if row is None:
            raise InputError(f"{name} is gone")
        return source_of(row)

    def _snapshot(self) -> None:
        """Take the snapshot, or wait for the one that an earlier run has begun."""
        source = self._source
        if source.snapshot:
            return
        name, snapshots = snapshot_name(source, self._entry.name), AwsSnapshots(self._target.session)
        found = snapshots.snapshot(name, kind=source.kind)
        if found is None:
            tags = {**self._target.environment.tags, **owner(self._target).tags}
            snapshots.create_snapshot(source.identifier, name, tags=tags, kind=source.kind)
            info(f"taking the snapshot {name} of {source.identifier}")
        else:
            taken = f" of {found.created:%Y-%m-%d %H:%M} UTC" if found.created else ""
            info(f"using the snapshot {name}{taken}; delete it to take a new one")
        if found is None or found.status != "available":
            SnapshotTask(snapshots, SystemClock(), info).finished(name, source.kind)

    def _compare(self, checks: Sequence[str], form: str) -> None:
        environment = self._target.environment
        with DatabaseAccess(environment.name, self._target.options, max_wait=120, target=self._target) as access:
            new = access.one_in_rds(self._entry.key)
            old = self._database
            if old is None or not old.secret_arn:
                info("the source was not compared: " + ("it is a snapshot" if old is None else "no secret is known"))
                print_rows(compared(old or Database("", "", ""), new, []), Layout(form))
                return
            both = [answers(access.api(one, ADVICE), one, checks) for one in (old, new)]
            print_rows(compared(old, new, checks, list(zip(*both, strict=True))), Layout(form))

    def _advise(self) -> None:
        options = f"--env {self._target.environment.name}{self._target.options.spelled}"
        key = self._entry.key
        info(f"{self._source.identifier} was not changed. To switch over:")
        for line in (
            f"1. clients join ClientSecurityGroup of {self._entry.name} and read its outputs, in the params file as",
            f"   {{output: {key}.DNSName}} and {{output: {key}.SecretArn}}; then: aurora-cfn deploy {options}",
            "2. what was written after the snapshot is in the old database only: stop its writers first, or start over",
            "3. when nothing uses the old stack any more, delete it with the tool that made it; keep a final snapshot",
        ):
            info(f"  {line}")
