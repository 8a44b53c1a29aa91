from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.local.cloudformation.drift import CLUSTER, read
from tests.local.conftest import Stacks
from tests.local.rds.test_stacks_with_databases import cluster

RECORD = {"Engine": "aurora-postgresql", "DatabaseName": None, "HttpEndpointEnabled": True, "Unknown": 1}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (None, None),
        (RECORD, {"Engine": "aurora-postgresql", "EnableHttpEndpoint": True}),
        ({"ServerlessV2ScalingConfiguration": {"MinCapacity": "0.5", "MaxCapacity": "4"}},
         {"ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 4}}),
    ],
)  # fmt: skip
def test_a_record_is_read_under_the_names_of_the_template(record: Any, expected: Any) -> None:
    assert read(record, CLUSTER) == expected


@pytest.mark.slow
def test_a_cluster_changed_by_hand_has_drifted_and_what_is_not_compared_is_named(stacks: Stacks) -> None:
    body = cluster(deletion="Delete", member=False, BackupRetentionPeriod=3)
    body["Resources"]["S"] = {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": {}}}
    body["Resources"]["V"] = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
    outputs = stacks.create("drifting", body)

    def statuses() -> dict[str, str]:
        stacks.cloudformation.detect_stack_drift(StackName="drifting")
        found = stacks.cloudformation.describe_stack_resource_drifts(StackName="drifting")["StackResourceDrifts"]
        return {row["LogicalResourceId"]: row["StackResourceDriftStatus"] for row in found}

    assert statuses() == {"C": "IN_SYNC", "S": "IN_SYNC", "V": "NOT_CHECKED"}
    stacks.client("rds").modify_db_cluster(DBClusterIdentifier=outputs["Id"], BackupRetentionPeriod=7)
    assert statuses() == {"C": "MODIFIED", "S": "IN_SYNC", "V": "NOT_CHECKED"}
    stacks.delete("drifting")
