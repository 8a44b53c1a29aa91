"""Known paths from a policy to more rights than it was meant to give, as calls that all have to be allowed.

Collected from the published lists of IAM privilege escalation (Rhino Security Labs, pathfinding.cloud; read 2026-11),
and from what an environment of one account must not do to another one.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.iam.evaluation import Policy, Request, allowed, listed

ACCOUNT, REGION = "123456789012", "eu-west-1"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
OTHER_ROLE, OTHER_POLICY = f"arn:aws:iam::{ACCOUNT}:role/Admin", f"arn:aws:iam::{ACCOUNT}:policy/team"
SHARED = f"aurora-cfn-{ACCOUNT}-{REGION}"
USER, GROUP = f"arn:aws:iam::{ACCOUNT}:user/alice", f"arn:aws:iam::{ACCOUNT}:group/admins"
SERVICES = (
    "ec2", "lambda", "cloudformation", "codebuild", "datapipeline", "ecs-tasks", "glue", "sagemaker", "states",
    "bedrock", "scheduler", "ssm",
)  # fmt: skip


@dataclass(frozen=True)
class Attack:
    """A path: it succeeds if all its calls are allowed."""

    name: str
    calls: tuple[Request, ...]

    def succeeds(self, policies: Sequence[Policy]) -> bool:
        """Whether the holder of the policies gets through, by own calls or with a template of its own."""
        through = (
            replace(call, context={**call.context, "aws:CalledVia": ["cloudformation.amazonaws.com"]})
            for call in self.calls
        )
        return all(
            allowed(policies, call) or allowed(policies, via) for call, via in zip(self.calls, through, strict=True)
        )


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def one(name: str, action: str, resource: str, **context: Any) -> Attack:
    return Attack(name, (Request(action, resource, {key.replace("__", ":"): value for key, value in context.items()}),))


def _user_and_policy() -> Iterator[Attack]:
    for action in ("CreatePolicyVersion", "SetDefaultPolicyVersion"):
        yield one(f"{action} of another policy", f"iam:{action}", OTHER_POLICY)
    for action in ("CreateUser", "CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile", "PutUserPolicy"):
        yield one(f"{action} of a user", f"iam:{action}", USER)
    for action in ("PutGroupPolicy", "AddUserToGroup"):
        yield one(f"{action} of a group", f"iam:{action}", GROUP)
    for action, resource in (("AttachUserPolicy", USER), ("AttachGroupPolicy", GROUP)):
        yield one(action, f"iam:{action}", resource, iam__PolicyARN=ADMIN)
    yield one("AssumeRole of another role", "sts:AssumeRole", OTHER_ROLE)


def _other_roles(boundary: str) -> Iterator[Attack]:
    bounded = {"iam__PermissionsBoundary": boundary}
    for action in ("CreateRole", "PutRolePolicy", "PutRolePermissionsBoundary", "UpdateAssumeRolePolicy", "DeleteRole"):
        yield one(f"{action} of another role", f"iam:{action}", OTHER_ROLE, **bounded)
    for policy in (ADMIN, "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"):
        yield one(f"AttachRolePolicy of {policy}", "iam:AttachRolePolicy", OTHER_ROLE, **bounded, iam__PolicyARN=policy)
    profile = f"arn:aws:iam::{ACCOUNT}:instance-profile/x"
    yield one("AddRoleToInstanceProfile", "iam:AddRoleToInstanceProfile", profile)
    for service in SERVICES:
        passed = {"iam__PassedToService": f"{service}.amazonaws.com"}
        yield one(f"PassRole of another role to {service}", "iam:PassRole", OTHER_ROLE, **passed)
    for action in ("UpdateFunctionCode", "UpdateFunctionConfiguration", "AddPermission", "InvokeFunction"):
        yield one(f"{action} of another function", f"lambda:{action}", arn("lambda", "function:payroll"))
    for action, rest in (
        ("states:UpdateStateMachine", "stateMachine:payroll"), ("codebuild:UpdateProject", "project/payroll"),
        ("glue:UpdateDevEndpoint", "devEndpoint/x"), ("sagemaker:CreatePresignedNotebookInstanceUrl", "notebook/x"),
        ("ssm:SendCommand", "instance/i-1"), ("ec2:RunInstances", "instance/i-1"),
        ("ec2:AssociateIamInstanceProfile", "instance/i-1"), ("ec2:ModifyInstanceAttribute", "instance/i-1"),
    ):  # fmt: skip
        yield one(f"{action} with the role it has", action, arn(action.partition(":")[0], rest))


def _other_stacks(stack: str) -> Iterator[Attack]:
    other, own = arn("cloudformation", "stack/payroll/1"), arn("cloudformation", f"stack/{stack}/1")
    for action in (
        "CreateStack",
        "UpdateStack",
        "CreateChangeSet",
        "ExecuteChangeSet",
        "DeleteStack",
        "SetStackPolicy",
    ):
        yield one(f"{action} of another stack", f"cloudformation:{action}", other)
    taking = {"cloudformation:RoleArn": OTHER_ROLE}
    passing = Request("iam:PassRole", OTHER_ROLE, {"iam:PassedToService": "cloudformation.amazonaws.com"})
    yield Attack("CreateChangeSet with another role", (Request("cloudformation:CreateChangeSet", own, taking), passing))
    yield Attack("DeleteStack with another role", (Request("cloudformation:DeleteStack", own, taking), passing))


def _own_roles(role: str, boundary: str) -> Iterator[Attack]:
    bounded = {"iam:PermissionsBoundary": boundary}
    make, write = Request("iam:CreateRole", role), Request("iam:PutRolePolicy", role)
    yield Attack("a role without boundary, with a policy of any content", (make, write))
    removed = Request("iam:DeleteRolePermissionsBoundary", role, bounded)
    yield Attack("the boundary is taken away", (replace(make, context=bounded), removed, write))
    yield Attack(
        "another boundary", (Request("iam:PutRolePermissionsBoundary", role, {"iam:PermissionsBoundary": ADMIN}),)
    )
    attached = Request("iam:AttachRolePolicy", role, {**bounded, "iam:PolicyARN": ADMIN})
    yield Attack("AdministratorAccess for an own role", (attached,))
    yield one("an own role for an instance", "iam:PassRole", role, iam__PassedToService="ec2.amazonaws.com")
    for action in ("CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicy"):
        yield one(f"{action} of the boundary", f"iam:{action}", boundary)


def _data() -> Iterator[Attack]:
    cluster, snapshot = arn("rds", "cluster:payroll"), arn("rds", "cluster-snapshot:payroll-1")
    owned = {"secretsmanager:ResourceTag/aws:secretsmanager:owningService": "rds"}
    for kind, tag in (("cluster", "primaryDBClusterArn"), ("db", "primaryDBInstanceArn")):
        name = "cluster" if kind == "cluster" else "db"
        tags = {**owned, f"secretsmanager:ResourceTag/aws:rds:{tag}": arn("rds", f"{name}:payroll")}
        secret = arn("secretsmanager", f"secret:rds!{name}-0f0f-AbCdEf")
        yield Attack(
            f"the master password of another {kind}", (Request("secretsmanager:GetSecretValue", secret, tags),)
        )
    yield one("another secret", "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:payroll-AbCdEf"))
    yield one("SQL in another cluster", "rds-data:ExecuteStatement", cluster)
    for action in ("ModifyDBCluster", "DeleteDBCluster", "RestoreDBClusterToPointInTime"):
        yield one(f"{action} of another cluster", f"rds:{action}", cluster)
    yield one("RestoreDBClusterFromSnapshot of another", "rds:RestoreDBClusterFromSnapshot", snapshot)
    yield one(
        "RestoreDBInstanceFromDBSnapshot of another", "rds:RestoreDBInstanceFromDBSnapshot", arn("rds", "snapshot:p")
    )
    yield one("ModifyDBInstance of another instance", "rds:ModifyDBInstance", arn("rds", "db:payroll"))
    other = {"aws:ResourceTag/aws:cloudformation:stack-name": "payroll"}
    for action in ("PutClusterPolicy", "DeleteCluster", "DbConnectAdmin", "DbConnect"):
        yield Attack(f"{action} of another DSQL cluster", (Request(f"dsql:{action}", arn("dsql", "cluster/x"), other),))
    yield one("an object of the shared bucket is written over", "s3:PutObject", f"arn:aws:s3:::{SHARED}/k.zip")
    yield one("objects of another bucket", "s3:GetObject", "arn:aws:s3:::payroll/x")
    yield one("the policy of another bucket", "s3:PutBucketPolicy", "arn:aws:s3:::payroll")
    yield one("Decrypt by an own call", "kms:Decrypt", arn("kms", "key/1"))
    grant = {"kms:GrantIsForAWSResource": "false"}
    yield Attack("a grant for a principal", (Request("kms:CreateGrant", arn("kms", "key/1"), grant),))


def attacks(stack: str, roles: Sequence[str], boundary: str) -> list[Attack]:
    """All of them on an environment with that stack, these roles, and its permissions boundary."""
    return [
        *_user_and_policy(), *_other_roles(boundary), *_other_stacks(stack), *_data(),
        *(row for role in roles for row in _own_roles(role, boundary)),
    ]  # fmt: skip


def opened(policies: Sequence[Policy], attack: Attack) -> list[Policy]:
    """The policies without their limits on the attack's actions, without denials, and with the actions they lack."""
    found: list[Policy] = []
    wanted = {call.action for call in attack.calls}
    for policy in policies:
        rows = [copy.deepcopy(row) for row in policy["Statement"] if row["Effect"] == "Allow"]
        found.append({"Statement": [_free(row) if wanted & set(listed(row["Action"])) else row for row in rows]})
    there = {action for policy in found for row in policy["Statement"] for action in listed(row["Action"])}
    lacking = sorted(wanted - there)
    return [*found, {"Statement": [{"Effect": "Allow", "Action": lacking, "Resource": "*"}]}]


def _free(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": row["Action"], "Resource": "*"}


def without(policies: Sequence[Policy], key: str) -> list[Policy]:
    """The policies with one key of their conditions taken out, and without denials."""
    found = copy.deepcopy([dict(policy) for policy in policies])
    for policy in found:
        policy["Statement"] = [row for row in policy["Statement"] if row["Effect"] == "Allow"]
        for row in policy["Statement"]:
            for keys in row.get("Condition", {}).values():
                keys.pop(key, None)
    return list(found)
