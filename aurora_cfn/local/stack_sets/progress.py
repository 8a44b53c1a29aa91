"""An operation goes through regions and accounts: in order, with tolerance and concurrency, until it is stopped.

Rules: CloudFormation API reference, StackSetOperationPreferences (read 2026-11). The tolerance counts in each region,
and no later region is begun once it is exceeded in one.
"""

from __future__ import annotations

import asyncio
from typing import Any

from ministack.core.responses import now_iso, request_scope

from aurora_cfn.local.cloudformation.records import Record
from aurora_cfn.local.stack_sets.instances import LOOK_EVERY, InstanceError, delete, deploy
from aurora_cfn.local.stack_sets.records import RUNNING


async def run(row: Record, operation: Record) -> None:
    """Do the whole operation once those before it have ended."""
    before = row["Operations"][: row["Operations"].index(operation)]
    while any(other["Status"] in RUNNING for other in before):
        await asyncio.sleep(LOOK_EVERY)
    if operation["Status"] == "QUEUED":
        operation["Status"] = "RUNNING"
    regions = _regions(operation)
    if operation["_Parallel"]:
        await asyncio.gather(*(_region(row, operation, region) for region in regions))
    else:
        for region in regions:
            await _region(row, operation, region)
    _end(operation)


def _regions(operation: Record) -> list[str]:
    there = list(dict.fromkeys(result["Region"] for result in operation["_Results"].values()))
    order = [region for region in operation["_Order"] if region in there]
    return [*order, *(region for region in there if region not in order)]


async def _region(row: Record, operation: Record, region: str) -> None:
    results = [result for result in operation["_Results"].values() if result["Region"] == region]
    tolerate = count_of(operation["_Tolerate"], len(results))
    most = max(1, count_of(operation["_Concurrency"], len(results)))
    # In strict mode no more accounts are worked on than may fail, plus one.
    places = asyncio.Semaphore(most if operation["_Soft"] else min(most, tolerate + 1))
    failures: list[Record] = []

    async def one(result: Record) -> None:
        async with places:
            if operation["Status"] == "STOPPING" or operation["_Exceeded"] or len(failures) > tolerate:
                result |= {"Status": "CANCELLED", "StatusReason": "Cancelled since failure tolerance has exceeded"}
                return
            await _instance(row, operation, result)
            if result["Status"] == "FAILED":
                failures.append(result)

    await asyncio.gather(*(one(result) for result in results))
    operation["_Exceeded"] = operation["_Exceeded"] or len(failures) > tolerate


async def _instance(row: Record, operation: Record, result: Record) -> None:
    account, region = result["Account"], result["Region"]
    key, gone = f"{account}/{region}", operation["Action"] == "DELETE"
    instance: Record = row["Instances"][key]
    result["Status"] = "RUNNING"
    instance["StackInstanceStatus"] = {"DetailedStatus": "RUNNING"}
    try:
        with request_scope(account, region):
            if not gone:
                await deploy(row, instance)
            elif not operation["RetainStacks"]:
                await delete(instance)
    except InstanceError as error:
        result |= {"Status": "FAILED", "StatusReason": str(error)}
        # A stack that could not be deleted can only be retained.
        status, detail = ("INOPERABLE", "INOPERABLE") if gone else ("OUTDATED", "FAILED")
        instance |= {"Status": status, "StackInstanceStatus": {"DetailedStatus": detail}, "StatusReason": str(error)}
        return
    result["Status"] = "SUCCEEDED"
    if gone:
        row["Instances"].pop(key, None)
    else:
        done: dict[str, Any] = {"StackInstanceStatus": {"DetailedStatus": "SUCCEEDED"}, "StatusReason": None}
        instance |= {"Status": "CURRENT", **done}


def _end(operation: Record) -> None:
    stopped = operation["Status"] == "STOPPING"
    operation["Status"] = "STOPPED" if stopped else "FAILED" if operation["_Exceeded"] else "SUCCEEDED"
    operation["EndTimestamp"] = now_iso()


def count_of(text: str, accounts: int) -> int:
    """A number of accounts, or a share of them in percent, rounded down."""
    return accounts * int(text[:-1]) // 100 if text.endswith("%") else int(text)
