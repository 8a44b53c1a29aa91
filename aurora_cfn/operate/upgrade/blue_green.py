"""A blue/green deployment: how it is called, what its status means, and the wait for the end of a switch."""

from __future__ import annotations

from collections.abc import Callable

from aurora_cfn.deploy.watch.pace import Pace
from aurora_cfn.errors import BusyError, DeployError
from aurora_cfn.model.upgrade_plan import BlueGreen
from aurora_cfn.ports import Clock
from aurora_cfn.ports.database_changes import BlueGreenDeployments

MEANINGS = {
    "PROVISIONING": "RDS makes the green side, which takes from half an hour to hours",
    "AVAILABLE": "the green side follows the blue one: test it, then --switch",
    "SWITCHOVER_IN_PROGRESS": "the switch runs",
    "SWITCHOVER_COMPLETED": "green has the names of blue; --switch brings the stack in step",
    "SWITCHOVER_FAILED": "the switch failed and was rolled back: blue is in use; --switch again, or --abandon",
    "INVALID_CONFIGURATION": "the green side cannot be switched to: --abandon it",
    "DELETING": "it is being deleted",
}
"""What each status means for the user."""
SWITCHABLE = frozenset({"AVAILABLE", "SWITCHOVER_FAILED"})
LONGEST_NAME = 60
"""Characters of a deployment's name at most (API reference of RDS, CreateBlueGreenDeployment)."""
LONGEST_WAIT = 3600.0
"""Seconds until the wait for a switch is given up; RDS itself ends a switch after minutes."""


def deployment_name(cluster: str, version: str) -> str:
    """The name of the deployment that brings the cluster to the version."""
    # `3-08-0` of 8.0.mysql_aurora.3.08.0: names have letters, digits and hyphens, and little room.
    tail = f"-to-{version.rpartition('mysql_aurora.')[2].replace('.', '-')}"
    return cluster[: LONGEST_NAME - len(tail)].rstrip("-") + tail


def status_text(found: BlueGreen) -> str:
    """`AVAILABLE: the green side follows ...`, with what RDS says itself."""
    details = f" ({found.details})" if found.details else ""
    return f"{found.status}: {MEANINGS.get(found.status, 'see RDS')}{details}"


def cluster_name(arn: str) -> str:
    """The identifier in the ARN of a cluster."""
    return arn.rpartition(":")[2]


def until_switched(deployments: BlueGreenDeployments, arn: str, clock: Clock, show: Callable[[str], None]) -> BlueGreen:
    """The deployment of the cluster after the switch; `show` gets each new status.

    Raises DeployError if RDS rolled it back, BusyError if it does not end, or is no longer shown.
    """
    pace, start, last = Pace(), clock.monotonic(), ""
    while True:
        found = deployments.of_cluster(arn)
        if found is None:
            raise BusyError("RDS does not show the blue/green deployment any more")
        if found.status != last:
            show(status_text(found))
        if found.switched:
            return found
        if found.status in {"SWITCHOVER_FAILED", "INVALID_CONFIGURATION"}:
            raise DeployError(f"the switch did not succeed: {status_text(found)}")
        if clock.monotonic() - start > LONGEST_WAIT:
            raise BusyError("the switch does not end; run the same command again to continue")
        clock.sleep(pace.after(news=found.status != last))
        last = found.status
