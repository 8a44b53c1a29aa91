"""StackSets in memory: every operation ends at once, unless it is `endless`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from aurora_cfn.errors import AwsError
from aurora_cfn.model.stack_set import (
    CURRENT,
    InstanceResult,
    InstancesRequest,
    Preferences,
    SetDefinition,
    SetOperation,
    StackInstance,
    StackSet,
)


@dataclass
class FakeStackSets:
    """One account's StackSets; `failing` are accounts in which everything fails."""

    endless: bool = False
    failing: frozenset[str] = frozenset()
    sets: dict[str, StackSet] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    _tokens: dict[str, str] = field(default_factory=dict)
    _instances: dict[tuple[str, str], StackInstance] = field(default_factory=dict)
    _operations: dict[str, tuple[SetOperation, list[InstanceResult]]] = field(default_factory=dict)

    def stack_set(self, name: str) -> StackSet | None:
        return self.sets.get(name)

    def create_set(self, wanted: SetDefinition, *, token: str) -> None:
        if self._tokens.setdefault(wanted.name, token) != token:
            raise AwsError("it exists", operation="CreateStackSet", code="NameAlreadyExistsException")
        self.sets[wanted.name] = as_set(wanted)

    def update_set(self, wanted: SetDefinition, preferences: Preferences, *, identifier: str) -> None:
        self.sets[wanted.name] = as_set(wanted)
        self._do("UPDATE", identifier, list(self._instances.values()))

    def delete_set(self, name: str) -> None:
        if self._instances:
            raise AwsError("StackSetNotEmpty", operation="DeleteStackSet", code="StackSetNotEmptyException")
        del self.sets[name]

    def stack_instances(self, name: str) -> Sequence[StackInstance]:
        return [replace(row, overrides=None) for row in self._instances.values()]

    def stack_instance(self, name: str, account: str, region: str) -> StackInstance:
        return self._instances[account, region]

    def create_instances(self, request: InstancesRequest) -> None:
        self._do("CREATE", request.id, self._of(request))

    def update_instances(self, request: InstancesRequest) -> None:
        self._do("UPDATE", request.id, self._of(request))

    def delete_instances(self, request: InstancesRequest, *, retain: bool) -> None:
        self._do("DELETE", request.id, self._of(request))

    def operation(self, name: str, identifier: str) -> SetOperation | None:
        return self._operations[identifier][0] if identifier in self._operations else None

    def operations(self, name: str) -> Sequence[SetOperation]:
        return [row for row, _ in reversed(self._operations.values())]

    def results(self, name: str, identifier: str) -> Sequence[InstanceResult]:
        return self._operations[identifier][1]

    def stop_operation(self, name: str, identifier: str) -> None:
        operation, results = self._operations[identifier]
        if not operation.runs:
            raise AwsError("it has ended", operation="StopStackSetOperation", code="InvalidOperationException")
        self.stopped.append(identifier)
        self._operations[identifier] = (replace(operation, status="STOPPED"), results)

    def _of(self, request: InstancesRequest) -> list[StackInstance]:
        places = [(account, region) for region in request.regions for account in request.targets.accounts]
        unit = next(iter(request.targets.units), "")
        rows = [self._instances.get(place, StackInstance(*place, "OUTDATED", unit=unit)) for place in places]
        return [row if request.overrides is None else replace(row, overrides=request.overrides) for row in rows]

    def _do(self, action: str, identifier: str, rows: Sequence[StackInstance]) -> None:
        if identifier in self._operations:
            return
        results = []
        for row in rows:
            bad = row.account in self.failing
            status = "RUNNING" if self.endless else "FAILED" if bad else "SUCCEEDED"
            results.append(InstanceResult(row.account, row.region, status, "no capacity" if bad else ""))
            if action == "DELETE" and not bad:
                self._instances.pop(row.place, None)
            else:
                arn = f"arn:aws:cloudformation:{row.region}:{row.account}:stack/StackSet-x/1"
                done = replace(row, status="OUTDATED" if bad else CURRENT, stack_id=arn, operation=identifier)
                self._instances[row.place] = replace(done, overrides=row.overrides or {})
        failed = any(row.status == "FAILED" for row in results)
        status = "RUNNING" if self.endless else "FAILED" if failed else "SUCCEEDED"
        self._operations[identifier] = (SetOperation(identifier, action, status), results)


def as_set(wanted: SetDefinition) -> StackSet:
    """The StackSet that the definition makes."""
    return StackSet(
        wanted.name, wanted.template, wanted.parameters, wanted.tags,
        wanted.administration_role, wanted.execution_role, wanted.automatic, managed=True,
    )  # fmt: skip
