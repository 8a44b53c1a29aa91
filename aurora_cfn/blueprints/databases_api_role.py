"""The role that CloudFormation assumes for the stacks of clients: Aurora clusters with the name of the fleet.

Its actions are those of the templates aurora-serverless-*, without those that would write a policy into a role: a
test compares them with what `aurora-cfn permissions deploy --role` prints.
"""

from __future__ import annotations

from typing import Final

from troposphere import AWSObject, Ref, Sub

from aurora_cfn.blueprint import commented, excepted, waived
from aurora_cfn.blueprints.parts.service_role import Document, allowed, policy_document, role
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
    description = "Lets CloudFormation make, change and delete the databases of the fleet's clients"
    made = role(title, description, policy_document([trusted]), "clients", _statements(), Condition=condition)
    commented(
        made,
        AssumeRolePolicyDocument="AWS does not say whether CloudFormation sends the account here: if it does, it must"
        " be this one.",
    )
    excepted(made, "any-resource", "actions that list and describe know no resources")
    return waived(made, ("CKV_AWS_111", "each action that writes is limited to the fleet's names or tags"))


def _statements() -> list[Document]:
    actions = read_facts("client_role")["actions"]
    roles = Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${FleetName}-*")
    parts = [account_arn("rds", f"{kind}:default*") for kind in ("cluster-pg", "pg", "og", "subgrp")]
    fleet = {"StringEquals": {"aws:ResourceTag/aurora-cfn:fleet": Ref("FleetName")}}
    monitoring = {"StringEquals": {"iam:PassedToService": "monitoring.rds.amazonaws.com"}}
    groups, snapshots = account_arn("ec2", "security-group/*"), account_arn("rds", "cluster-snapshot:*")
    logs = account_arn("logs", "log-group:/aws/rds/cluster/${FleetName}-*")
    secrets, keys = account_arn("secretsmanager", "secret:rds!*"), account_arn("kms", "key/*")
    grants = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    attached = {"ArnEquals": {"iam:PolicyARN": Sub(_MONITORING)}}
    linked = Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/rds.*/AWSServiceRoleForRDS")
    return [
        allowed(actions["Databases"], [*(account_arn("rds", row) for row in _NAMED), *parts], sid="Databases"),
        allowed(["rds:AddTagsToResource", "rds:CreateDBClusterSnapshot"], [snapshots], sid="FinalSnapshots"),
        allowed(["ec2:CreateSecurityGroup", "ec2:CreateTags"], [groups, account_arn("ec2", "vpc/*")], sid="MakeGroups"),
        allowed(actions["SecurityGroups"], [groups], fleet, sid="SecurityGroups"),
        allowed(actions["LogGroups"], [logs], sid="LogGroups"),
        allowed(["secretsmanager:CreateSecret", "secretsmanager:TagResource"], [secrets], sid="MasterSecrets"),
        allowed(["kms:CreateGrant"], [keys], grants, sid="Grants"),
        allowed(actions["MonitoringRoles"], [roles], sid="MonitoringRoles"),
        allowed(["iam:AttachRolePolicy"], [roles], attached, sid="AttachOnePolicy"),
        allowed(["iam:PassRole"], [roles], monitoring, sid="PassMonitoringRoles"),
        allowed(["iam:CreateServiceLinkedRole"], [linked], sid="RoleOfTheService"),
        allowed(actions["Reads"], ["*"], sid="Reads"),
    ]


def account_arn(service: str, rest: str) -> Sub:
    """Of this account in any region: clients are in all of the fleet's."""
    return Sub(f"arn:${{AWS::Partition}}:{service}:*:${{AWS::AccountId}}:{rest}")
