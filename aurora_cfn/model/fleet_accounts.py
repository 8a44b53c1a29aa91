"""The section `fleet.accounts`: a fleet whose clients are AWS accounts, as one StackSet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aurora_cfn.model.stack_set import CallAs, Permissions, Preferences, Targets


@dataclass(frozen=True, slots=True)
class AccountClient:
    """One client: an account, a whole organizational unit, or an account in one (service-managed permissions).

    `excluded` are accounts of the unit that are left out; `parameters` override those of the fleet.
    """

    name: str
    regions: tuple[str, ...]
    account: str = ""
    unit: str = ""
    excluded: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    line: int = 1

    @property
    def targets(self) -> Targets:
        """Where its stack instances are."""
        units = (self.unit,) if self.unit else ()
        return Targets((self.account,), units) if self.account else Targets(self.excluded, units, only=False)


@dataclass(frozen=True, slots=True)
class FleetAccounts:
    """How the StackSet of the fleet is deployed, and to whom.

    `automatic` deploys to accounts that join an organizational unit.
    """

    clients: tuple[AccountClient, ...]
    permissions: Permissions = "self-managed"
    administration_role: str = ""
    execution_role: str = ""
    call_as: CallAs = "self"
    automatic: bool = False
    retain_on_removal: bool = True
    preferences: Preferences = field(default_factory=Preferences)
