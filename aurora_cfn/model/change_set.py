"""A change set: what an update would do, according to CloudFormation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from aurora_cfn.model.stack import NO_ECHO

ChangeSetType: TypeAlias = Literal["CREATE", "UPDATE", "IMPORT"]


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """One changed property or attribute of a resource.

    `attribute` is Properties, Metadata, Tags, CreationPolicy, UpdatePolicy, DeletionPolicy or UpdateReplacePolicy;
    `recreation` is Never, Conditionally or Always; `evaluation` is Static or Dynamic; `before` and `after` are None
    where AWS leaves the values out.
    """

    attribute: str
    name: str = ""
    path: str = ""
    recreation: str = "Never"
    evaluation: str = "Static"
    causing_entity: str = ""
    before: str | None = None
    after: str | None = None

    @property
    def unchanged(self) -> bool:
        """Whether the value certainly stays the same, although a parameter in it changes.

        Not certain are hidden values, and those with `{{`: a dynamic reference, or AWS's word for a value that is known
        only during the update.
        """
        same = self.before is not None and self.before == self.after
        return same and self.attribute == "Properties" and self.before != NO_ECHO and "{{" not in str(self.before)


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One resource of a change set.

    `action` is Add, Modify, Remove, Import, Dynamic or SyncWithActual; `replacement` is True, False, Conditional or
    empty; `policy_action` is what happens to the old resource (Delete, Retain, Snapshot, ReplaceAnd...), or empty.
    """

    action: str
    logical_id: str
    type: str
    physical_id: str = ""
    replacement: str = ""
    policy_action: str = ""
    properties: tuple[PropertyChange, ...] = ()
    before_context: str = ""
    after_context: str = ""

    @property
    def may_replace(self) -> bool:
        """Whether the physical resource is, or may be, replaced."""
        # Replacement is empty for some resource types; RequiresRecreation of the properties is then the only source.
        found = self.settled()
        return found.replacement != "False" if found.replacement else _recreates(found.properties)

    def settled(self) -> ResourceChange:
        """The change without properties that keep their value; not a replacement if only these were the reason.

        AWS's Replacement follows RequiresRecreation of every property that a changed parameter is part of, such as the
        Family of a parameter group in which a minor EngineVersion changes nothing.
        """
        kept = tuple(row for row in self.properties if not row.unchanged)
        if self.action != "Modify" or len(kept) == len(self.properties):
            return self
        if _recreates(kept) or not _recreates(self.properties):
            return replace(self, properties=kept)
        return replace(self, properties=kept, replacement="False", policy_action="")


def _recreates(properties: Iterable[PropertyChange]) -> bool:
    return any(row.attribute == "Properties" and row.recreation != "Never" for row in properties)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The answer of DescribeChangeSet, all pages; `on_failure` is empty if CreateChangeSet was called without it.

    `has_values` is False when AWS dropped the property values because the answer was too large.
    """

    arn: str
    name: str
    stack_arn: str
    status: str
    execution_status: str
    reason: str = ""
    changes: tuple[ResourceChange, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    has_values: bool = True
    description: str = ""
    on_failure: str = ""

    @property
    def pending(self) -> bool:
        """Whether CloudFormation is still computing it."""
        return self.status.removeprefix("CREATE_") in {"PENDING", "IN_PROGRESS"}

    @property
    def failed(self) -> bool:
        """Whether it cannot be executed."""
        return self.status == "FAILED"

    @property
    def empty(self) -> bool:
        """Whether it failed only because nothing would change."""
        # AWS has no status for this, only reasons: the second one comes when the template has a transform.
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
    """The arguments of CreateChangeSet.

    `template` is the body, or `template_url` the address of one that is too large; `previous_template` takes the
    deployed one. `disable_rollback` is for express mode only: otherwise it is an argument of ExecuteChangeSet.
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
    """The ARNs that CreateChangeSet returns. Later calls use them: a name could belong to a newer stack."""

    arn: str
    stack_arn: str


@dataclass(frozen=True, slots=True)
class ValidationFailure:
    """One failure that CloudFormation found before it touched a resource; `path` is the place in the template."""

    reason: str
    path: str = ""
    logical_id: str = ""
    mode: str = "FAIL"
