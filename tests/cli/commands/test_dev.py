"""`aurora-cfn dev` where it needs no emulator: consent, permissions, and the configuration of a debugger."""

from __future__ import annotations

import importlib.util
import json
import re

import pytest

from aurora_cfn.aws.permissions import END_SESSION
from aurora_cfn.cli.runs.dev import launch_json
from tests.cli.project import PARAMS, Project


def test_on_aws_it_is_refused_without_consent(dev: Project) -> None:
    result = dev.run("dev", "--env", "dev")
    assert result.exit_code == 3
    assert "params/dev.yaml does not allow dev on AWS" in result.stderr
    assert "write `live: true`, or use an environment with `endpoint: local`" in result.stderr
    assert dev.endpoint.actions == []


@pytest.mark.skipif(importlib.util.find_spec("debugpy") is not None, reason="debugpy is installed here")
def test_a_missing_debugger_is_named(dev: Project) -> None:
    result = dev.run("dev", "--env", "dev", "--debug", "5999")
    assert result.exit_code == 3
    assert "--debug needs debugpy, which is not installed: pip install debugpy" in result.stderr


ACCOUNT = "arn:aws:iam::123456789012"


@pytest.mark.parametrize("given", ["", f"{ACCOUNT}:policy/team"])
def test_its_permissions_are_limited_to_what_a_session_makes(dev: Project, given: str) -> None:
    line = f"permissions_boundary: {given}\n" if given else ""
    dev.write(PARAMS.replace("stacks:", f"live: true\n{line}stacks:"))
    result = dev.run("permissions", "dev", "--env", "dev")
    assert result.exit_code == 0, result.stderr
    assert ("the role that ends live sessions need a permissions boundary" in result.stderr) is (not given)
    rows = json.loads(result.stdout)["Statement"]
    by_action = {action: row for row in rows for action in row["Action"]}
    everything = {action for action, row in by_action.items() if row["Resource"] in ("*", ["*"])}
    assert everything == {
        "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcEndpoints",
        "lambda:GetFunctionConfiguration", "sqs:ListQueues",
    }  # fmt: skip
    role = by_action["iam:PassRole"]["Resource"]
    assert re.fullmatch(rf"{ACCOUNT}:role/aurora-cfn-live-[0-9a-f]{{10}}", role)
    names = role.rpartition("/")[2]
    for action in ("sqs:CreateQueue", "scheduler:CreateSchedule"):
        assert by_action[action]["Resource"].endswith(f"{names}-*"), action
    for action in ("iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"):
        assert by_action[action]["Resource"] == role
        boundary = given or f"{ACCOUNT}:policy/aurora-cfn-dev-boundary"
        assert by_action[action]["Condition"] == {"StringEquals": {"iam:PermissionsBoundary": [boundary]}}
    assert "aws:cloudformation:stack-name" in str(by_action["lambda:UpdateFunctionCode"]["Condition"])


def test_the_policy_of_a_deployment_does_not_end_sessions(dev: Project) -> None:
    dev.write(PARAMS.replace("stacks:", "live: true\nstacks:"))
    result = dev.run("permissions", "deploy", "--env", "dev")
    assert result.exit_code == 0, result.stderr
    found = {action for row in json.loads(result.stdout)["Statement"] for action in row["Action"]}
    assert "sqs:ListQueues" in found
    assert not found & set(END_SESSION)


def test_each_function_has_a_configuration_of_its_own() -> None:
    rows = launch_json({"orders": 5678, "carts": 5679})["configurations"]
    assert [(row["name"], row["connect"]) for row in rows] == [
        ("attach to orders", {"host": "127.0.0.1", "port": 5678}),
        ("attach to carts", {"host": "127.0.0.1", "port": 5679}),
    ]
