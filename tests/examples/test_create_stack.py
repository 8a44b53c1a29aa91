"""The call that the architecture document of the Aurora Serverless stack prints works as it stands there."""

from __future__ import annotations

import pytest

from aurora_cfn.blueprints.aurora_serverless_postgres import BLUEPRINT
from aurora_cfn.render import render, template
from tests.examples.workplace import Workplace
from tests.local.conftest import Stacks

# aws cloudformation create-stack --stack-name aurora-serverless-dev --template-body file://... --parameters ...
# --capabilities CAPABILITY_IAM, with a secret Mahira that has the keys username and password.
PARAMETERS = {"EnvironmentName": "dev", "DBMaster": "Mahira", "DatabaseName": "temporal"}
OUTPUTS = {"StackName", "ClusterName", "DNSName", "DBName", "DBPort"}
DEFAULTS = {
    "EnvironmentName": "dev", "DatabaseName": "temporal", "DBBackupRetentionPeriod": "30", "EnableDataApi": "true",
    "AutoPause": "true", "MaxCapacity": "4", "MinCapacity": "2", "SecondsUntilAutoPause": "300",
}  # fmt: skip


def test_its_parameters_and_outputs_are_in_the_template() -> None:
    rows = {row.name: row for row in BLUEPRINT.parameters}
    assert [name for name, value in PARAMETERS.items() if rows[name].problem(value)] == []
    assert all(row.default is not None for row in rows.values())
    assert {name: rows[name].default_text for name in DEFAULTS} == DEFAULTS
    assert {"NetworkStackName", "EngineVersion"} <= set(rows)
    assert set(template(BLUEPRINT)["Outputs"]) >= OUTPUTS


def test_its_capability_is_enough_and_its_template_fits_into_the_call() -> None:
    roles = [row["Properties"] for row in template(BLUEPRINT)["Resources"].values() if row["Type"] == "AWS::IAM::Role"]
    # A named role would need CAPABILITY_NAMED_IAM.
    assert not any("RoleName" in role for role in roles)
    # Bytes that --template-body may have (API reference of CreateStack).
    assert len(render(BLUEPRINT).encode()) <= 51200


@pytest.mark.slow
def test_the_stack_is_made_and_its_cluster_answers(workplace: Workplace) -> None:
    secret = '{"username": "mahira", "password": "a-password-of-some-length"}'
    workplace.client("secretsmanager").create_secret(Name="Mahira", SecretString=secret)
    stacks = workplace.client("cloudformation")
    stacks.create_stack(
        StackName="aurora-serverless-dev",
        TemplateBody=(workplace.folder / "templates" / "aurora-serverless-postgres.yaml").read_text(),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    stack = Stacks(workplace.client).settled("aurora-serverless-dev", timeout=240)
    outputs = {row["OutputKey"]: row["OutputValue"] for row in stack["Outputs"]}
    assert set(outputs) >= OUTPUTS
    assert (outputs["StackName"], outputs["ClusterName"], outputs["DBName"]) == (
        "aurora-serverless-dev", "dev-auroracluster", "temporal",
    )  # fmt: skip
    answer = workplace.client("rds-data").execute_statement(
        resourceArn=outputs["ClusterArn"], secretArn=outputs["SecretArn"], database="temporal", sql="SELECT version();"
    )
    assert "PostgreSQL" in answer["records"][0][0]["stringValue"]
    assert outputs["ClusterArn"].endswith(":cluster:dev-auroracluster")
    assert outputs["SecretArn"].endswith(":secret:Mahira")
