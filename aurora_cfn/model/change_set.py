"""A change set: what CloudFormation says that an update would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

ChangeSetType: TypeAlias = Literal["CREATE", "UPDATE", "IMPORT"]


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """One changed property or attribute of a resource.

    `attribute` is Properties, Metadata, Tags, CreationPolicy, UpdatePolicy, DeletionPolicy or UpdateReplacePolicy;
    `recreation` is Never, Conditionally or Always; `evaluation` is Static or Dynamic; `before` and `after` are None
    when AWS does not tell them.
    """

    attribute: str
    name: str = ""
    path: str = ""
    recreation: str = "Never"
    evaluation: str = "Static"
    source: str = ""
    causing_entity: str = ""
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One resource of a change set.

    `action` is Add, Modify, Remove, Import, Dynamic or SyncWithActual; `replacement` is True, False, Conditional or
    empty; `policy_action` is what happens to the old resource (Delete, Retain, Snapshot, ReplaceAnd...), where told.
    """

    action: str
    logical_id: str
    type: str
    physical_id: str = ""
    replacement: str = ""
    scope: tuple[str, ...] = ()
    policy_action: str = ""
    properties: tuple[PropertyChange, ...] = ()
    before_context: str = ""
    after_context: str = ""

    @property
    def may_replace(self) -> bool:
        """Whether another physical resource does, or may, take its place; where AWS does not say, its details do."""
        if self.replacement:
            return self.replacement != "False"
        return any(row.attribute == "Properties" and row.recreation != "Never" for row in self.properties)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What DescribeChangeSet says, all its pages in one; `on_failure` is empty where it was not asked for."""

    arn: str
    name: str
    stack_arn: str
    stack_name: str
    status: str
    execution_status: str
    reason: str = ""
    changes: tuple[ResourceChange, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    created: datetime | None = None
    values_told: bool = True
    description: str = ""
    on_failure: str = ""

    @property
    def pending(self) -> bool:
        """Whether CloudFormation is still working it out."""
        return self.status in {"CREATE_PENDING", "CREATE_IN_PROGRESS"}

    @property
    def failed(self) -> bool:
        """Whether it cannot be executed."""
        return self.status == "FAILED"

    @property
    def empty(self) -> bool:
        """Whether it failed only because nothing would change.

        The two reasons that AWS gives: no change at all, and no change to the resources
        (`No updates are to be performed`, when a transform is involved).
        """
        reasons = ("didn't contain changes", "No updates are to be performed", "submitted information didn't contain")
        return self.failed and any(reason in self.reason for reason in reasons)


@dataclass(frozen=True, slots=True)
class ImportedResource:
    """An existing resource that a change set of type IMPORT takes into the stack."""

    logical_id: str
    type: str
    identifier: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChangeSetRequest:
    """Everything that CreateChangeSet is asked for.

    `template` is the body, `template_url` its place where it is too large; `previous_template` takes the deployed one.
    `disable_rollback` only means something in express mode; any other change set is told when it is executed.
    """

    stack_name: str
    name: str
    type: ChangeSetType
    template: str = ""
    template_url: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    previous_parameters: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    capabilities: tuple[str, ...] = ()
    role_arn: str | None = None
    notification_arns: tuple[str, ...] = ()
    token: str = ""
    description: str = ""
    imports: tuple[ImportedResource, ...] = ()
    previous_template: bool = False
    revert_drift: bool = False
    express: bool = False
    on_failure: str = ""
    disable_rollback: bool = False


@dataclass(frozen=True, slots=True)
class CreatedChangeSet:
    """The two ARNs that CreateChangeSet answers with; everything later goes by them, never by names."""

    arn: str
    stack_arn: str


@dataclass(frozen=True, slots=True)
class ValidationFailure:
    """One failure that CloudFormation found before it touched a resource; `path` is the place in the template."""

    reason: str
    path: str = ""
    name: str = ""
    logical_id: str = ""
    mode: str = "FAIL"
