"""Every policy that `permissions` prints for the environments of this repository, attacked along the known paths."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.project import Project
from tests.iam.attacks import ACCOUNT, REGION, SHARED, Attack, arn, attacks, opened, without
from tests.iam.evaluation import Policy, Request, allowed

ENVIRONMENTS = sorted(path for path in (Path(__file__).parents[2] / "params").rglob("*.yaml"))
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/aurora-cfn-dev-boundary"
EXAMPLES = Path(__file__).parents[2] / "params" / "examples"
DSQL = "  dsql:\n    template: dsql\n    parameters: {DeletionProtection: false}\n"
EVERYTHING = f"{(EXAMPLES / 'planets-api.yaml').read_text()}{DSQL}"
"""Roles with policies of their own, functions, a database with a managed secret, and a DSQL cluster."""
THROUGH = {"aws:CalledVia": ["cloudformation.amazonaws.com"]}


PRINTED: dict[tuple[str, ...], str] = {}
"""What the command printed, by params file and arguments: most rows below ask about the same few policies."""


def printed(dev: Project, *arguments: str) -> Any:
    asked = ((dev.folder / "params" / "dev.yaml").read_text(), *arguments)
    if asked not in PRINTED:
        result = dev.run("permissions", *arguments, "--env", "dev", "--account", ACCOUNT)
        assert result.exit_code == 0, result.stderr
        PRINTED[asked] = result.stdout
    return json.loads(PRINTED[asked])


def all_policies(dev: Project) -> dict[str, list[Policy]]:
    """Each set of policies that one principal holds, by who that is."""
    rights = printed(dev, "deploy", "--service-role")
    whole = printed(dev, "deploy")
    return {
        "caller": [whole],
        "caller, split": printed(dev, "deploy", "--split"),
        "caller with a service role": rights["CallerPolicies"],
        "service role": rights["ServiceRolePolicies"],
        # Whatever policy is written into a role: it may do what its boundary says.
        "role of a stack": [printed(dev, "boundary")],
        **{name: [printed(dev, name)] for name in ("destroy", "recover", "drift", "doctor", "sql", "connect", "run")},
        **{name: [printed(dev, name)] for name in ("restore", "migrate-v1", "branch", "dev")},
    }


def roles_of(policies: Sequence[Policy]) -> list[str]:
    """Names that roles of the stacks and of live sessions can have."""
    rows = [row for policy in policies for row in policy["Statement"] if "iam:CreateRole" in row["Action"]]
    found = [row["Resource"] if isinstance(row["Resource"], list) else [row["Resource"]] for row in rows]
    return [name.replace("*", "AbCdEf123456") for names in found for name in names]


def all_attacks(dev: Project, stack: str) -> list[Attack]:
    roles = roles_of([printed(dev, "deploy"), printed(dev, "dev")])
    return attacks(stack, roles, BOUNDARY)


def first_stack(file: Path) -> str:
    names = [line.strip().rstrip(":") for line in file.read_text().split("stacks:\n")[1].splitlines() if line]
    return f"{names[0]}-dev"


@pytest.mark.parametrize("file", ENVIRONMENTS, ids=lambda file: file.stem)
def test_no_policy_leads_to_more_rights_or_to_another_environment(dev: Project, file: Path) -> None:
    dev.write(file.read_text())
    paths = all_attacks(dev, first_stack(file))
    found = [
        (who, attack.name)
        for who, policies in all_policies(dev).items()
        for attack in paths
        if attack.succeeds(policies)
    ]
    assert found == []


def test_every_attack_gets_through_where_the_limits_on_its_calls_are_taken_away(dev: Project) -> None:
    policies = [printed(dev, "deploy")]
    for attack in all_attacks(dev, "db-dev"):
        assert attack.succeeds(opened(policies, attack)), attack.name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("iam:PermissionsBoundary", "a role without boundary, with a policy of any content"),
        ("iam:PermissionsBoundary", "another boundary"),
        ("iam:PolicyARN", "AdministratorAccess for an own role"),
        ("iam:PassedToService", "an own role for an instance"),
        ("kms:GrantIsForAWSResource", "a grant for a principal"),
        ("kms:ViaService", "Decrypt by an own call"),
        ("secretsmanager:ResourceTag/aws:rds:primaryDBInstanceArn", "the master password of another db"),
        ("aws:ResourceTag/aws:cloudformation:stack-name", "PutClusterPolicy of another DSQL cluster"),
    ],
)
def test_each_condition_is_what_stops_an_attack(dev: Project, key: str, name: str) -> None:
    dev.write(EVERYTHING)
    policies = [printed(dev, "deploy")]
    found = [row for row in all_attacks(dev, "network-dev") if row.name == name]
    assert found
    assert not any(row.succeeds(policies) for row in found)
    assert any(row.succeeds(without(policies, key)) for row in found)


def test_denied_is_what_another_policy_of_the_holder_would_allow(dev: Project) -> None:
    dev.write(EVERYTHING)
    everything: Policy = {"Statement": [{"Effect": "Allow", "Action": ["iam:*"], "Resource": "*"}]}
    (role, *_) = roles_of([printed(dev, "deploy")])
    removing = Request("iam:DeleteRolePermissionsBoundary", role)
    version = Request("iam:CreatePolicyVersion", BOUNDARY)
    for call in (removing, version):
        assert allowed([everything], call)
        assert not allowed([everything, printed(dev, "deploy")], call)


SECRET = arn("secretsmanager", "secret:rds!cluster-0f0f-AbCdEf")


def master_secret(cluster: str) -> Request:
    tags = {
        "secretsmanager:ResourceTag/aws:rds:primaryDBClusterArn": arn("rds", f"cluster:{cluster}"),
        "secretsmanager:ResourceTag/aws:secretsmanager:owningService": "rds",
    }
    return Request("secretsmanager:GetSecretValue", SECRET, tags)


@pytest.mark.parametrize("command", ["sql", "connect", "run", "deploy"])
def test_a_colleague_with_the_policy_of_dev_reads_no_password_of_production(dev: Project, command: str) -> None:
    policies = [printed(dev, command)]
    assert allowed(policies, master_secret("dev-auroracluster"))
    assert not allowed(policies, master_secret("production-auroracluster"))
    assert not allowed(policies, Request("secretsmanager:GetSecretValue", SECRET))
    run = [
        Request("rds-data:ExecuteStatement", arn("rds", f"cluster:{name}-auroracluster"))
        for name in ("dev", "production")
    ]
    assert [allowed(policies, call) for call in run] == [command not in {"connect", "run"}, False]


def test_doctor_reads_no_password_at_all(dev: Project) -> None:
    assert not allowed([printed(dev, "doctor")], master_secret("dev-auroracluster"))


BOUNDED = {"iam:PermissionsBoundary": BOUNDARY}
LAMBDA = {"iam:PassedToService": "lambda.amazonaws.com"}
MONITORING = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
API_ROLE = f"arn:aws:iam::{ACCOUNT}:role/api-dev-ApiRole-AbCdEf123456"


@pytest.mark.parametrize(
    "call",
    [
        Request("iam:CreateRole", API_ROLE, BOUNDED),
        Request("iam:PutRolePolicy", API_ROLE, BOUNDED),
        Request("iam:PutRolePermissionsBoundary", API_ROLE, BOUNDED),
        Request("iam:AttachRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/database-dev-MonitoringRole-A",
                {**BOUNDED, "iam:PolicyARN": MONITORING}),
        Request("iam:PassRole", API_ROLE, LAMBDA),
        Request("iam:UpdateAssumeRolePolicy", API_ROLE),
        Request("iam:DeleteRole", API_ROLE),
        Request("lambda:UpdateFunctionCode", arn("lambda", "function:api-dev-ApiFunction-AbCdEf123456")),
        # Custom resources are made by a function of the stack.
        Request("lambda:InvokeFunction", arn("lambda", "function:network-dev-CloseDefaultGroupFunction-A")),
        Request("rds:ModifyDBInstance", arn("rds", "db:dev-database")),
        Request("rds:CreateDBInstance", arn("rds", "subgrp:database-dev-dbsubnetgroup-abcdef123456")),
        Request("rds:CreateDBProxy"),
        Request("rds:ModifyDBProxy", arn("rds", "db-proxy:prx-1")),
        Request("rds:CreateDBSnapshot", arn("rds", "snapshot:database-dev-snapshot-1")),
        Request("ec2:CreateVpc", arn("ec2", "vpc/vpc-1")),
        Request("ec2:DescribeVpcs"),
        Request("apigateway:POST", f"arn:aws:apigateway:{REGION}::/v2/apis"),
        Request("logs:CreateLogGroup", arn("logs", "log-group:/aurora-cfn/api-dev/api")),
        Request("secretsmanager:CreateSecret", arn("secretsmanager", "secret:rds!db-1-AbCdEf")),
        Request("dsql:CreateCluster", arn("dsql", "cluster/*")),
        Request("dsql:UpdateCluster", arn("dsql", "cluster/x"),
                {"aws:ResourceTag/aws:cloudformation:stack-name": "dsql-dev"}),
        Request("kms:CreateGrant", arn("kms", "key/1"), {"kms:GrantIsForAWSResource": "true"}),
        Request("s3:GetObject", f"arn:aws:s3:::aurora-cfn-{ACCOUNT}-{REGION}/code/x.zip"),
    ],
    ids=lambda call: call.action,
)  # fmt: skip
def test_what_the_templates_need_is_allowed(dev: Project, call: Request) -> None:
    dev.write(EVERYTHING)
    assert allowed(printed(dev, "deploy", "--service-role")["ServiceRolePolicies"], call)
    caller = [printed(dev, "deploy")]
    assert allowed(caller, replace(call, context={**call.context, **THROUGH}))
    assert not allowed(caller, call) or call.action in {"s3:GetObject", "rds:CreateDBSnapshot"}


def test_the_caller_with_a_service_role_can_do_nothing_but_give_it_to_the_stacks(dev: Project) -> None:
    rights = printed(dev, "deploy", "--service-role")
    policies, role = rights["CallerPolicies"], rights["ServiceRole"]
    stack = arn("cloudformation", "stack/db-dev/1")
    assert role == f"arn:aws:iam::{ACCOUNT}:role/aurora-cfn-dev"
    body = {"cloudformation:RoleArn": role}
    ours = f"https://s3.{REGION}.amazonaws.com/aurora-cfn-{ACCOUNT}-{REGION}/templates/x.yaml"
    for action, context, wanted in (
        ("CreateChangeSet", body, True),
        ("CreateChangeSet", {}, False),
        ("CreateChangeSet", {**body, "cloudformation:TemplateUrl": ours}, True),
        ("CreateChangeSet", {**body, "cloudformation:TemplateUrl": "https://evil.s3.amazonaws.com/x.yaml"}, False),
        ("DeleteStack", body, True),
        # Without a role the one that the stack has would be taken, which may be another one.
        ("DeleteStack", {}, False),
        ("ExecuteChangeSet", {}, True),
    ):
        assert allowed(policies, Request(f"cloudformation:{action}", stack, context)) is wanted, (action, context)
    trust = rights["Trust"]["Statement"][0]
    assert trust["Principal"] == {"Service": "cloudformation.amazonaws.com"}
    assert trust["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}
    own = {action for policy in policies for row in policy["Statement"] for action in row["Action"]}
    assert {action for action in own if action.startswith("iam:")} == {"iam:PassRole"}
    own -= {"lambda:GetFunctionConfiguration"}  # `status` compares the code of functions with the package
    assert not [action for action in own if action.startswith(("ec2:", "lambda:", "rds:Delete", "rds:Modify"))]


LIVE = f"live: true\n{EVERYTHING}  branches: {{template: branch-janitor}}\n"
ENDED = {"aws:ResourceTag/aurora-cfn:copy": "branch"}


def in_boundary(live: str) -> list[tuple[Request, bool]]:
    """Calls of the role of live sessions `live` and of the one that ends branches, with whether they are allowed."""
    code, queue = arn("lambda", "function:api-dev-ApiFunction-A"), f"{live}-0123-requests"
    branch = arn("cloudformation", "stack/db-dev-branch-pr/1")
    return [
        (Request("lambda:UpdateFunctionCode", code), True),
        (Request("lambda:UpdateFunctionCode", arn("lambda", "function:payroll")), False),
        (Request("s3:GetObject", f"arn:aws:s3:::{SHARED}/code/x.zip"), True),
        (Request("s3:GetObject", "arn:aws:s3:::payroll/x.zip"), False),
        (Request("sqs:SendMessage", arn("sqs", queue)), True),
        (Request("sqs:SendMessage", arn("sqs", "aurora-cfn-live-another000-0123-requests")), False),
        (Request("sqs:DeleteQueue", arn("sqs", queue)), False),
        (Request("cloudformation:DeleteStack", branch, ENDED), True),
        (Request("cloudformation:DeleteStack", branch), False),
        (Request("cloudformation:DeleteStack", arn("cloudformation", "stack/db-dev/1"), ENDED), False),
        (Request("rds:DeleteDBCluster", arn("rds", "cluster:dev-branch-pr"), THROUGH), True),
        (Request("rds:DeleteDBCluster", arn("rds", "cluster:dev-auroracluster"), THROUGH), False),
    ]


@pytest.mark.parametrize("consent", [True, False])
def test_the_boundary_allows_what_the_schedules_do_and_no_more(dev: Project, consent: bool) -> None:
    dev.write(LIVE if consent else LIVE.removeprefix("live: true\n"))
    boundary, (role,) = printed(dev, "boundary"), roles_of([printed(dev, "dev")])
    for call, wanted in in_boundary(role.rpartition("/")[2]):
        of_branches = call.action.startswith(("cloudformation:", "rds:"))
        assert allowed([boundary], call) is (wanted and (consent or of_branches)), call


def test_dev_makes_no_role_that_may_do_more_than_the_boundary(dev: Project) -> None:
    dev.write(LIVE)
    policies = [printed(dev, "dev")]
    (role,) = roles_of(policies)
    for action in ("CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy"):
        assert allowed(policies, Request(f"iam:{action}", role, BOUNDED))
        assert not allowed(policies, Request(f"iam:{action}", role))
        assert not allowed(policies, Request(f"iam:{action}", role.replace(role[-10:], "another000"), BOUNDED))
    assert allowed(policies, Request("iam:PassRole", role, {"iam:PassedToService": "scheduler.amazonaws.com"}))
    assert not allowed(policies, Request("iam:PassRole", role, LAMBDA))
