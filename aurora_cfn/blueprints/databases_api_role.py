"""The role that CloudFormation assumes for the stacks of clients: Aurora clusters with the name of the fleet.

Its actions are those of the templates aurora-serverless-*, without those that would write a policy into a role: a
test compares them with what `aurora-cfn permissions deploy --role` prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from troposphere import AWSObject, Ref, Sub
from troposphere.iam import Policy, Role

from aurora_cfn.blueprint import commented, excepted, waived
from aurora_cfn.blueprints.parts.service_role import permissions_boundary, policy_document
from aurora_cfn.facts import read_facts

_NAMED: Final = ("cluster:${FleetName}-*", "cluster-pg:${FleetName}-*", "db:${FleetName}-*", "subgrp:${FleetName}-*")
_MONITORING: Final = "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"


def client_role(title: str, condition: str) -> AWSObject:
    """The role, made where the condition holds."""
    trusted = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudformation.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": Ref("AWS::AccountId")}},
    }
    role = Role(
        title,
        Condition=condition,
        Description="Lets CloudFormation make, change and delete the databases of the fleet's clients",
        AssumeRolePolicyDocument=policy_document([trusted]),
        PermissionsBoundary=permissions_boundary(),
        Policies=[Policy(PolicyName="clients", PolicyDocument=policy_document(_statements()))],
    )
    commented(
        role,
        AssumeRolePolicyDocument="AWS does not say whether CloudFormation sends the account here: if it does, it must"
        " be this one.",
    )
    excepted(role, "any-resource", "actions that list and describe know no resources")
    return waived(role, ("CKV_AWS_111", "each action that writes is limited to the fleet's names or tags"))


def _statements() -> list[dict[str, Any]]:
    actions = read_facts("client_role")["actions"]
    roles = Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${FleetName}-*")
    parts = [account_arn("rds", f"{kind}:default*") for kind in ("cluster-pg", "pg", "og", "subgrp")]
    fleet = {"StringEquals": {"aws:ResourceTag/aurora-cfn:fleet": Ref("FleetName")}}
    monitoring = {"StringEquals": {"iam:PassedToService": "monitoring.rds.amazonaws.com"}}
    groups, snapshots = account_arn("ec2", "security-group/*"), account_arn("rds", "cluster-snapshot:*")
    secrets, keys = account_arn("secretsmanager", "secret:rds!*"), account_arn("kms", "key/*")
    grants = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    attached = {"ArnEquals": {"iam:PolicyARN": Sub(_MONITORING)}}
    linked = Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/rds.*/AWSServiceRoleForRDS")
    return [
        _allow("Databases", actions["Databases"], [*(account_arn("rds", row) for row in _NAMED), *parts]),
        _allow("FinalSnapshots", ("rds:AddTagsToResource", "rds:CreateDBClusterSnapshot"), [snapshots]),
        _allow("MakeGroups", ("ec2:CreateSecurityGroup", "ec2:CreateTags"), [groups, account_arn("ec2", "vpc/*")]),
        _allow("SecurityGroups", actions["SecurityGroups"], [groups], fleet),
        _allow("LogGroups", actions["LogGroups"], [account_arn("logs", "log-group:/aws/rds/cluster/${FleetName}-*")]),
        _allow("MasterSecrets", ("secretsmanager:CreateSecret", "secretsmanager:TagResource"), [secrets]),
        _allow("Grants", ("kms:CreateGrant",), [keys], grants),
        _allow("MonitoringRoles", actions["MonitoringRoles"], [roles]),
        _allow("AttachOnePolicy", ("iam:AttachRolePolicy",), [roles], attached),
        _allow("PassMonitoringRoles", ("iam:PassRole",), [roles], monitoring),
        _allow("RoleOfTheService", ("iam:CreateServiceLinkedRole",), [linked]),
        _allow("Reads", actions["Reads"], ["*"]),
    ]


def _allow(
    sid: str, actions: Sequence[str], where: Sequence[Any], condition: dict[str, Any] | None = None
) -> dict[str, Any]:
    found = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": list(where)}
    return found | ({"Condition": condition} if condition else {})


def account_arn(service: str, rest: str) -> Sub:
    """Of this account in any region: clients are in all of the fleet's."""
    return Sub(f"arn:${{AWS::Partition}}:{service}:*:${{AWS::AccountId}}:{rest}")
