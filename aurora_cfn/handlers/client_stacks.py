"""The stacks of clients in CloudFormation: their state, the first cause of a failure, and what changes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .aws_calls import Clients, RefusedError, refusals
from .fleet_names import CLIENT, FLEET, OWN_PARAMETERS, VERSION, stack_name
from .fleet_settings import Fleet, Item

PROTECTION = "DeletionProtection"
"""The parameter of our templates that protects the database itself."""
REQUEST = "aurora-cfn:request"
"""Tag: digests of the Idempotency-Key and of the body with which the client was created."""
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
OUTPUTS = {
    "cluster_arn": "ClusterArn",
    "secret_arn": "SecretArn",
    "host": "DNSName",
    "port": "DBPort",
    "database": "DBName",
}
"""Keys of the answer and the outputs of the templates; a password is in none of them."""
FOLLOWER = re.compile(r"^(resource .* cancell?ed|the following resource\(s\) failed|rollback requested)", re.IGNORECASE)
"""Reasons of events that are only the consequence of another failure."""


def state_of(status: str) -> str:
    """The state of a client by the status of its stack, as `aurora-cfn clients list` gives it.

    By the parts of the status, so that one that is newer than this function falls into place. A deletion has states of
    its own: `deleting` and `deleted`.
    """
    first, last = status.partition("_")[0], status.rpartition("_")[2]
    if last == "PROGRESS":
        return {"DELETE": "deleting", "REVIEW": "claimed"}.get(first, "pending")
    if last == "FAILED":
        return "stuck"
    if first == "ROLLBACK":
        return "failed"
    return "rolled back" if "_ROLLBACK_" in status else "deleted" if first == "DELETE" else "ready"


@dataclass(frozen=True, slots=True)
class ClientStack:
    """The stack of a client, as DescribeStacks gives it."""

    arn: str
    status: str
    created: str
    changed: str
    protected: bool
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]
    tags: Mapping[str, str]

    @property
    def client(self) -> str:
        """The name of the client."""
        return self.tags.get(CLIENT, "")

    @property
    def region(self) -> str:
        """The region of the stack."""
        return self.arn.split(":")[3]

    @property
    def state(self) -> str:
        """The state of the client."""
        return state_of(self.status)

    @property
    def is_protected(self) -> bool:
        """Whether it is protected from deletion, by CloudFormation or by the database itself."""
        return self.protected or self.parameters.get(PROTECTION) == "true"

    @property
    def own(self) -> dict[str, str]:
        """The parameters that were given for this client."""
        names = self.tags.get(OWN_PARAMETERS, "").split()
        return {name: self.parameters[name] for name in names if name in self.parameters}


def _stack(row: Mapping[str, Any]) -> ClientStack:
    return ClientStack(
        arn=row["StackId"],
        status=row["StackStatus"],
        created=row["CreationTime"].isoformat(timespec="seconds"),
        changed=str(row.get("LastUpdatedTime", "")),
        protected=bool(row.get("EnableTerminationProtection")),
        parameters={one["ParameterKey"]: one.get("ParameterValue", "") for one in row.get("Parameters", ())},
        outputs={one["OutputKey"]: one["OutputValue"] for one in row.get("Outputs", ())},
        tags={one["Key"]: one["Value"] for one in row.get("Tags", ())},
    )


@dataclass(frozen=True, slots=True)
class ClientStacks:
    """The stacks of the fleet's clients in all regions. Every method raises RefusedError."""

    fleet: Fleet
    clients: Clients

    def stack(self, region: str, name: str) -> ClientStack | None:
        """The stack of that name or ARN; None without one. By its ARN also one that is deleted."""
        try:
            with refusals():
                found = self._in(region).describe_stacks(StackName=name)
        except RefusedError as error:
            if "does not exist" in str(error):
                return None
            raise
        return _stack(found["Stacks"][0])

    def of(self, region: str, client: str) -> ClientStack | None:
        """The stack of the client; None without one."""
        return self.stack(region, stack_name(self.fleet.name, client))

    def is_mine(self, stack: ClientStack) -> bool:
        """Whether the stack is a client's of this fleet."""
        return stack.tags.get(FLEET) == self.fleet.name and bool(stack.client)

    def all_in(self, region: str) -> list[ClientStack]:
        """The stacks of all clients in the region."""
        with refusals():
            pages = self._in(region).get_paginator("describe_stacks").paginate()
            rows = [_stack(row) for page in pages for row in page["Stacks"]]
        return [row for row in rows if self.is_mine(row)]

    def cause(self, stack: ClientStack) -> str:
        """`LOGICAL_ID: reason` of the first failure in the last operation; empty without one."""
        found, last = "", ""
        for row in self._last_operation(stack):
            if row["ResourceStatus"].endswith("_FAILED"):
                reason = row.get("ResourceStatusReason", "")
                last = f"{row['LogicalResourceId']}: {reason or row['ResourceStatus']}"
                # Events come newest first, so the last of them here was the first to happen. The stack's own event
                # repeats what happened to a resource.
                if reason and not FOLLOWER.search(reason) and row["PhysicalResourceId"] != stack.arn:
                    found = last
        return found or last

    def _last_operation(self, stack: ClientStack) -> Iterator[Mapping[str, Any]]:
        with refusals():
            pages = self._in(stack.region).get_paginator("describe_stack_events").paginate(StackName=stack.arn)
            for row in (row for page in pages for row in page["StackEvents"]):
                yield row
                status = row["ResourceStatus"]
                goes_on = "ROLLBACK" in status or "CLEANUP" in status
                if row["PhysicalResourceId"] == stack.arn and status.endswith("_PROGRESS") and not goes_on:
                    return

    def create(self, region: str, client: str, own: Mapping[str, str], token: str, request: str) -> None:
        """Begin to create the stack, protected from deletion."""
        values = {**self.defaults(region, client), **own}
        tags = self.fleet.tags | {CLIENT: client, OWN_PARAMETERS: " ".join(sorted(own)), REQUEST: request}
        with refusals():
            self._in(region).create_stack(
                StackName=stack_name(self.fleet.name, client),
                TemplateURL=self.fleet.template_url(self.fleet.document.version),
                Parameters=[{"ParameterKey": name, "ParameterValue": text} for name, text in values.items()],
                Tags=_tags(tags),
                Capabilities=CAPABILITIES,
                RoleARN=self.fleet.role,
                # Not DELETE: the stack would be gone, and with it the events that name the first cause.
                OnFailure="ROLLBACK",
                EnableTerminationProtection=True,
                ClientRequestToken=token,
            )

    def defaults(self, region: str, client: str) -> dict[str, str]:
        """The parameters that every client has, with the outputs of stacks in its region, and those of its name."""
        document, name = self.fleet.document, stack_name(self.fleet.name, client)
        named = {"EnvironmentName": document.environment, "ClientName": client, "ClusterName": name}
        found = {key: text for key, text in named.items() if key in document.declared}
        outputs: dict[str, Mapping[str, str]] = {}
        for key, items in document.parameters.items():
            found[key] = ",".join(self._item(region, item, outputs) for item in items)
        return found

    def _item(self, region: str, item: Item, outputs: dict[str, Mapping[str, str]]) -> str:
        if isinstance(item, str):
            return item
        name = item["stack"]
        if name not in outputs:
            stack = self.stack(region, name)
            outputs[name] = stack.outputs if stack else {}
        if item["output"] not in outputs[name]:
            raise RefusedError("NoOutput", f"the stack {name} has no output {item['output']} in {region}: deploy it")
        return outputs[name][item["output"]]

    def protect(self, stack: ClientStack, *, on: bool) -> None:
        """Switch the termination protection on or off."""
        with refusals():
            self._in(stack.region).update_termination_protection(StackName=stack.arn, EnableTerminationProtection=on)

    def delete(self, stack: ClientStack) -> None:
        """Begin to delete the stack; its template says what is kept, such as a final snapshot."""
        with refusals():
            self._in(stack.region).delete_stack(StackName=stack.arn, RoleARN=self.fleet.role)

    def version(self, stack: ClientStack) -> str:
        """The version that the stack was deployed with."""
        return stack.tags.get(VERSION, "")

    def _in(self, region: str) -> Any:
        return self.clients("cloudformation", region)


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": text} for key, text in tags.items() if text]
