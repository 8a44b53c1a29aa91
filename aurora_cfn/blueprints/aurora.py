"""The outputs of an Aurora Serverless cluster: an API that other stacks import by name."""

from __future__ import annotations

from troposphere import GetAtt, Output, Ref

from aurora_cfn.blueprint import exported
from aurora_cfn.blueprints.aurora_cluster import CLUSTER
from aurora_cfn.blueprints.parts.database_network import secret_arn
from aurora_cfn.blueprints.parts.security_groups import group_id


def aurora_outputs() -> list[Output]:
    """What a client needs to connect, over the wire or over the Data API."""
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported("ClusterName", "Identifier of the cluster", Ref(CLUSTER)),
        exported("DNSName", "Host of the writer endpoint", GetAtt(CLUSTER, "Endpoint.Address")),
        exported("ReaderDNSName", "Host of the reader endpoint", GetAtt(CLUSTER, "ReadEndpoint.Address")),
        exported("DBPort", "Port of both endpoints", GetAtt(CLUSTER, "Endpoint.Port")),
        exported("DBName", "Database made with the cluster", Ref("DatabaseName")),
        exported("ClusterArn", "ARN of the cluster, for the Data API", GetAtt(CLUSTER, "DBClusterArn")),
        exported(
            "ClusterResourceId", "Id that IAM policies for rds-db:connect name", GetAtt(CLUSTER, "DBClusterResourceId")
        ),
        exported("SecretArn", "ARN of the secret that opens the cluster", secret_arn(CLUSTER)),
        exported("ClientSecurityGroupId", "Group whose members may connect", group_id("ClientSecurityGroup")),
        exported("ClusterSecurityGroupId", "Group of the cluster itself", group_id("ClusterSecurityGroup")),
    ]
