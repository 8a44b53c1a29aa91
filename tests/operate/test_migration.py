"""The plan of a migration: what fits, what changes, what prevents it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.rds_database import Cluster, DatabaseSnapshot, Endpoint, Instance
from aurora_cfn.operate.migration import (
    Source,
    plan,
    plan_rows,
    refusals,
    snapshot_name,
    source_of,
    source_of_snapshot,
)
from aurora_cfn.parameters import Parameter
from aurora_cfn.template.summary import TemplateSummary

DEFAULTS = {
    "EngineVersion": "17.7",
    "DatabaseName": "temporal",
    "SnapshotIdentifier": "",
    "KmsKeyId": "",
    "DBMaster": "",
}
TEMPLATE = TemplateSummary("t", parameters=tuple(Parameter(name, "", default=text) for name, text in DEFAULTS.items()))
V1 = Source(
    "orders", "db-cluster", "17.5", "arn:aws:rds:eu-west-1:1:cluster:orders", "aurora-postgresql", "serverless",
    user="admin", database="temporal",
)  # fmt: skip
RDS = replace(V1, kind="db-instance", arn="arn:aws:rds:eu-west-1:1:db:orders", engine="postgres", mode="")
BY_ARN = {"SnapshotIdentifier": "arn:aws:rds:eu-west-1:1:snapshot:orders-for-shop-dev"}
READY = {"SnapshotIdentifier": "orders-for-shop-dev"}


def rows(
    source: Source,
    parameters: dict[str, str],
    engine: str = "postgresql",
    *,
    template: TemplateSummary = TEMPLATE,
    deployed: dict[str, str] | None = None,
) -> dict[str, tuple[str, str]]:
    entry = EnvironmentStack("shop", "shop-dev", "t", parameters, 3)
    return {row.what: (row.verdict, row.note) for row in plan(source, entry, template, engine, deployed)}


def refused(source: Source, parameters: dict[str, str], engine: str = "postgresql") -> list[str]:
    return [what for what, (verdict, _) in rows(source, parameters, engine).items() if verdict == "refused"]


@pytest.mark.parametrize(
    ("source", "parameters", "prevents"),
    [
        (V1, READY, []),
        (V1, {}, ["data"]),
        (V1, {"SnapshotIdentifier": "another"}, ["data"]),
        (replace(V1, database="shop"), READY, ["first database"]),
        (replace(V1, database="shop"), READY | {"DatabaseName": "shop"}, []),
        (replace(V1, encrypted=False), READY, ["encryption"]),
        (replace(V1, encrypted=False), READY | {"KmsKeyId": "alias/aws/rds"}, []),
        (replace(V1, version="18.1"), READY, ["version"]),
        (replace(V1, version="17.9"), READY, ["version"]),
        (replace(V1, version="17.9"), READY | {"EngineVersion": "17"}, []),
        (replace(V1, version="13.12"), READY, []),
        (replace(V1, engine="aurora-mysql", version="5.7.mysql_aurora.2.11.4"), READY, ["engine"]),
        (replace(RDS, version="17.5"), BY_ARN, []),
        (replace(RDS, version="16.3"), BY_ARN, ["version"]),
        (RDS, READY, ["data"]),
        (replace(V1, snapshot="v1-final"), {"SnapshotIdentifier": "v1-final"}, []),
        (replace(V1, snapshot="v1-final"), READY, ["data"]),
        # The default of the template names a database that the data need not have.
        (replace(V1, database=""), READY, ["first database"]),
        (replace(V1, database=""), READY | {"DatabaseName": "postgres"}, []),
    ],
)  # fmt: skip
def test_what_prevents_a_migration(source: Source, parameters: dict[str, str], prevents: list[str]) -> None:
    assert refused(source, parameters) == prevents


@pytest.mark.parametrize(
    ("deployed", "prevents"),
    [
        (None, []),  # no stack yet, or one whose creation failed
        (READY, []),  # an earlier run
        ({"SnapshotIdentifier": ""}, ["new stack"]),
        ({"SnapshotIdentifier": "another"}, ["new stack"]),
        ({}, ["new stack"]),
    ],
)
def test_a_snapshot_makes_a_new_stack_only(deployed: dict[str, str] | None, prevents: list[str]) -> None:
    found = rows(V1, READY, deployed=deployed)
    assert [what for what, (verdict, _) in found.items() if verdict == "refused"] == prevents


def test_a_template_that_restores_nothing_is_refused() -> None:
    other = TemplateSummary("t", parameters=TEMPLATE.parameters[:2])
    assert "has no parameter SnapshotIdentifier" in rows(V1, READY, template=other)["data"][1]


def test_mysql_versions_are_compared_as_aurora_counts_them() -> None:
    source = replace(V1, engine="aurora", version="5.7.mysql_aurora.2.11.4")
    to = READY | {"EngineVersion": "8.0.mysql_aurora.3.08.0"}
    assert rows(source, to, "mysql")["version"][0] == "check"
    assert refused(source, to, "mysql") == []


def test_the_plan_names_the_value_to_write_and_what_is_lost() -> None:
    found = rows(replace(V1, parameter_group="tuned"), {})
    assert "write `SnapshotIdentifier: orders-for-shop-dev` under the parameters of shop" in found["data"][1]
    assert found["parameter group"][0] == "lost"
    assert "parameter group" not in rows(replace(V1, parameter_group="default.aurora-postgresql17"), {})
    entry = EnvironmentStack("shop", "shop-dev", "t", {}, 3)
    table = plan_rows(plan(V1, entry, TEMPLATE, "postgresql"))
    assert table.rows[0][:3] == ("database", "orders, Aurora Serverless v1", "Aurora Serverless v2")
    assert len(refusals(plan(V1, entry, TEMPLATE, "postgresql"))) == 1


def test_sources_are_read_from_what_rds_shows() -> None:
    endpoint = Endpoint(user="admin", database="shop")
    cluster = Cluster("c", "arn:c", "available", "aurora-postgresql", "13.12", endpoint=endpoint, mode="serverless")
    assert (source_of(cluster).mode, source_of(cluster).database) == ("serverless", "shop")
    instance = Instance("i", "available", "postgres", "15.4", endpoint=endpoint, arn="arn:i")
    assert (source_of(instance).kind, source_of(instance).mode) == ("db-instance", "")
    of_cluster = DatabaseSnapshot("s", "arn:s", "c", "available", version="13.12", engine="aurora-mysql")
    assert (source_of_snapshot(of_cluster).snapshot, source_of_snapshot(of_cluster).engine) == ("s", "aurora-mysql")
    assert source_of_snapshot(replace(of_cluster, kind="db-instance")).snapshot == "arn:s"
    assert snapshot_name(source_of(cluster), "shop-dev") == "c-for-shop-dev"
