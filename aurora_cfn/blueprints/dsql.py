"""Aurora DSQL: a distributed PostgreSQL-compatible cluster without instances, passwords or a network of its own.

One cluster in one region, or one of two peers that share their data under a witness in a third region.
"""

from __future__ import annotations

from collections.abc import Sequence

from troposphere import AWSObject, GetAtt, If, Output, Ref, Tags
from troposphere.dsql import Cluster, MultiRegionProperties

from aurora_cfn.blueprint import ParameterGroup, blueprint_of, commented, exported
from aurora_cfn.blueprints.checks.dsql import WITNESS_NEEDED
from aurora_cfn.blueprints.parts.conditions import given, is_given, only_if, rule
from aurora_cfn.blueprints.unrendered import checks_of
from aurora_cfn.parameters import BOOLEAN, Parameter

_REGION = "[a-z]{2}(-[a-z]+)+-[0-9]"
CLUSTER_ARN = f"arn:aws[a-z-]*:dsql:{_REGION}:[0-9]{{12}}:cluster/[a-z0-9]{{26}}"

_PROTECTION = (
    Parameter(
        "DeletionProtection",
        "Whether DSQL refuses to delete the cluster. The stack keeps the cluster when it is deleted, whatever this is.",
        default="true", group="Protection", allowed=BOOLEAN,
    ),
    Parameter(
        "KmsKeyArn", "ARN of the KMS key that encrypts the cluster. Empty: the key that AWS owns.",
        default="", group="Protection",
        pattern=f"^$|^arn:aws[a-z-]*:kms:{_REGION}:[0-9]{{12}}:key/[A-Za-z0-9-]{{1,64}}$",
        constraint="empty, or the ARN of a KMS key",
    ),
)  # fmt: skip
_REGIONS = (
    Parameter(
        "WitnessRegion",
        "Region that keeps the log between two peers. Empty: a cluster in this region alone. It cannot be removed"
        " later.",
        default="", group="Several regions", pattern=f"^$|^{_REGION}$", constraint="empty, or the name of a region",
    ),
    Parameter(
        "PeerClusterArn",
        "ARN of the cluster in the other region. Deploy the first region without it, the second one with the ARN of the"
        " first, then the first again with the ARN of the second: then both become active.",
        default="", group="Several regions", pattern=f"^$|^{CLUSTER_ARN}$",
        constraint="empty, or the ARN of a DSQL cluster",
    ),
)  # fmt: skip


PARAMETERS = (
    ParameterGroup(_PROTECTION, conditions={"HasKmsKey": given("KmsKeyArn")}),
    ParameterGroup(
        _REGIONS,
        conditions={"HasWitness": given("WitnessRegion"), "HasPeer": given("PeerClusterArn")},
        rules={
            "PeersNeedAWitness": rule(
                when=is_given("PeerClusterArn"), must=is_given("WitnessRegion"), why=WITNESS_NEEDED
            ),
            "WitnessElsewhere": rule(
                when=None,
                must={"Fn::Not": [{"Fn::Equals": [{"Ref": "WitnessRegion"}, {"Ref": "AWS::Region"}]}]},
                why="WitnessRegion must be another region than the stack's",
            ),
        },
    ),
)


def resources() -> Sequence[AWSObject]:
    """The cluster alone: DSQL has no instances, subnets or users to make."""
    regions = MultiRegionProperties(
        WitnessRegion=Ref("WitnessRegion"), Clusters=only_if("HasPeer", [Ref("PeerClusterArn")])
    )
    cluster = Cluster(
        "Cluster",
        DeletionPolicy="Retain",
        UpdateReplacePolicy="Retain",
        DeletionProtectionEnabled=Ref("DeletionProtection"),
        KmsEncryptionKey=If("HasKmsKey", Ref("KmsKeyArn"), "AWS_OWNED_KMS_KEY"),
        MultiRegionProperties=only_if("HasWitness", regions),
        Tags=Tags(Name=Ref("AWS::StackName")),
    )
    return [
        commented(cluster, KmsEncryptionKey="Named, not left out: without the property DSQL keeps the key that it has.")
    ]


def outputs() -> Sequence[Output]:
    """What a client needs to sign a token and to connect."""
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported("ClusterId", "Identifier of the cluster", Ref("Cluster")),
        exported("ClusterArn", "ARN that policies for dsql:DbConnect name", GetAtt("Cluster", "ResourceArn")),
        exported("Endpoint", "Host of the cluster; port 5432, database postgres", GetAtt("Cluster", "Endpoint")),
        exported(
            "VpcEndpointServiceName",
            "Service of a PrivateLink endpoint, for clients that cannot reach the internet",
            GetAtt("Cluster", "VpcEndpointServiceName"),
        ),
        exported(
            "RegionKind",
            "multi-region when a witness is given, otherwise single-region",
            If("HasWitness", "multi-region", "single-region"),
        ),
    ]


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="dsql",
    description="Aurora DSQL cluster in one region or in two, protected and kept when the stack goes",
    resources=resources,
    outputs=outputs,
    checks=checks_of("dsql"),
)
