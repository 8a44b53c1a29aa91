"""Public reports about databases in CloudFormation, each tried as an update or as a template to lint.

The verdict is what AWS does today, which is not always what the report saw at its time.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from aurora_cfn.lint.engine import lint
from aurora_cfn.lint.subject import Subject
from aurora_cfn.model.change import Verdict
from tests.review.sides import between, one

CLUSTER, INSTANCE = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance"
KEPT = {"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot"}
POSTGRES = {"Engine": "postgres", "AllocatedStorage": "20", "DBInstanceClass": "db.t4g.micro"}
AURORA = {"Engine": "aurora-postgresql", "StorageEncrypted": True}
REPLACED, IN_PLACE = (Verdict.REPLACE,), (Verdict.METADATA, Verdict.IN_PLACE, Verdict.INTERRUPTION)
UPDATES: list[tuple[str, str, dict[str, Any], dict[str, Any], tuple[Verdict, ...], bool]] = [
    # source, type, before, after, verdicts, whether the update is known to fail
    ("cloudformation-coverage-roadmap #1043: another DBInstanceIdentifier",
     INSTANCE, POSTGRES | {"DBInstanceIdentifier": "a"}, POSTGRES | {"DBInstanceIdentifier": "b"}, REPLACED, False),
    ("cloudformation-coverage-roadmap #1042: another DBClusterIdentifier",
     CLUSTER, AURORA | {"DBClusterIdentifier": "a"}, AURORA | {"DBClusterIdentifier": "b"}, REPLACED, False),
    ("cloudtools/stacker #96: a database with a name of its own is to be replaced",
     INSTANCE, POSTGRES | {"DBInstanceIdentifier": "a", "DBName": "x"},
     POSTGRES | {"DBInstanceIdentifier": "a", "DBName": "y"}, (Verdict.REPLACE, Verdict.FAILS), True),
    ("cloudformation-coverage-roadmap #775: DBSnapshotIdentifier is removed after the restore",
     INSTANCE, POSTGRES | {"DBSnapshotIdentifier": "s"}, POSTGRES, IN_PLACE, False),
    ("terraform-provider-aws #15563: another SnapshotIdentifier of a cluster",
     CLUSTER, AURORA | {"SnapshotIdentifier": "s"}, AURORA | {"SnapshotIdentifier": "t"}, REPLACED, False),
    ("cloudformation-coverage-roadmap #447: Performance Insights is switched off",
     INSTANCE, POSTGRES | {"EnablePerformanceInsights": True}, POSTGRES | {"EnablePerformanceInsights": False},
     IN_PLACE, False),
    ("floci-io/floci #3500: StorageEncrypted of a cluster",
     CLUSTER, AURORA | {"StorageEncrypted": False}, AURORA, REPLACED, False),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "after", "verdicts", "fails"), [row[1:] for row in UPDATES],
                         ids=[row[0] for row in UPDATES])  # fmt: skip
def test_an_update_that_was_reported(
    kind: str, before: dict[str, Any], after: dict[str, Any], verdicts: tuple[Verdict, ...], fails: bool
) -> None:
    change = between(one(kind, before, **KEPT), one(kind, after, **KEPT))
    assert change.outcome in verdicts, change
    assert change.fails is fails, change


POLICIES = "DeletionPolicy: Snapshot, UpdateReplacePolicy: Snapshot"
SECRET = "MasterUsername: boss, ManageMasterUserPassword: true"
CAPACITY = "ServerlessV2ScalingConfiguration: {MinCapacity: 0.5, MaxCapacity: 4}"
MEMBER = "Engine: aurora-postgresql, DBInstanceClass: db.serverless, DBClusterIdentifier: !Ref C"


def template(cluster: str, member: str = MEMBER) -> str:
    return (
        f"Resources:\n  C: {{Type: {CLUSTER}, {POLICIES}, Properties: {{Engine: aurora-postgresql, {cluster}}}}}\n"
        f"  I: {{Type: {INSTANCE}, Properties: {{{member}}}}}\n"
    )


LINTED = [
    # source, template, the rule that reports it; none for a template that AWS takes
    ("cfn-lint #1395: an instance without AllocatedStorage",
     f"Resources:\n  I: {{Type: {INSTANCE}, {POLICIES}, Properties: "
     f"{{Engine: postgres, DBInstanceClass: db.t4g.micro, StorageEncrypted: true, {SECRET}}}}}\n", {"E9061"}),
    ("cfn-lint #4070: admin as master user of PostgreSQL",
     template(f"StorageEncrypted: true, MasterUsername: admin, ManageMasterUserPassword: true, {CAPACITY}"),
     {"E9020"}),
    ("cfn-lint #4069: StorageEncrypted of a member like its cluster's",
     template(f"StorageEncrypted: true, {SECRET}, {CAPACITY}", f"{MEMBER}, StorageEncrypted: true"), set()),
    ("cfn-lint #2319: a member without BackupRetentionPeriod",
     template(f"StorageEncrypted: true, {SECRET}, {CAPACITY}"), set()),
    ("cloudposse/terraform-aws-rds-cluster #181: a serverless member without scaling configuration",
     template(f"StorageEncrypted: true, {SECRET}"), {"E9003"}),
    ("cloudformation-coverage-roadmap #396: EngineMode serverless",
     template(f"StorageEncrypted: true, {SECRET}, EngineMode: serverless"), {"E9001"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rules"), [row[1:] for row in LINTED], ids=[row[0] for row in LINTED])
def test_a_template_that_was_reported(text: str, rules: set[str]) -> None:
    ((*found,),) = lint([Subject("t.yaml", text)], today=date(2026, 11, 28))
    errors = {row.rule for row in found if row.severity == "error"}
    assert bool(errors & rules) if rules else not errors, [(row.rule, row.message) for row in found]
