from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.local.cloudformation.drift import CLUSTER, of_instance, read
from aurora_cfn.local.cloudformation.drift_of_networks import compared
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


def test_a_member_has_a_maintenance_window_of_its_own_and_no_port_is_compared() -> None:
    record = {"Engine": "aurora-postgresql", "PreferredMaintenanceWindow": "sun:03:30-sun:04:30", "PromotionTier": 1}
    inherited = {"DeletionProtection": True, "IAMDatabaseAuthenticationEnabled": True}
    assert of_instance({**record, **inherited}, {"DBClusterIdentifier": "c"}) == record
    assert of_instance(record | {"DeletionProtection": True}, {}) == {**record, "DeletionProtection": True}
    # The server of the emulator listens on a port of its own.
    assert read({"Engine": "aurora-postgresql", "Port": 38675}, CLUSTER) == {"Engine": "aurora-postgresql"}


WEB = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": "443", "CidrIp": "10.0.0.0/8"}
GROUP = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "SourceSecurityGroupId": "sg-1"}
WEB_NOW = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
GROUP_NOW = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": "sg-1"}]}
ANY_NOW = {"IpProtocol": "-1", "FromPort": -1, "ToPort": -1, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}


@pytest.mark.parametrize(
    ("wanted", "actual", "others", "found"),
    [
        ([WEB, GROUP], [GROUP_NOW, WEB_NOW], [], [WEB, GROUP]),
        ([WEB], [WEB_NOW, GROUP_NOW], [GROUP], [WEB]),
        ([WEB, GROUP], [WEB_NOW], [], [WEB]),
        ([], [], [], []),
        ([WEB], [WEB_NOW, ANY_NOW], [GROUP], [WEB, {"IpProtocol": "-1", "CidrIpv6": "::/0"}]),
        ([], [WEB_NOW], [], [{"IpProtocol": "tcp", "FromPort": "80", "ToPort": "443", "CidrIp": "10.0.0.0/8"}]),
    ],
)
def test_rules_that_are_kept_gone_or_added(wanted: Any, actual: Any, others: Any, found: Any) -> None:
    assert compared(wanted, actual, others, "Source") == found


@pytest.mark.slow
def test_a_network_changed_by_hand_has_drifted(stacks: Stacks) -> None:
    def of(kind: str, **properties: Any) -> dict[str, Any]:
        return {"Type": kind, "Properties": properties}

    group = {"GroupId": {"Fn::GetAtt": "Group.GroupId"}}
    body = {
        "Resources": {
            "V": of("AWS::EC2::VPC", CidrBlock="10.0.0.0/16"),
            "Group": of("AWS::EC2::SecurityGroup", GroupDescription="d", VpcId={"Ref": "V"},
                        SecurityGroupIngress=[WEB]),
            "Own": of("AWS::EC2::SecurityGroupIngress", IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="10.1.0.0/16",
                      **group),
            "Gateway": of("AWS::EC2::InternetGateway"),
            "Key": of("AWS::KMS::Key", KeyPolicy={"Statement": []}),
        },
        "Outputs": {"Group": {"Value": group["GroupId"]}, "Gateway": {"Value": {"Ref": "Gateway"}}},
    }  # fmt: skip
    outputs = stacks.create("network", body)

    def drifted() -> dict[str, Any]:
        stacks.cloudformation.detect_stack_drift(StackName="network")
        found = stacks.cloudformation.describe_stack_resource_drifts(StackName="network")["StackResourceDrifts"]
        return {row["LogicalResourceId"]: row["StackResourceDriftStatus"] for row in found}

    unchecked = {"Gateway": "NOT_CHECKED", "Key": "NOT_CHECKED"}
    assert drifted() == {"V": "IN_SYNC", "Group": "IN_SYNC", "Own": "IN_SYNC", **unchecked}
    ec2 = stacks.client("ec2")
    everywhere = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=outputs["Group"], IpPermissions=[everywhere])
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.1.0.0/16"}]}
    ec2.revoke_security_group_ingress(GroupId=outputs["Group"], IpPermissions=[ssh])
    ec2.delete_internet_gateway(InternetGatewayId=outputs["Gateway"])
    assert drifted() == {
        "V": "IN_SYNC", "Group": "MODIFIED", "Own": "DELETED", "Gateway": "DELETED", "Key": "NOT_CHECKED",
    }  # fmt: skip


@pytest.mark.slow
def test_a_cluster_changed_by_hand_has_drifted_and_what_is_not_compared_is_named(stacks: Stacks) -> None:
    body = cluster(deletion="Delete", member=False, BackupRetentionPeriod=3)
    body["Resources"]["S"] = {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": {}}}
    body["Resources"]["V"] = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
    body["Resources"]["K"] = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": []}}}
    outputs = stacks.create("drifting", body)

    def statuses() -> dict[str, str]:
        stacks.cloudformation.detect_stack_drift(StackName="drifting")
        found = stacks.cloudformation.describe_stack_resource_drifts(StackName="drifting")["StackResourceDrifts"]
        return {row["LogicalResourceId"]: row["StackResourceDriftStatus"] for row in found}

    assert statuses() == {"C": "IN_SYNC", "S": "IN_SYNC", "V": "IN_SYNC", "K": "NOT_CHECKED"}
    stacks.client("rds").modify_db_cluster(DBClusterIdentifier=outputs["Id"], BackupRetentionPeriod=7)
    assert statuses() == {"C": "MODIFIED", "S": "IN_SYNC", "V": "IN_SYNC", "K": "NOT_CHECKED"}
    stacks.delete("drifting")
