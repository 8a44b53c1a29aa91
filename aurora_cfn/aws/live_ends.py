"""The port SessionEnds on EventBridge Scheduler: one-time schedules that call UpdateFunctionCode."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import ENTITY_EXISTS, EXISTS, NOT_FOUND, AwsError
from aurora_cfn.facts.regions import partition
from aurora_cfn.model.live_session import CodePlace, FunctionState

GROUP = "default"
_ATTEMPTS, _PAUSE_SECONDS = 12, 2.0
"""A new role is known to Scheduler seconds after IAM has made it."""


@dataclass(frozen=True, slots=True)
class AwsSessionEnds:
    """The port SessionEnds; `role` is the name of the role that the schedules assume, made at the first need.

    `boundary` is the ARN of its permissions boundary, empty where the environment has none.
    """

    session: Session
    role: str
    boundary: str = ""

    def set_session_end(
        self, name: str, at: datetime, state: FunctionState, place: CodePlace, *, guarded: bool
    ) -> None:
        wanted = self._wanted(name, at, state, place, guarded=guarded)
        try:
            self._create(wanted)
        except AwsError as error:
            if error.code != EXISTS:
                raise
            with translated("UpdateSchedule"):
                self._scheduler.update_schedule(**wanted)

    def remove_session_end(self, name: str) -> None:
        with translated("DeleteSchedule", absent={NOT_FOUND}):
            self._scheduler.delete_schedule(GroupName=GROUP, Name=name)

    def allow_put_back(self, functions: list[str], buckets: list[str]) -> None:
        """Make the role if it is not there; it may put back the code of these functions, by ARN, from the buckets."""
        _, _, _, region, account, *_ = functions[0].split(":")
        iam, where = self.session.client("iam"), partition(region)
        # EventBridge Scheduler User Guide, "Confused deputy prevention", read 2026-11: it sends aws:SourceAccount.
        own = {"StringEquals": {"aws:SourceAccount": account}}
        trust = _policy(
            {"Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": own}
        )
        bounded = {"PermissionsBoundary": self.boundary} if self.boundary else {}
        try:
            with translated("CreateRole"):
                iam.create_role(RoleName=self.role, AssumeRolePolicyDocument=trust, **bounded)
        except AwsError as error:
            if error.code != ENTITY_EXISTS:
                raise
            # Before the policy: a caller that may write only into roles with a boundary needs it there first.
            if bounded:
                with translated("PutRolePermissionsBoundary"):
                    iam.put_role_permissions_boundary(RoleName=self.role, **bounded)
        rights = _policy(
            {"Action": "lambda:UpdateFunctionCode", "Resource": sorted(functions)},
            {"Action": "s3:GetObject", "Resource": [f"arn:{where}:s3:::{name}/*" for name in sorted(buckets)]},
        )
        with translated("PutRolePolicy"):
            iam.put_role_policy(RoleName=self.role, PolicyName="put-code-back", PolicyDocument=rights)

    def _create(self, wanted: dict[str, Any]) -> None:
        for attempt in range(_ATTEMPTS):
            try:
                with translated("CreateSchedule"):
                    self._scheduler.create_schedule(**wanted)
                return
            except AwsError as error:
                # "The execution role you provide must allow AWS EventBridge Scheduler to assume the role".
                # A role that was just made is not yet known to the scheduler: IAM is eventually consistent.
                if "assume" not in str(error) or attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(_PAUSE_SECONDS)

    def _wanted(
        self, name: str, at: datetime, state: FunctionState, place: CodePlace, *, guarded: bool
    ) -> dict[str, Any]:
        _, _, _, region, account, *_ = state.arn.split(":")
        where = partition(region)
        update = {"FunctionName": state.arn, "S3Bucket": place.bucket, "S3Key": place.key}
        return {
            "GroupName": GROUP,
            "Name": name,
            "ScheduleExpression": f"at({at.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {
                "Arn": f"arn:{where}:scheduler:::aws-sdk:lambda:updateFunctionCode",
                "RoleArn": f"arn:{where}:iam::{account}:role/{self.role}",
                "Input": json.dumps(update | ({"RevisionId": state.revision} if guarded else {})),
                # An hour at most: later the schedule could undo what has been deployed since.
                "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 20},
            },
            # One that has run counts towards the quota until it is deleted (Scheduler User Guide, "Schedule types").
            "ActionAfterCompletion": "DELETE",
        }

    @property
    def _scheduler(self) -> Any:
        return self.session.client("scheduler")


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **row} for row in statements]})
