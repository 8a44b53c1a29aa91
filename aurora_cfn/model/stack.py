"""A stack as CloudFormation describes it: status, outputs, parameters, tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

BUSY_SUFFIX = "_IN_PROGRESS"
ROLLING_BACK_SUFFIX = "ROLLBACK_IN_PROGRESS"
IN_REVIEW = "REVIEW_IN_PROGRESS"
"""An empty stack that waits for its first change set to be executed."""
NO_ECHO = "****"
"""What AWS returns in place of the value of a NoEcho parameter."""
DELETED = "DELETE_COMPLETE"
"""A stack or resource that no longer exists. What every other status means is in `deploy.stack_status`."""


def stack_name_of(stack: str) -> str:
    """The name of a stack that is given by its name or its ARN."""
    # arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID; a name has no slash.
    return stack.split("/")[1] if "/" in stack else stack


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a deployed stack; `export` is its export name, empty if it is not exported."""

    key: str
    value: str
    export: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack of DescribeStacks; times are UTC; `operations` are the ids of LastOperations."""

    arn: str
    name: str
    status: str
    reason: str = ""
    outputs: tuple[Output, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    protected: bool = False
    role_arn: str | None = None
    notification_arns: tuple[str, ...] = ()
    created: datetime | None = None
    updated: datetime | None = None
    change_set_arn: str = ""
    operations: tuple[str, ...] = ()
    parent: str = ""
    """The ARN of the stack that it is nested in, empty where it is in none."""

    @property
    def busy(self) -> bool:
        """Whether an operation runs on the stack."""
        # CreateChangeSet leaves a new stack in review, whose status ends as that of an operation does.
        return self.status.endswith(BUSY_SUFFIX) and not self.in_review

    @property
    def in_review(self) -> bool:
        """Whether it is an empty stack that waits for its first change set."""
        return self.status == IN_REVIEW

    @property
    def exists(self) -> bool:
        """Whether it is deployed, in whatever state: neither an empty stack in review nor a deleted one."""
        return self.status not in {IN_REVIEW, DELETED}

    @property
    def account(self) -> str:
        """The account id."""
        return self.arn.split(":")[4]  # arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID

    @property
    def region(self) -> str:
        """The region."""
        return self.arn.split(":")[3]

    @property
    def output_values(self) -> dict[str, str]:
        """Values of the outputs by key."""
        return {output.key: output.value for output in self.outputs}

    def output(self, key: str) -> str | None:
        """Value of that output, None if the stack has no such output."""
        return next((output.value for output in self.outputs if output.key == key), None)


@dataclass(frozen=True, slots=True)
class StackResource:
    """One resource of a deployed stack; `physical_id` is empty if it was never created."""

    logical_id: str
    type: str
    status: str
    physical_id: str = ""
    reason: str = ""

    @property
    def exists(self) -> bool:
        """Whether the physical resource exists."""
        return bool(self.physical_id) and self.status != DELETED
