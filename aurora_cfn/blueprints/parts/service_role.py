"""Roles that AWS services assume, and who may assume them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from troposphere import GetAtt, If, Ref
from troposphere.iam import Policy, Role

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.parts.conditions import given, only_if
from aurora_cfn.parameters import Parameter

Document = dict[str, Any]
"""An IAM policy document."""

# Services that send aws:SourceAccount when they assume a role. RDS Enhanced Monitoring: RDS user guide, "Enhanced
# Monitoring", confused deputy. VPC flow logs: VPC user guide, "Publish flow logs to CloudWatch Logs". Lambda: AWS's
# agent toolkit, trust policy of its serverless skill. EventBridge Scheduler: its user guide, "Confused deputy
# prevention". RDS Proxy and the account role of API Gateway are not among them: their guides show trust policies
# without conditions, and with a wrong one the proxy cannot read its secret. (All read 2026-11-28.)
_SEND_SOURCE_ACCOUNT: Final = frozenset(
    {
        "lambda.amazonaws.com",
        "monitoring.rds.amazonaws.com",
        "scheduler.amazonaws.com",
        "vpc-flow-logs.amazonaws.com",
    }
)


NO_SOURCE_ACCOUNT: Final = (
    "No aws:SourceAccount here: AWS does not say that this service sends it, and without it the role cannot be assumed."
    " iam:PassRole keeps the role inside this account."
)
"""Comment for the trust policy of a service that is not among them."""


def trust_policy(service: str) -> Document:
    """The trust policy for one service, limited to resources of this account where the service says whose they are."""
    statement: Document = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if service in _SEND_SOURCE_ACCOUNT:
        statement["Condition"] = {"StringEquals": {"aws:SourceAccount": Ref("AWS::AccountId")}}
    return policy_document([statement])


def policy_document(statements: Sequence[Any]) -> Document:
    """The statements as a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allowed(action: Any, resource: Any, condition: Document | None = None, *, sid: str = "") -> Document:
    """A statement that allows an action, or several, on a resource, or several."""
    named: Document = {"Sid": sid} if sid else {}
    limited = {"Condition": condition} if condition else {}
    return {**named, "Effect": "Allow", "Action": action, "Resource": resource, **limited}


def writes_log(group: str, *, sid: str = "") -> Document:
    """The statement that lets a function write to the log group of that logical id."""
    return allowed(["logs:CreateLogStream", "logs:PutLogEvents"], GetAtt(group, "Arn"), sid=sid)


def role(title: str, description: str, trust: Document, policy: str, statements: Sequence[Any], **more: Any) -> Role:
    """A role with one policy of that name, under the boundary; `more` are other attributes, such as Condition."""
    return Role(
        title,
        Description=description,
        AssumeRolePolicyDocument=trust,
        PermissionsBoundary=permissions_boundary(),
        Policies=[Policy(PolicyName=policy, PolicyDocument=policy_document(statements))],
        **more,
    )


_CONDITION: Final = "HasPermissionsBoundary"
BOUNDARY_GROUP: Final = ParameterGroup(
    (
        Parameter(
            "PermissionsBoundary",
            "ARN of the policy that limits what the roles of this stack may do at most: `aurora-cfn permissions"
            " boundary` prints it. Empty: no limit but the policies of the roles themselves.",
            default="",
            group="Permissions",
            pattern="^$|^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]{1,512}$",
            constraint="empty, or the ARN of a managed policy",
        ),
    ),
    conditions={_CONDITION: given("PermissionsBoundary")},
)
"""The parameter of every template that makes a role."""


def permissions_boundary() -> If:
    """The value of a role's PermissionsBoundary."""
    return only_if(_CONDITION, Ref("PermissionsBoundary"))
