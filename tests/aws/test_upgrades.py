"""Versions to upgrade to, and blue/green deployments, as RDS answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aurora_cfn.aws.session import Session
from aurora_cfn.aws.upgrades import AwsBlueGreenDeployments, AwsUpgradeTargets
from aurora_cfn.errors import AwsError
from aurora_cfn.model.upgrade_plan import UpgradeTarget
from tests.aws.stubs import session, stubbed
from tests.aws.upgrades_contract import keep_deployments, keep_targets
from tests.fakes.upgrades import FakeBlueGreenDeployments, FakeUpgradeTargets

ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:toy"
GREEN = f"{ARN}-green-abc123"
IDENTIFIED = {"BlueGreenDeploymentIdentifier": "bgd-1"}
NAMED = {**IDENTIFIED, "BlueGreenDeploymentName": "toy-to-18"}


def version(name: str, *targets: dict[str, Any]) -> dict[str, Any]:
    return {"Engine": "aurora-postgresql", "EngineVersion": name, "ValidUpgradeTarget": list(targets)}


def asked(name: str) -> dict[str, Any]:
    return {"Engine": "aurora-postgresql", "EngineVersion": name, "IncludeAll": True}


def test_fakes_keep_to_the_contract() -> None:
    rows = [UpgradeTarget("17.7", major=False), UpgradeTarget("18.3", major=True)]
    keep_targets(FakeUpgradeTargets({("aurora-postgresql", "17.4"): rows}), "17.4")
    fake = FakeBlueGreenDeployments()
    keep_deployments(fake, ARN, lambda: fake.provisioned("bgd-1"))


def test_targets_are_those_of_exactly_that_version_and_for_provisioned_clusters() -> None:
    place = session()
    minor = {"EngineVersion": "17.7", "AutoUpgrade": True, "SupportedEngineModes": ["provisioned", "global"]}
    major = {"EngineVersion": "18.3", "IsMajorVersionUpgrade": True}
    rows = [version("17.4", minor, major, {"EngineVersion": "17.9", "SupportedEngineModes": ["serverless"]}),
            version("17.40", {"EngineVersion": "17.50"})]  # fmt: skip
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_db_engine_versions", {"DBEngineVersions": rows}, asked("17.4"))
        assert AwsUpgradeTargets(place).targets("aurora-postgresql", "17.4") == [
            UpgradeTarget("17.7", major=False, automatic=True), UpgradeTarget("18.3", major=True),
        ]  # fmt: skip
        stub.add_response("describe_db_engine_versions", {"DBEngineVersions": rows[:1]}, asked("17.4"))
        stub.add_response("describe_db_engine_versions", {"DBEngineVersions": []}, asked("17.99"))
        keep_targets(AwsUpgradeTargets(place), "17.4")


def test_boto3_keeps_to_the_contract_of_deployments() -> None:
    place = session()
    reads: list[list[dict[str, Any]]] = [
        [],
        [{**NAMED, "Source": ARN, "Target": GREEN, "Status": "AVAILABLE"}],
        [{**NAMED, "Source": ARN, "Target": GREEN, "Status": "SWITCHOVER_IN_PROGRESS"}],
        [{**NAMED, "Source": f"{ARN}-old1", "Target": ARN, "Status": "SWITCHOVER_COMPLETED"}],
        [],
    ]
    with stubbed(place, "rds") as stub:

        def read() -> None:
            stub.add_response("describe_blue_green_deployments", {"BlueGreenDeployments": reads.pop(0)}, {})

        read()
        stub.add_response(
            "create_blue_green_deployment",
            {"BlueGreenDeployment": {**NAMED, "Source": ARN, "Status": "PROVISIONING"}},
            {"BlueGreenDeploymentName": "toy-to-18", "Source": ARN, "TargetEngineVersion": "18.3",
             "TargetDBClusterParameterGroupName": "own", "Tags": [{"Key": "Project", "Value": "x"}]},
        )  # fmt: skip
        read()
        stub.add_response(
            "switchover_blue_green_deployment",
            {"BlueGreenDeployment": {**NAMED, "Source": ARN, "Status": "SWITCHOVER_IN_PROGRESS"}},
            {**IDENTIFIED, "SwitchoverTimeout": 300},
        )
        read()
        read()
        # DeleteTarget is left out: RDS refuses it after a switch.
        stub.add_response("delete_blue_green_deployment", {}, IDENTIFIED)
        read()
        keep_deployments(AwsBlueGreenDeployments(place), ARN, lambda: None)
        stub.assert_no_pending_responses()
        stub.add_response("delete_blue_green_deployment", {}, {**IDENTIFIED, "DeleteTarget": True})
        AwsBlueGreenDeployments(place).delete("bgd-1", green=True)


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("describe_blue_green_deployments", lambda place: AwsBlueGreenDeployments(place).of_cluster(ARN)),
        ("describe_db_engine_versions", lambda place: AwsUpgradeTargets(place).targets("aurora-postgresql", "17.4")),
    ],
)
def test_refusals_are_errors_of_aws(operation: str, call: Callable[[Session], object]) -> None:
    place = session()
    with stubbed(place, "rds") as stub:
        stub.add_client_error(operation, "AccessDenied", "not you", 403)
        with pytest.raises(AwsError, match="not you"):
            call(place)


def test_tasks_and_details_of_a_deployment_are_read() -> None:
    place = session()
    row = {**NAMED, "Source": ARN, "Status": "INVALID_CONFIGURATION", "StatusDetails": "lag",
           "Tasks": [{"Name": "CREATING_READ_REPLICA_OF_SOURCE", "Status": "COMPLETED"}]}  # fmt: skip
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_blue_green_deployments", {"BlueGreenDeployments": [row]}, {})
        found = AwsBlueGreenDeployments(place).of_cluster(ARN)
    assert found is not None
    assert (found.details, found.tasks, found.target) == ("lag", ("CREATING_READ_REPLICA_OF_SOURCE COMPLETED",), "")
