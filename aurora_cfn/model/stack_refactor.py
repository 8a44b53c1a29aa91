"""A stack refactor: resources that get another logical id or another stack, and stay as they are."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.model.stack import BUSY_SUFFIX


@dataclass(frozen=True, slots=True)
class ResourcePlace:
    """A stack by its full name, and a logical id in it."""

    stack: str
    logical_id: str


@dataclass(frozen=True, slots=True)
class ResourceMove:
    """One entry of ResourceMappings; a rename has the same stack on both sides."""

    source: ResourcePlace
    destination: ResourcePlace

    @property
    def renames(self) -> bool:
        """Whether the resource stays in its stack."""
        return self.source.stack == self.destination.stack


@dataclass(frozen=True, slots=True)
class StackDefinition:
    """One entry of StackDefinitions: the whole template of a stack after the refactor, as text or behind a URL."""

    stack: str
    template: str = ""
    template_url: str = ""


@dataclass(frozen=True, slots=True)
class StackRefactor:
    """One answer of DescribeStackRefactor; `status` is of its creation, `execution` of its execution."""

    id: str
    status: str
    reason: str = ""
    execution: str = "UNAVAILABLE"
    execution_reason: str = ""
    description: str = ""
    stacks: tuple[str, ...] = ()

    @property
    def pending(self) -> bool:
        """Whether CloudFormation still validates it."""
        return self.status.endswith(BUSY_SUFFIX)

    @property
    def available(self) -> bool:
        """Whether it can be executed, and was not yet."""
        return self.execution == "AVAILABLE"

    @property
    def executing(self) -> bool:
        """Whether it is being executed or rolled back."""
        return self.execution.endswith(BUSY_SUFFIX)

    @property
    def done(self) -> bool:
        """Whether it was executed."""
        return self.execution == "EXECUTE_COMPLETE"

    @property
    def stuck(self) -> bool:
        """Whether its rollback failed."""
        return self.execution.startswith("ROLLBACK_") and self.execution.endswith("_FAILED")


@dataclass(frozen=True, slots=True)
class RefactorAction:
    """One entry of ListStackRefactorActions; `move` is None for what is not about a resource, such as a new stack."""

    action: str
    entity: str
    physical_id: str = ""
    description: str = ""
    move: ResourceMove | None = None
