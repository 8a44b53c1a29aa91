"""The StackSets of every account and region, their instances and operations, as dicts that are saved as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import cloudformation
from ministack.services.cloudformation import helpers

from aurora_cfn.local.cloudformation.records import Record

PATTERN = re.compile("[a-zA-Z][-a-zA-Z0-9]{0,127}")
RUNNING = frozenset({"RUNNING", "QUEUED", "STOPPING"})
_KEY = "aurora_cfn_stack_sets"
_here: set[str] = set()
"""Ids of the operations of this process: those of an earlier one do not continue."""


def install() -> None:
    """Let ministack save and load the StackSets with its stacks."""
    made = AccountRegionScopedDict()
    cloudformation._aurora_cfn_stack_sets = made
    cloudformation._PERSISTED_STORES += ((lambda: made, _KEY),)


def all_sets() -> Any:
    """The StackSets of the request's account and region, by name."""
    return cloudformation._aurora_cfn_stack_sets


def shown() -> Iterator[dict[str, str]]:
    """The StackSets of all accounts and regions for the status page."""
    for (account, region, name), row in sorted(all_sets().all_items(), key=lambda item: item[0]):
        count = len(row["Instances"])
        yield {"name": name, "instances": f"{count} instance{'s' * (count != 1)}", "region": region, "account": account}


def any_running() -> bool:
    """Whether an operation of this process runs."""
    rows = (operation for _, row in all_sets().all_items() for operation in row["Operations"])
    return any(operation["Status"] in RUNNING and operation["OperationId"] in _here for operation in rows)


def begun(operation: Record) -> None:
    """Note that the operation runs in this process."""
    _here.add(operation["OperationId"])


def settle(row: Record) -> None:
    """End the operations that a killed process left running: they do not continue, as those of CloudFormation would."""
    for operation in row["Operations"]:
        if operation["Status"] in RUNNING and operation["OperationId"] not in _here:
            operation |= {"Status": "STOPPED", "StatusReason": "The emulator was stopped while this operation ran"}
            for result in operation["_Results"].values():
                if result["Status"] in {"PENDING", "RUNNING"}:
                    result["Status"] = "CANCELLED"


def values(parameters: Any, prefix: str) -> dict[str, str] | None:
    """Parameters or tags of a request as a mapping; None where the list is not given."""
    if not any(key == prefix or key.startswith(f"{prefix}.") for key in parameters):
        return None
    return {row["Key"]: row["Value"] for row in helpers._extract_members(parameters, prefix)}


def pairs(texts: dict[str, str], kind: str = "Parameter") -> list[dict[str, str]]:
    """The mapping as CloudFormation lists it."""
    prefix = "Parameter" if kind == "Parameter" else ""
    return [{f"{prefix}Key": key, f"{prefix}Value": text} for key, text in texts.items()]
