"""What is to be done so that a StackSet and its instances are as the params file says: pure, from both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from aurora_cfn.model.fleet_accounts import AccountClient, FleetAccounts
from aurora_cfn.model.stack import NO_ECHO
from aurora_cfn.model.stack_set import CURRENT, INOPERABLE, SetDefinition, StackInstance, StackSet, Targets

Overrides: TypeAlias = Callable[[AccountClient], Mapping[str, str]]
"""The parameters that a client has of its own."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on stack instances: the clients by name, where they are, and what they override."""

    kind: Literal["create", "update"]
    clients: tuple[str, ...]
    targets: Targets
    regions: tuple[str, ...]
    overrides: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """`creates` and `updates` are about the StackSet, whose update reaches all its instances.

    `of_no_client` are instances of no client in the params file; `stuck` can only be deleted.
    """

    creates: bool
    updates: bool
    steps: tuple[Step, ...]
    of_no_client: tuple[StackInstance, ...] = ()
    stuck: tuple[StackInstance, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether all is as it should be."""
        return not (self.creates or self.updates or self.steps)


def account_plan(
    wanted: SetDefinition,
    before: StackSet | None,
    instances: Sequence[StackInstance],
    accounts: FleetAccounts,
    overrides: Overrides,
    never_made: frozenset[str] = frozenset(),
) -> AccountPlan:
    """The plan; `never_made` are ids of the operations that created instances: one that failed left nothing behind."""
    updates = before is not None and differs(before, wanted)
    stuck = tuple(row for row in instances if row.status == INOPERABLE)
    left = [row for row in instances if row.status != INOPERABLE]
    steps: list[Step] = []
    for client in accounts.clients:
        own, mine = dict(overrides(client)), [row for row in left if client_of(row, (client,))]
        there = {row.region for row in mine if is_made(row, never_made)}
        blocked = {row.region for row in stuck if client_of(row, (client,))}
        new = tuple(region for region in client.regions if region not in there | blocked)
        old = tuple(
            region
            for region in client.regions
            if any(row.region == region and _outdated(row, own, updates) for row in mine if region in there)
        )
        steps += [Step("create", (client.name,), client.targets, new, own)] * bool(new)
        steps += [Step("update", (client.name,), client.targets, old, own)] * bool(old)
    of_no_client = tuple(row for row in instances if client_of(row, accounts.clients) is None)
    return AccountPlan(before is None, updates, tuple(_joined(steps)), of_no_client, stuck)


def client_of(instance: StackInstance, clients: Iterable[AccountClient]) -> AccountClient | None:
    """The client whose instance it is: by its account, else by its organizational unit."""
    rows = [row for row in clients if row.account == instance.account]
    rows += [row for row in clients if not row.account and row.unit and row.unit == instance.unit]
    return next(iter(rows), None)


def is_made(instance: StackInstance, never_made: frozenset[str]) -> bool:
    """Whether its stack was ever deployed: a creation that failed was rolled back, and holds nothing."""
    return instance.status == CURRENT or (bool(instance.stack_id) and instance.operation not in never_made)


def differs(before: StackSet, wanted: SetDefinition) -> bool:
    """Whether the StackSet must be updated. The values of NoEcho parameters are not returned, and count as equal."""
    same = before.parameters.keys() == wanted.parameters.keys() and all(
        before.parameters[name] in {text, NO_ECHO} for name, text in wanted.parameters.items()
    )
    roles = all(
        not text or text == there
        for text, there in (
            (wanted.administration_role, before.administration_role),
            (wanted.execution_role, before.execution_role),
        )
    )
    joins = (before.automatic, before.retain_on_removal and before.automatic)
    return not (
        same
        and roles
        # CloudFormation drops white space around the text.
        and before.template.strip() == wanted.template.strip()
        and dict(before.tags) == dict(wanted.tags)
        and joins == (wanted.automatic, wanted.retain_on_removal and wanted.automatic)
        and before.managed
    )


def _outdated(instance: StackInstance, own: Mapping[str, str], set_updated: bool) -> bool:
    other = instance.overrides is not None and dict(instance.overrides) != dict(own)
    # The update of the StackSet reaches those that are not current, too.
    return other or (instance.status != CURRENT and not set_updated)


def _joined(steps: Iterable[Step]) -> list[Step]:
    """The steps with those of the same overrides and regions as one: the overrides of a call are for all its stacks."""
    found: dict[object, Step] = {}
    for step in steps:
        # Accounts that are left out of one unit would be left out of the others as well.
        kind = step.targets.accounts if not step.targets.only else bool(step.targets.units)
        key = (step.kind, step.regions, tuple(sorted(step.overrides.items())), step.targets.only, kind)
        other = found.get(key)
        if other is None:
            found[key] = step
            continue
        accounts = dict.fromkeys((*other.targets.accounts, *step.targets.accounts))
        units = dict.fromkeys((*other.targets.units, *step.targets.units))
        targets = replace(other.targets, accounts=tuple(accounts), units=tuple(units))
        found[key] = replace(other, clients=(*other.clients, *step.clients), targets=targets)
    # Updates last: new clients do not wait for them when one fails, and nothing of theirs is at risk.
    return sorted(found.values(), key=lambda step: step.kind)
