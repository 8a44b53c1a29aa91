"""`aurora-cfn dev` where it needs no emulator: consent, permissions, and the configuration of a debugger."""

from __future__ import annotations

import importlib.util
import json

import pytest

from aurora_cfn.aws.live_calls import END_SESSION
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


def test_its_permissions_are_limited_to_what_a_session_makes(dev: Project) -> None:
    dev.write(PARAMS.replace("stacks:", "live: true\nstacks:"))
    result = dev.run("permissions", "dev", "--env", "dev")
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)["Statement"]
    by_action = {action: row for row in rows for action in row["Action"]}
    everything = {action for action, row in by_action.items() if row["Resource"] in ("*", ["*"])}
    assert everything == {
        "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcEndpoints",
        "lambda:GetFunctionConfiguration", "sqs:ListQueues",
    }  # fmt: skip
    for action in ("sqs:CreateQueue", "iam:CreateRole", "iam:PassRole", "scheduler:CreateSchedule"):
        assert "aurora-cfn-live-*" in str(by_action[action]["Resource"]), action
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
