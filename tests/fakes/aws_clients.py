"""The clients of boto3 that the databases API uses, over stacks and parameters in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
Row = dict[str, Any]


def refusal(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message or code}}, "Call")


@dataclass
class FakeAws:
    """`clients(service, region)`; `refuse` has an error by call, `verdicts` what the next change sets become.

    `repeated` are calls that the SDK sends twice, because the first answer does not arrive.
    """

    stacks: dict[tuple[str, str], Row] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)
    quotas: list[Row] = field(default_factory=list)
    snapshots: list[str] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    refuse: dict[str, ClientError] = field(default_factory=dict)
    repeated: set[str] = field(default_factory=set)
    verdicts: list[Row] = field(default_factory=list)
    change_sets: dict[str, Row] = field(default_factory=dict)
    calls: list[tuple[str, Row]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __call__(self, service: str, region: str) -> Any:
        return _Client(self, region)

    def put_stack(self, name: str, region: str, status: str = "CREATE_COMPLETE", **more: Any) -> Row:
        arn = f"arn:aws:cloudformation:{region}:{ACCOUNT}:stack/{name}/1"
        row = {
            "StackId": arn,
            "StackName": name,
            "StackStatus": status,
            "CreationTime": datetime(2026, 11, 1, tzinfo=UTC),
        }
        self.stacks[region, name] = row | more
        return self.stacks[region, name]

    def named(self, call: str) -> list[Row]:
        return [given for name, given in self.calls if name == call]


@dataclass
class _Client:
    aws: FakeAws
    region: str

    def __getattr__(self, call: str) -> Any:
        return partial(self._call, call)

    def _call(self, call: str, **given: Any) -> Any:
        with self.aws.lock:
            self.aws.calls.append((call, given))
            if call in self.aws.refuse:
                raise self.aws.refuse[call]
            if call in self.aws.repeated:
                getattr(self, f"on_{call}")(**given)
            found: Any = getattr(self, f"on_{call}")(**given)
            return found

    def get_paginator(self, call: str) -> _Paginator:
        return _Paginator(self, call)

    def on_describe_stacks(self, **given: Any) -> Row:
        live = [row for (region, _), row in self.aws.stacks.items() if region == self.region]
        if "StackName" not in given:
            return {"Stacks": live}
        found = [row for row in live if given["StackName"] in {row["StackId"], row["StackName"]}]
        if not found:
            raise refusal("ValidationError", f"Stack with id {given['StackName']} does not exist")
        return {"Stacks": found}

    def on_describe_stack_events(self, **given: Any) -> Row:
        return {"StackEvents": self.aws.events}

    def on_create_stack(self, **given: Any) -> Row:
        if (self.region, given["StackName"]) in self.aws.stacks:
            raise refusal("AlreadyExistsException", f"Stack [{given['StackName']}] already exists")
        row = self.aws.put_stack(
            given["StackName"], self.region, "CREATE_IN_PROGRESS", Tags=given["Tags"], Parameters=given["Parameters"],
            EnableTerminationProtection=given["EnableTerminationProtection"],
        )  # fmt: skip
        return {"StackId": row["StackId"]}

    def on_delete_stack(self, **given: Any) -> Row:
        self._mine(given["StackName"])["StackStatus"] = "DELETE_IN_PROGRESS"
        return {}

    def on_update_termination_protection(self, **given: Any) -> Row:
        self._mine(given["StackName"])["EnableTerminationProtection"] = given["EnableTerminationProtection"]
        return {}

    def on_create_change_set(self, **given: Any) -> Row:
        if given["ChangeSetName"] in self.aws.change_sets:
            raise refusal("AlreadyExistsException")
        self.aws.change_sets[given["ChangeSetName"]] = (
            self.aws.verdicts.pop(0) if self.aws.verdicts else {"Status": "CREATE_COMPLETE"}
        )
        return {}

    def on_describe_change_set(self, **given: Any) -> Row:
        return self.aws.change_sets[given["ChangeSetName"]]

    def on_execute_change_set(self, **given: Any) -> Row:
        self._mine(given["StackName"])["StackStatus"] = "UPDATE_IN_PROGRESS"
        return self.aws.change_sets.pop(given["ChangeSetName"])

    def on_delete_change_set(self, **given: Any) -> Row:
        return self.aws.change_sets.pop(given["ChangeSetName"])

    def _mine(self, arn: str) -> Row:
        return next(row for row in self.aws.stacks.values() if row["StackId"] == arn)

    def on_get_parameter(self, **given: Any) -> Row:
        if given["Name"] not in self.aws.claims:
            raise refusal("ParameterNotFound")
        return {"Parameter": {"Value": self.aws.claims[given["Name"]]}}

    def on_put_parameter(self, **given: Any) -> Row:
        if given["Name"] in self.aws.claims and not given["Overwrite"]:
            raise refusal("ParameterAlreadyExists")
        self.aws.claims[given["Name"]] = given["Value"]
        return {}

    def on_delete_parameter(self, **given: Any) -> Row:
        if given["Name"] not in self.aws.claims:
            raise refusal("ParameterNotFound")
        del self.aws.claims[given["Name"]]
        return {}

    def on_get_parameters_by_path(self, **given: Any) -> Row:
        return {"Parameters": [{"Name": name, "Value": value} for name, value in self.aws.claims.items()]}

    def on_describe_account_attributes(self) -> Row:
        return {"AccountQuotas": self.aws.quotas}

    def on_describe_db_cluster_snapshots(self, **given: Any) -> Row:
        return {"DBClusterSnapshots": [{"DBClusterSnapshotIdentifier": name} for name in self.aws.snapshots]}


@dataclass
class _Paginator:
    client: _Client
    call: str

    def paginate(self, **given: Any) -> Iterator[Row]:
        yield self.client._call(self.call, **given)
