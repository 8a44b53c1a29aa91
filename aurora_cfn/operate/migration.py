"""Moving a database of another stack into a template of ours: what it is, what fits, what changes, what is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from aurora_cfn.deploy.snapshots import identifier_with
from aurora_cfn.facts.versions import read_version
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.rds_database import Cluster, DatabaseSnapshot, EventSource, Instance
from aurora_cfn.model.rows import Rows
from aurora_cfn.template.summary import TemplateSummary

Verdict: TypeAlias = Literal["kept", "changes", "lost", "check", "refused"]
SNAPSHOT = "SnapshotIdentifier"
COUNT_TABLES = (
    "select count(*) from information_schema.tables where table_schema not in "
    "('information_schema', 'pg_catalog', 'mysql', 'performance_schema', 'sys')"
)
"""What is compared without --check: cheap, and the same on PostgreSQL and MySQL."""


@dataclass(frozen=True, slots=True)
class Source:
    """The database that is moved, or its snapshot; what is not known is empty, as the first database of a snapshot."""

    identifier: str
    kind: EventSource
    version: str
    arn: str
    engine: str = ""
    mode: str = ""
    encrypted: bool = True
    user: str = ""
    database: str = ""
    parameter_group: str = ""
    snapshot: str = ""
    """Name or ARN of the snapshot that was given."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plan; `refused` rows prevent the migration."""

    what: str
    source: str
    target: str
    verdict: Verdict
    note: str = ""


def source_of(found: Cluster | Instance) -> Source:
    """The cluster or instance as a source."""
    instance = isinstance(found, Instance)
    return Source(
        found.identifier,
        "db-instance" if instance else "db-cluster",
        found.version,
        found.arn,
        found.engine,
        "" if isinstance(found, Instance) else found.mode,
        found.encrypted,
        found.endpoint.user,
        found.endpoint.database,
        "" if isinstance(found, Instance) else found.parameter_group,
    )


def source_of_snapshot(found: DatabaseSnapshot) -> Source:
    """The snapshot as a source; of an instance it is restored by its ARN."""
    # RestoreDBClusterFromSnapshot takes a name only for the snapshot of a cluster (SnapshotIdentifier, API reference).
    name = found.arn if found.kind == "db-instance" else found.identifier
    return Source(
        found.database, found.kind, found.version, found.arn, found.engine, encrypted=found.encrypted, snapshot=name
    )


def snapshot_name(source: Source, stack: str) -> str:
    """The name of the snapshot that is taken for that stack: the same in every run, so that none is taken twice."""
    return identifier_with(source.identifier, f"-for-{stack}")


def wanted_snapshot(source: Source, stack: str) -> str:
    """The value of SnapshotIdentifier: a name, or the ARN for the snapshot of an instance, which RDS asks for."""
    if source.snapshot:
        return source.snapshot
    name = snapshot_name(source, stack)
    head = source.arn.removesuffix(f":db:{source.identifier}")
    return f"{head}:snapshot:{name}" if source.kind == "db-instance" else name


def refusals(rows: Iterable[Row]) -> list[str]:
    """Why the migration cannot begin, a line each."""
    return [f"{row.what}: {row.note}" for row in rows if row.verdict == "refused"]


def plan_rows(rows: Iterable[Row]) -> Rows:
    """The plan as rows to print."""
    names = ("what", "source", "target", "verdict", "note")
    return Rows.of(names, ((row.what, row.source, row.target, row.verdict, row.note) for row in rows))


def plan(
    source: Source,
    entry: EnvironmentStack,
    template: TemplateSummary,
    engine: str,
    deployed: Mapping[str, str] | None = None,
) -> Iterator[Row]:
    """The rows of the plan; `engine` is postgresql or mysql, as the template has it.

    `deployed` are the parameters of the new stack where it exists already.
    """
    values = _values(entry, template)
    yield _kind(source)
    if source.engine:
        # `aurora` was the engine of Aurora MySQL 1, compatible with MySQL 5.6.
        mysql = re.search("mysql|maria", source.engine) or source.engine == "aurora"
        fits = engine == ("mysql" if mysql else "postgresql")
        note = "" if fits else f"the template {entry.template} is for {engine}"
        yield Row("engine", source.engine, f"aurora-{engine}", "kept" if fits else "refused", note)
    yield _version(source, values.get("EngineVersion", ""), engine)
    yield _snapshot(source, entry, template, values)
    if deployed is not None and deployed.get(SNAPSHOT, "") != wanted_snapshot(source, entry.name):
        note = f"it has a database already, and a snapshot makes a new one: take another key, or destroy {entry.key}"
        yield Row("new stack", "", entry.name, "refused", note)
    yield _encryption(source, values)
    yield _first_database(source, entry, values)
    secret = values.get("DBMaster") or "a new one, managed by RDS"
    yield Row("master user", source.user or "as in the data", "the same", "kept", "all roles come with the data")
    yield Row("master password", "its own", secret, "changes", "clients read it from the output SecretArn")
    yield Row("endpoint", "its own", "a new one", "changes", "clients read it from the output DNSName")
    yield Row("resource id, ARN", "its own", "new ones", "changes", "IAM policies that name them")
    if source.parameter_group and not source.parameter_group.startswith("default."):
        note = "compare its parameters with those of the template"
        yield Row("parameter group", source.parameter_group, "that of the template", "lost", note)
    yield Row("security groups", "its own", "of the new stack", "lost", "clients join ClientSecurityGroup")
    yield Row("automated backups", "stay with the old database", "start again", "lost", "keep the old one for a while")
    yield Row("writes after the snapshot", "", "", "lost", "stop the writers before it is taken")


