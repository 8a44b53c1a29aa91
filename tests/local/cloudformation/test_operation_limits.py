"""Types, times and alarms that limit an operation on a stack."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from ministack.services.cloudformation import stacks as operations

from aurora_cfn.local.cloudformation import operation_limits
from aurora_cfn.local.cloudformation.operation_limits import types_refused
from tests.local.conftest import Stacks

TOPIC, QUEUE = {"Type": "AWS::SNS::Topic"}, {"Type": "AWS::SQS::Queue"}


@pytest.mark.parametrize(
    ("types", "known", "wanted", "refused"),
    [
        (["AWS::*"], {}, {"A": TOPIC}, []),
        (["AWS::SNS::*"], {}, {"A": TOPIC, "B": QUEUE}, ["AWS::SQS::Queue"]),
        (["AWS::SNS::Topic", "Custom::*"], {}, {"A": TOPIC, "B": {"Type": "Custom::X"}}, []),
        (["AWS::SNS::Topic"], {"B": QUEUE}, {"A": TOPIC, "B": QUEUE}, []),
        (["AWS::SNS::Topic"], {"B": QUEUE}, {"A": TOPIC}, ["AWS::SQS::Queue"]),
        (["AWS::SNS::Topic"], {"B": QUEUE}, {"B": QUEUE | {"Properties": {}}}, ["AWS::SQS::Queue"]),
    ],
)
def test_types_that_a_request_does_not_allow(
    types: list[str], known: dict[str, Any], wanted: dict[str, Any], refused: list[str]
) -> None:
    assert types_refused(types, known, wanted) == refused


@pytest.mark.parametrize(
    ("seconds", "deadline", "expected"),
    [(0.0, 5.0, "made"), (0.0, None, "made"), (30.0, 0.0, operation_limits.CANCELLED), (0.0, -1.0, "made")],
)
def test_a_step_that_outlasts_the_time_of_its_stack(seconds: float, deadline: float | None, expected: str) -> None:
    done = asyncio.Event()

    async def inner(_work: Any) -> str:
        if seconds:
            await done.wait()
        return "made"

    async def run() -> str:
        operation_limits._deadline.set(None if deadline is None else time.monotonic() + deadline)
        try:
            return str(await operation_limits._in_time(inner, operations._provision_keeping_seed))
        except ValueError as error:
            return str(error)
        finally:
            done.set()

    assert asyncio.run(run()) == expected


@pytest.mark.slow
def test_alarms_and_types_limit_a_stack(stacks: Stacks) -> None:
    cloudformation, alarms = stacks.cloudformation, stacks.client("cloudwatch")
    alarms.put_metric_alarm(
        AlarmName="errors", MetricName="m", Namespace="n", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    arn = alarms.describe_alarms(AlarmNames=["errors"])["MetricAlarms"][0]["AlarmArn"]
    triggers = [{"Arn": arn, "Type": "AWS::CloudWatch::Alarm"}]
    configured = {"RollbackTriggers": triggers, "MonitoringTimeInMinutes": 3}
    first = {"Resources": {"A": TOPIC}}
    second = {"Resources": {"A": TOPIC, "B": QUEUE}}

    def shown() -> Any:
        return cloudformation.describe_stacks(StackName="limited")["Stacks"][0]["RollbackConfiguration"]

    stacks.create("limited", first, ResourceTypes=["AWS::SNS::*"])
    assert shown() == {}
    with pytest.raises(ClientError, match=r"\['AWS::SQS::Queue'\] are not allowed by ResourceTypes"):
        stacks.update("limited", second, ResourceTypes=["AWS::SNS::*"])
    alarms.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="a test")
    stacks.update("limited", second, "UPDATE_ROLLBACK_COMPLETE", RollbackConfiguration=configured)
    assert shown() == configured
    assert f"Rollback trigger {arn} is in state ALARM" in " ".join(stacks.reasons("limited"))
    alarms.set_alarm_state(AlarmName="errors", StateValue="OK", StateReason="a test")
    stacks.update("limited", second)
    alarms.delete_alarms(AlarmNames=["errors"])
    stacks.update("limited", first, "UPDATE_ROLLBACK_COMPLETE")
    assert f"Rollback trigger {arn} does not exist" in " ".join(stacks.reasons("limited"))
    stacks.update("limited", first, RollbackConfiguration={"RollbackTriggers": []})
    assert shown() == {}
    made = {"StackName": "limited", "ChangeSetName": "c", "TemplateBody": json.dumps(second)}
    cloudformation.create_change_set(**made, RollbackConfiguration={"MonitoringTimeInMinutes": 7})
    cloudformation.get_waiter("change_set_create_complete").wait(StackName="limited", ChangeSetName="c")
    found = cloudformation.describe_change_set(StackName="limited", ChangeSetName="c")
    assert found["RollbackConfiguration"] == {"MonitoringTimeInMinutes": 7}
