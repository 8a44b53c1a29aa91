"""The port StackEnds on EventBridge Scheduler: one-time schedules that call DeleteStack and then delete themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import EXISTS, NOT_FOUND, AwsError
from aurora_cfn.facts.regions import partition
from aurora_cfn.model.branch import StackEnd

_NEVER = datetime(2099, 1, 1, tzinfo=UTC)
"""The time in a schedule that is switched off: it must have one."""
_HOURS = 24
"""How long Scheduler tries again when a call is refused, such as while the stack is being changed."""


@dataclass(frozen=True, slots=True)
class AwsStackEnds:
    """The port StackEnds, in one group of schedules; `role_arn` is the role that they assume."""

    session: Session
    group: str
    role_arn: str

    def end_of(self, name: str) -> StackEnd | None:
        with translated("GetSchedule", absent={NOT_FOUND}):
            row = self._scheduler.get_schedule(GroupName=self.group, Name=name)
            text = str(row["ScheduleExpression"]).removeprefix("at(").removesuffix(")")
            at = datetime.fromisoformat(text).replace(tzinfo=UTC) if row["State"] == "ENABLED" else None
            return StackEnd(str(json.loads(row["Target"].get("Input", "{}")).get("StackName", "")), at)
        return None

    def set_end(self, name: str, *, stack_arn: str, at: datetime | None) -> None:
        """Make or replace the schedule; one of a stack that stays is switched off."""
        wanted = self._wanted(name, stack_arn, at)
        try:
            with translated("CreateSchedule"):
                self._scheduler.create_schedule(**wanted)
        except AwsError as error:
            # Scheduler has no call that does both.
            if error.code != EXISTS:
                raise
            with translated("UpdateSchedule"):
                self._scheduler.update_schedule(**wanted)

    def remove_end(self, name: str) -> None:
        with translated("DeleteSchedule", absent={NOT_FOUND}):
            self._scheduler.delete_schedule(GroupName=self.group, Name=name)

    def _wanted(self, name: str, stack_arn: str, at: datetime | None) -> dict[str, Any]:
        moment = (at or _NEVER).astimezone(UTC)
        target = f"arn:{partition(stack_arn.split(':')[3])}:scheduler:::aws-sdk:cloudformation:deleteStack"
        return {
            "GroupName": self.group,
            "Name": name,
            "State": "ENABLED" if at else "DISABLED",
            "ScheduleExpression": f"at({moment:%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            # By ARN: a later stack of the same name is not meant.
            "Target": {
                "Arn": target,
                "RoleArn": self.role_arn,
                "Input": json.dumps({"StackName": stack_arn}),
                # The most that Scheduler takes of both (RetryPolicy, API reference).
                "RetryPolicy": {"MaximumEventAgeInSeconds": _HOURS * 3600, "MaximumRetryAttempts": 185},
            },
            "ActionAfterCompletion": "DELETE",
        }

    @property
    def _scheduler(self) -> Any:
        return self.session.client("scheduler")
