"""EventBridge schedules whose target is an AWS API, such as `arn:aws:scheduler:::aws-sdk:rds:stopDBCluster`.

ministack 1.5.33 fires schedules, but knows no such target; its Step Functions know how to call an API by that name.
Source: EventBridge Scheduler User Guide, "Using universal targets", read 2026-11.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from ministack.services import eventbridge, scheduler, stepfunctions

from aurora_cfn.local.replacing import Inner, replace

UNIVERSAL = re.compile(r"arn:aws[\w-]*:scheduler:::(aws-sdk:\w+:\w+)")
logger = logging.getLogger("aurora_cfn.schedules")


def install() -> None:
    """Stand before what ministack's scheduler does with a target."""
    # AWS looks once a minute, ministack each 10 s; a look costs nothing, and tests and demonstrations wait for it.
    scheduler._SCHEDULE_TICK_INTERVAL = 1

    # Its table of services lacks CloudFormation, whose stacks schedules delete (`branch --expires`).
    stepfunctions._AWS_SDK_SERVICE_MAP.setdefault("cloudformation", {"protocol": "query"})
    replace(eventbridge, "_invoke_target", partial(_calling, call_api))


def call_api(resource: str, parameters: dict[str, Any]) -> None:
    """Call an API in the account and region of the schedule; what it refuses is logged, as AWS would only count it."""
    try:
        stepfunctions._invoke_aws_sdk_integration(resource, parameters)
    except stepfunctions._ExecutionError as error:
        logger.warning("the schedule's call of %s was refused: %s", resource, error)
    else:
        logger.info("a schedule called %s", resource)


def _calling(call: Callable[[str, dict[str, Any]], None], inner: Inner, target: dict[str, Any], *more: Any) -> Any:
    match = UNIVERSAL.fullmatch(str(target.get("Arn", "")))
    if match is None:
        return inner(target, *more)
    call(f"arn:aws:states:::{match[1]}", json.loads(target.get("Input") or "{}"))
    return None
