"""databases-api: two roles that reach the fleet alone, and an API without a public route."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aurora_cfn.blueprints import databases_api
from aurora_cfn.blueprints.parts.code import NOT_UPLOADED
from aurora_cfn.cli import root
from aurora_cfn.render import template
from tests.blueprints.test_apis import of_type, statements

BODY: dict[str, Any] = template(databases_api.BLUEPRINT)
PARAMS = """\
region: eu-west-1
account: "123456789012"
role_arn: arn:aws:iam::123456789012:role/x
stacks:
  db:
    name: clientdb-acme
    template: {template}
    parameters: {{ClusterName: clientdb-acme, NetworkStackName: net}}
"""
NEVER_USED = {
    # Of the handlers of the same types, for properties that the templates do not set.
    "firehose:TagDeliveryStream", "iam:DeleteRolePolicy", "iam:ListRoles",
    "logs:AssociateKmsKey", "logs:CreateLogDelivery", "logs:DeleteIndexPolicy", "logs:DeleteResourcePolicy",
    "logs:DisassociateKmsKey", "logs:PutBearerTokenAuthentication", "logs:PutDataProtectionPolicy",
    "logs:PutIndexPolicy", "logs:PutLogGroupDeletionProtection", "logs:PutResourcePolicy",
    "rds:AddRoleToDBCluster", "rds:AddRoleToDBInstance", "rds:CreateDBInstanceReadReplica", "rds:CreateDBSnapshot",
    "rds:PromoteReadReplica", "rds:RemoveFromGlobalCluster", "rds:RemoveRoleFromDBCluster",
    "rds:RemoveRoleFromDBInstance", "rds:RestoreDBClusterFromSnapshot", "rds:RestoreDBClusterToPointInTime",
    "rds:RestoreDBInstanceFromDBSnapshot", "rds:RestoreDBInstanceToPointInTime",
    "rds:StartDBInstanceAutomatedBackupsReplication", "rds:StopDBInstanceAutomatedBackupsReplication",
}  # fmt: skip


def actions(role: str) -> set[str]:
    rows = (row["Action"] for row in statements(BODY, role))
    return {action for row in rows for action in ([row] if isinstance(row, str) else row)}


@pytest.mark.parametrize("name", ["aurora-serverless-postgres", "aurora-serverless-mysql"])
def test_the_role_of_clients_allows_what_the_templates_need_and_no_more(name: str, tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "params/dev.yaml").write_text(PARAMS.format(template=name))
    shutil.copytree(Path(__file__).parents[2] / "templates", tmp_path / "templates")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        done = CliRunner().invoke(root, ["permissions", "deploy", "--env", "dev", "--role"])
    assert done.exit_code == 0, done.stderr
    needed = {action for row in json.loads(done.stdout)["Statement"] for action in row["Action"]}
    assert needed - actions("ClientRole") <= NEVER_USED
    assert actions("ClientRole") <= needed


def test_no_role_reads_a_secret_or_writes_a_policy() -> None:
    for role in ("ClientRole", "ApiRole"):
        refused = {"secretsmanager:GetSecretValue", "iam:PutRolePolicy", "rds-data:ExecuteStatement"}
        assert not refused & actions(role)


def test_what_changes_something_is_limited_to_the_fleet() -> None:
    for role in ("ClientRole", "ApiRole"):
        for row in statements(BODY, role):
            if row["Resource"] in ("*", ["*"]):
                listed = [row["Action"]] if isinstance(row["Action"], str) else row["Action"]
                reads = ("Describe", "List", "PutTraceSegments", "PutTelemetryRecords")
                assert all(action.partition(":")[2].startswith(reads) for action in listed), row["Sid"]


def test_every_route_wants_a_signature() -> None:
    routes = of_type(BODY, "AWS::ApiGatewayV2::Route").values()
    assert {row["AuthorizationType"] for row in routes} == {"AWS_IAM"}
    assert {row["RouteKey"] for row in routes} == set(databases_api.ROUTES)


def test_a_stack_without_a_fleet_is_refused_before_anything_is_made() -> None:
    (row,) = BODY["Rules"]["FleetIsUploaded"]["Assertions"]
    assert row["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "FleetKey"}, NOT_UPLOADED]}]}
    assert BODY["Parameters"]["FleetKey"]["Default"] == NOT_UPLOADED
