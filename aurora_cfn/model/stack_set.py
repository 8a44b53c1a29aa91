"""A StackSet, its stack instances and its operations, as CloudFormation describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

CURRENT, INOPERABLE = "CURRENT", "INOPERABLE"
"""Statuses of a stack instance: it is as the StackSet defines it; it can only be deleted. The third is OUTDATED."""
DRIFT = "DETECT_DRIFT"
Permissions: TypeAlias = Literal["self-managed", "service-managed"]
CallAs: TypeAlias = Literal["self", "delegated-admin"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """Operation preferences. `tolerate` and `concurrency` are a number of accounts or a share such as `10%`.

    `tolerate` counts in each region. `soft` is SOFT_FAILURE_TOLERANCE: failures do not
    lower the concurrency.
    """

    tolerate: str = "0"
    concurrency: str = "1"
    region_order: tuple[str, ...] = ()
    parallel_regions: bool = False
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Targets:
    """Where stack instances are: accounts, or organizational units of which accounts are taken or left out.

    `only` limits the units to the accounts, without it the accounts are left out of the units.
    """

    accounts: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    only: bool = True


@dataclass(frozen=True, slots=True)
class SetDefinition:
    """A StackSet as it should be; `template_url` replaces the text where that is too large for a call."""

    name: str
    template: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    capabilities: tuple[str, ...] = ()
    description: str = ""
    permissions: Permissions = "self-managed"
    administration_role: str = ""
    execution_role: str = ""
    automatic: bool = False
    retain_on_removal: bool = True
    template_url: str = ""


@dataclass(frozen=True, slots=True)
class StackSet:
    """A StackSet as it is; `managed` says whether its operations queue instead of being refused."""

    name: str
    template: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    administration_role: str = ""
    execution_role: str = ""
    automatic: bool = False
    retain_on_removal: bool = False
    managed: bool = False


@dataclass(frozen=True, slots=True)
class StackInstance:
    """One stack of a StackSet in an account and region; `stack_id` is empty where none was made.

    `unit` is the organizational unit that it was deployed through. `overrides` are None where they were not read:
    ListStackInstances does not return them.
    """

    account: str
    region: str
    status: str
    detail: str = ""
    reason: str = ""
    stack_id: str = ""
    unit: str = ""
    operation: str = ""
    overrides: Mapping[str, str] | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Account and region, which name it."""
        return self.account, self.region


@dataclass(frozen=True, slots=True)
class SetOperation:
    """One operation of a StackSet; `action` is CREATE, UPDATE, DELETE or DETECT_DRIFT."""

    id: str
    action: str
    status: str
    reason: str = ""

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self.status in {"RUNNING", "QUEUED", "STOPPING"}


@dataclass(frozen=True, slots=True)
class InstanceResult:
    """What one operation did in an account and region: PENDING, RUNNING, SUCCEEDED, FAILED or CANCELLED."""

    account: str
    region: str
    status: str
    reason: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Account and region."""
        return self.account, self.region


@dataclass(frozen=True, slots=True)
class InstancesRequest:
    """An operation on stack instances: where, with which overrides (None keeps them), and how.

    `id` is chosen by the caller, so that the same request counts once.
    """

    name: str
    id: str
    targets: Targets
    regions: tuple[str, ...]
    preferences: Preferences
    overrides: Mapping[str, str] | None = None