def _kind(source: Source) -> Row:
    names = {"serverless": "Aurora Serverless v1", "provisioned": "an Aurora cluster"}
    what = names.get(source.mode, "a snapshot" if source.snapshot else "an RDS instance")
    return Row(
        "database", f"{source.identifier}, {what}", "Aurora Serverless v2", "changes", "a copy: the old one stays"
    )


def _version(source: Source, target: str, engine: str) -> Row:
    name = f"aurora-{engine}"
    old, new = read_version(name, source.version), read_version(name, target)
    if old is None or new is None:
        return Row("version", source.version, target, "check", "whether RDS restores it into that version is not known")
    if new.numbers[: len(old.numbers)] < old.numbers[: len(new.numbers)]:
        return Row(
            "version", source.version, target, "refused", "RDS restores into no older version: raise EngineVersion"
        )
    if new.numbers[0] != old.numbers[0]:
        if source.kind == "db-instance":
            note = "the snapshot of an instance is restored into the same major version only, and upgraded afterwards"
            return Row("version", source.version, target, "refused", note)
        note = "a major upgrade while it is restored: RDS takes only some; else restore the same major, then upgrade"
        return Row("version", source.version, target, "check", note)
    return Row("version", source.version, target, "kept" if old == new else "changes")


def _first_database(source: Source, entry: EnvironmentStack, values: Mapping[str, str]) -> Row:
    wanted, given = source.database, values.get("DatabaseName", "")
    if wanted:
        note = "" if given == wanted else f"write `DatabaseName: {wanted}`: the output DBName repeats it"
        return Row("first database", wanted, given, "refused" if note else "kept", note)
    if "DatabaseName" in entry.parameters:
        return Row("first database", "", given, "check", "clients connect to it, so the data must have it")
    # A default of the template is no name that the data are likely to have.
    note = "write `DatabaseName:` with a database that the data have: RDS does not name one, and the output DBName does"
    return Row("first database", "", given, "refused", note)


def _snapshot(source: Source, entry: EnvironmentStack, template: TemplateSummary, values: Mapping[str, str]) -> Row:
    wanted, given = wanted_snapshot(source, entry.name), values.get(SNAPSHOT, "")
    if template.parameter(SNAPSHOT) is None:
        note = f"{entry.template_file} has no parameter {SNAPSHOT}; the templates aurora-serverless-* have it"
        return Row("data", source.identifier, "", "refused", note)
    if given == wanted:
        return Row("data", source.identifier, wanted, "kept")
    note = f"write `{SNAPSHOT}: {wanted}` under the parameters of {entry.key}, and keep it for the life of the cluster"
    return Row("data", source.identifier, given, "refused", note)


def _encryption(source: Source, values: Mapping[str, str]) -> Row:
    key = values.get("KmsKeyId", "")
    if source.encrypted:
        return Row("encryption", "encrypted", key or "with the key of the snapshot", "kept")
    if key:
        return Row("encryption", "not encrypted", key, "changes")
    note = "write `KmsKeyId`, such as alias/aws/rds: without a key RDS restores no snapshot as an encrypted cluster"
    return Row("encryption", "not encrypted", "encrypted", "refused", note)


def _values(entry: EnvironmentStack, template: TemplateSummary) -> dict[str, str]:
    """The parameters as text: of the entry, else the defaults; those that refer to something are left out."""
    found = {row.name: str(row.default) for row in template.parameters if row.default is not None}
    return found | {name: value for name, value in entry.parameters.items() if isinstance(value, str)}
