"""CloudFormation in memory: stacks, change sets and events on a clock that the test moves.

It keeps to the documented order of things (REVIEW_IN_PROGRESS, *_IN_PROGRESS, resources, the stack's own end, rollback
after a failure) and refuses what AWS refuses. It knows no resource: each takes `seconds`, and fails where the
test says so.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Any

from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.model.change_set import (
    ChangeSet,
    ChangeSetRequest,
    CreatedChangeSet,
    ResourceChange,
    ValidationFailure,
)
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from aurora_cfn.model.stack import Output, Stack, StackResource
from aurora_cfn.yamltext import read_template
from tests.fakes.clock import FakeClock

NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."
BODY_BYTES = 51_200
ACCOUNT, REGION = "123456789012", "eu-west-1"


@dataclass(slots=True)
class _Kept:
    """One stack with its past and, as events that are not due yet, its future."""

    stack: Stack
    template: str = ""
    events: list[StackEvent] = field(default_factory=list)
    resources: dict[str, StackResource] = field(default_factory=dict)
    outputs: tuple[Output, ...] = ()
    policy: str = ""
    before: tuple[str, tuple[Output, ...], Stack] | None = None


class FakeCloudFormation:
    """The port CloudFormation in memory; `calls` lists what was asked, in order."""

    def __init__(self, clock: FakeClock, *, seconds: float = 10.0, at_once: bool = False) -> None:
        self.clock = clock
        self.at_once = at_once
        self.seconds = seconds
        self.region = REGION
        self.tags: Mapping[str, str] = {}
        """The tags of stacks that are put there without any."""
        self.durations: dict[str, float] = {}
        self.fail: dict[str, str] = {}
        self.replaces: set[str] = set()
        self.leaves: dict[str, str] = {}
        self.early: list[ValidationFailure] = []
        self.failures: list[StackEvent] = []
        self.fetch: Callable[[str], str] = lambda url: f"nothing is behind {url}"
        self.trouble: dict[str, list[AwsError]] = {}
        self.calls: list[str] = []
        self._kept: dict[str, _Kept] = {}
        self._sets: dict[str, tuple[ChangeSetRequest, ChangeSet]] = {}
        self._executed: dict[str, ChangeSet] = {}
        self._lock = threading.RLock()
        self._number = 0
        self._operation = ""

    # What tests arrange and look at

    def put(self, name: str, status: str, template: str = "", **more: Any) -> Stack:
        """A stack that is there already."""
        stack = Stack(self._arn(name), name, status, **{"created": self.clock.now(), "tags": self.tags, **more})
        self._kept[stack.arn] = _Kept(stack, template, outputs=stack.outputs)
        self._tell(self._kept[stack.arn], name, stack.arn, STACK_TYPE, status, 0, "", "")
        return stack

    def put_resource(self, stack: Stack, resource: StackResource) -> None:
        self._kept[stack.arn].resources[resource.logical_id] = resource

    def put_event(self, stack: Stack, logical: str, physical: str, kind: str, status: str, reason: str = "") -> None:
        self._tell(self._kept[stack.arn], logical, physical, kind, status, 0, reason, "")

    def put_policy(self, name: str, body: str) -> None:
        """A policy as it may be there, whether or not AWS would take it now."""
        kept = self._find(name)
        assert kept is not None
        kept.policy = body

    def forget_output(self, name: str, key: str) -> None:
        """The stack as it was before its template had that output."""
        kept = self._find(name)
        assert kept is not None
        kept.outputs = tuple(output for output in kept.outputs if output.key != key)
        before, mark, after = kept.template.partition("\nOutputs:\n")
        kept.template = before + mark + after.replace(f"  {key}:\n", f"  Other{key}:\n", 1)

    def count(self, operation: str) -> int:
        return self.calls.count(operation)

    def names(self) -> list[str]:
        return [kept.stack.name for kept in self._kept.values() if self._now(kept).status != "DELETE_COMPLETE"]

    # The port

    def stack(self, name: str) -> Stack | None:
        with self._called("DescribeStacks"):
            kept = self._find(name)
            return self._now(kept) if kept else None

    def root_stacks(self) -> Sequence[Stack]:
        with self._called("DescribeStacks"):
            found = [self._now(kept) for kept in self._kept.values()]
            return [stack for stack in found if stack.status != "DELETE_COMPLETE"]

    def create_change_set(self, request: ChangeSetRequest) -> CreatedChangeSet:
        with self._called("CreateChangeSet"):
            request = self._with_template(request)
            try:
                _resources(request.template)
            except InputError as error:
                raise self._refusal("CreateChangeSet", f"Template format error: {error}") from None
            kept = self._find(request.stack_name)
            if kept is None and request.type == "UPDATE":
                raise self._refusal("CreateChangeSet", f"Stack [{request.stack_name}] does not exist")
            if kept and request.type == "CREATE" and self._now(kept).status != "REVIEW_IN_PROGRESS":
                raise self._refusal("CreateChangeSet", f"Stack [{request.stack_name}] already exists and cannot ...")
            if kept is None:
                self.put(request.stack_name, "REVIEW_IN_PROGRESS")
                kept = self._find(request.stack_name)
            assert kept is not None
            found = self._planned(request, kept)
            self._sets[found.arn] = (request, found)
            return CreatedChangeSet(found.arn, kept.stack.arn)

    def change_set(self, arn: str) -> ChangeSet:
        with self._called("DescribeChangeSet"):
            return self._executed.get(arn) or self._set("DescribeChangeSet", arn)[1]

    def change_sets(self, stack: str) -> Sequence[ChangeSet]:
        with self._called("ListChangeSets"):
            kept = self._find(stack)
            return [row for _, row in self._sets.values() if kept and row.stack_arn == kept.stack.arn]

    def delete_change_set(self, arn: str) -> None:
        with self._called("DeleteChangeSet"):
            self._sets.pop(arn, None)

    def validation_failures(self, change_set_arn: str) -> Sequence[ValidationFailure]:
        with self._called("DescribeEvents"):
            return list(self.early)

    def execute_change_set(self, arn: str, *, token: str, disable_rollback: bool | None = False) -> None:
        with self._called("ExecuteChangeSet"):
            if arn in self._executed:
                raise AwsError(f"ChangeSet [{arn}] is in EXECUTE_COMPLETE status", code="InvalidChangeSetStatus")
            request, change_set = self._set("ExecuteChangeSet", arn)
            if change_set.execution_status != "AVAILABLE":
                raise AwsError(f"ChangeSet [{arn}] cannot be executed", code="InvalidChangeSetStatus")
            if request.on_failure and disable_rollback is not None:
                raise self._refusal("ExecuteChangeSet", "DisableRollback cannot be specified with OnStackFailure")
            kept = self._kept[change_set.stack_arn]
            verb = request.type
            keep = disable_rollback or request.on_failure == "DO_NOTHING"
            self._run(kept, request, change_set, verb, token, keep)
            # AWS drops the others too, as they were made for a stack that is another one now.
            stale = [name for name, (_, row) in self._sets.items() if row.stack_arn == kept.stack.arn]
            for name in stale:
                del self._sets[name]
            kept.stack = replace(kept.stack, change_set_arn=arn)
            self._executed[arn] = replace(change_set, execution_status="EXECUTE_COMPLETE")

    def delete_stack(self, stack: str, *, token: str, retain: Sequence[str] = (), role_arn: str | None = None) -> None:
        with self._called("DeleteStack"):
            kept = self._find(stack)
            if kept is None or self._now(kept).status == "DELETE_COMPLETE":
                return
            if retain and self._now(kept).status != "DELETE_FAILED":
                what = "specify which resources to retain only when the stack is in the DELETE_FAILED state"
                raise self._refusal(
                    "DeleteStack", f"Invalid operation on stack [{stack}]. When you delete a stack, {what}."
                )
            if self._now(kept).protected:
                raise self._refusal(
                    "DeleteStack", f"Stack [{stack}] cannot be deleted while TerminationProtection is enabled"
                )
            self._delete(kept, token, retain)

    def events(self, stack: str, *, since: str | None = None) -> Sequence[StackEvent]:
        with self._called("DescribeStackEvents"):
            kept = self._find(stack, gone=True)
            if kept is None:
                raise self._refusal("DescribeStackEvents", f"Stack [{stack}] does not exist")
            due = [event for event in kept.events if event.at <= self.clock.now()]
            marks = [number for number, event in enumerate(due) if event.id == since]
            return due[marks[0] + 1 :] if marks else due

    def operation_failures(self, operation: str) -> Sequence[StackEvent]:
        with self._called("DescribeEvents"):
            failed = [event for kept in self._kept.values() for event in kept.events if event.failed]
            mine = [event for event in [*failed, *self.failures] if event.operation_id == operation]
            return sorted(mine, key=lambda event: event.at)

    def newest_event(self, stack: str) -> str | None:
        found = self.events(stack)
        return found[-1].id if found else None

    def resources(self, stack: str) -> Sequence[StackResource]:
        with self._called("ListStackResources"):
            return list(self._there("ListStackResources", stack).resources.values())

    def template(self, stack: str) -> str:
        with self._called("GetTemplate"):
            return self._there("GetTemplate", stack).template

    def set_protection(self, stack: str, *, on: bool) -> None:
        with self._called("UpdateTerminationProtection"):
            kept = self._there("UpdateTerminationProtection", stack)
            kept.stack = replace(kept.stack, protected=on)

    def cancel_update(self, stack: str, *, token: str) -> None:
        with self._called("CancelUpdateStack"):
            kept = self._find(stack)
            if kept is None or self._now(kept).status != "UPDATE_IN_PROGRESS":
                raise self._refusal("CancelUpdateStack", "CancelUpdateStack cannot be called from current stack status")
            kept.events = [event for event in kept.events if event.at <= self.clock.now()]
            if kept.before:
                kept.template, kept.outputs, old = kept.before
                kept.stack = replace(kept.stack, parameters=old.parameters, tags=old.tags)
            self._roll_back(kept, "UPDATE", "User Initiated", 1, token, False)

    def continue_rollback(
        self, stack: str, *, token: str, skip: Sequence[str] = (), role_arn: str | None = None
    ) -> None:
        with self._called("ContinueUpdateRollback"):
            kept = self._expected("ContinueUpdateRollback", stack, "UPDATE_ROLLBACK_FAILED")
            blocked = [name for name in self.fail if name not in skip]
            self._settle(kept, "UPDATE_ROLLBACK", "FAILED" if blocked else "COMPLETE", token)

    def roll_back(self, stack: str, *, token: str, role_arn: str | None = None) -> None:
        with self._called("RollbackStack"):
            kept = self._expected("RollbackStack", stack, "CREATE_FAILED", "UPDATE_FAILED")
            prefix = "ROLLBACK" if self._now(kept).status == "CREATE_FAILED" else "UPDATE_ROLLBACK"
            self._settle(kept, prefix, "COMPLETE", token)

    def stack_policy(self, stack: str) -> str:
        with self._called("GetStackPolicy"):
            return self._there("GetStackPolicy", stack).policy

    def set_stack_policy(self, stack: str, body: str) -> None:
        with self._called("SetStackPolicy"):
            kept = self._there("SetStackPolicy", stack)
            try:
                json.loads(body)
            except ValueError:
                raise self._refusal("SetStackPolicy", "Error validating stack policy: Invalid stack policy") from None
            kept.policy = body

    # How it works

    def _there(self, operation: str, stack: str) -> _Kept:
        kept = self._find(stack, gone=True)
        if kept is None:
            raise self._refusal(operation, f"Stack [{stack}] does not exist")
        return kept

    def _expected(self, operation: str, stack: str, *statuses: str) -> _Kept:
        kept = self._find(stack)
        if kept is None or self._now(kept).status not in statuses:
            raise self._refusal(operation, f"Stack [{stack}] is not in one of {statuses}")
        return kept

    def _settle(self, kept: _Kept, prefix: str, end: str, token: str) -> None:
        name, arn = kept.stack.name, kept.stack.arn
        self._begin()
        self._tell(kept, name, arn, STACK_TYPE, f"{prefix}_IN_PROGRESS", 0, "User Initiated", token)
        for logical, reason in self.fail.items() if end == "FAILED" else ():
            row = kept.resources[logical]
            self._tell(kept, logical, row.physical_id, row.type, "UPDATE_FAILED", 1, reason, token)
        self._tell(kept, name, arn, STACK_TYPE, f"{prefix}_{end}", self.seconds, "", token)

    def _called(self, operation: str) -> threading.RLock:
        with self._lock:
            self.calls.append(operation)
            if self.trouble.get(operation):
                raise self.trouble[operation].pop(0)
        return self._lock

    def _with_template(self, request: ChangeSetRequest) -> ChangeSetRequest:
        if len(request.template.encode()) > BODY_BYTES:
            what = "1 validation error detected: Value '...' at 'templateBody' failed to satisfy constraint: "
            raise self._refusal("CreateChangeSet", f"{what}Member must have length less than or equal to {BODY_BYTES}")
        kept = self._find(request.stack_name) if request.previous_template else None
        if kept is not None:
            values = {name: kept.stack.parameters[name] for name in request.previous_parameters}
            return replace(request, template=kept.template, parameters={**values, **request.parameters})
        return replace(request, template=self.fetch(request.template_url)) if request.template_url else request

    def _refusal(self, operation: str, message: str) -> AwsError:
        return AwsError(f"{operation}: {message} (ValidationError)", operation=operation, code="ValidationError")

    def _arn(self, name: str) -> str:
        self._number += 1
        return f"arn:aws:cloudformation:{self.region}:{ACCOUNT}:stack/{name}/{self._number:08d}"

    def _find(self, name: str, *, gone: bool = False) -> _Kept | None:
        if name.startswith("arn:"):
            return self._kept.get(name)
        found = [kept for kept in self._kept.values() if kept.stack.name == name]
        alive = [kept for kept in found if self._now(kept).status != "DELETE_COMPLETE"]
        chosen = alive or (found if gone else [])
        return chosen[-1] if chosen else None

    def _set(self, operation: str, arn: str) -> tuple[ChangeSetRequest, ChangeSet]:
        if arn not in self._sets:
            raise AwsError(f"{operation}: ChangeSet [{arn}] does not exist", code="ChangeSetNotFound")
        return self._sets[arn]

    def _now(self, kept: _Kept) -> Stack:
        """The stack as its due events leave it."""
        due = [event for event in kept.events if event.of_stack and event.at <= self.clock.now()]
        status = due[-1].status if due else kept.stack.status
        settled = status.endswith("_COMPLETE")
        operations = tuple(dict.fromkeys(event.operation_id for event in reversed(due) if event.operation_id))
        return replace(kept.stack, status=status, outputs=kept.outputs if settled else (), operations=operations[:2])

    def _planned(self, request: ChangeSetRequest, kept: _Kept) -> ChangeSet:
        self._number += 1
        arn = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:changeSet/{request.name}/{self._number}"
        changes = self._changes(request, kept)
        alike = dict(request.tags) == dict(kept.stack.tags) and _same_outputs(request, kept.template)
        same = request.type == "UPDATE" and not changes and alike
        failed = same or self.early
        reason = NO_CHANGES if same else "The following hook(s)/validation failed" if self.early else ""
        return ChangeSet(
            arn, request.name, kept.stack.arn,
            "FAILED" if failed else "CREATE_COMPLETE", "UNAVAILABLE" if failed else "AVAILABLE", reason,
            tuple(changes), request.parameters, description=request.description,
            on_failure=request.on_failure,
        )  # fmt: skip

    def _changes(self, request: ChangeSetRequest, kept: _Kept) -> list[ResourceChange]:
        new, old = _resources(request.template), _resources(kept.template)
        if request.type == "IMPORT":
            # Like AWS, which takes nothing but what is named into the stack.
            same = {name: row for name, row in new.items() if name in old}
            if same != old or new.keys() - old.keys() != {row.logical_id for row in request.imports}:
                raise self._refusal("CreateChangeSet", "Resources [...] were modified or not identified")
            return [
                ResourceChange("Import", row.logical_id, row.type, "|".join(row.identifier.values()))
                for row in request.imports
            ]
        moved = dict(request.parameters) != dict(kept.stack.parameters) and bool(kept.template)
        found = [ResourceChange("Add", name, row["Type"]) for name, row in new.items() if name not in old]
        found += [
            ResourceChange(
                "Modify",
                name,
                row["Type"],
                kept.resources[name].physical_id,
                "True" if name in self.replaces else "False",
            )
            for name, row in new.items()
            if name in old and (row != old[name] or moved)
        ]
        return found + [ResourceChange("Remove", name, row["Type"]) for name, row in old.items() if name not in new]

    def _run(
        self, kept: _Kept, request: ChangeSetRequest, change_set: ChangeSet, verb: str, token: str, keep: bool
    ) -> None:
        name, arn = kept.stack.name, kept.stack.arn
        self._begin()
        self._tell(kept, name, arn, STACK_TYPE, f"{verb}_IN_PROGRESS", 0, "User Initiated", token)
        at, failed = 1.0, ""
        for change in change_set.changes:
            failed = self._step(kept, change, at, token)
            if failed:
                break
            at += self.durations.get(change.logical_id, self.seconds)
        if failed:
            at = self._roll_back(kept, verb, failed, at + self.seconds, token, keep)
            return
        if self.leaves and verb == "UPDATE":
            at = self._clean_up(kept, at, token)
        self._tell(kept, name, arn, STACK_TYPE, f"{verb}_COMPLETE", at, "", token)
        kept.before = kept.template, kept.outputs, kept.stack
        kept.template = request.template
        kept.outputs = _outputs(request)
        kept.stack = replace(
            kept.stack,
            parameters=dict(request.parameters),
            tags=dict(request.tags),
            notification_arns=tuple(request.notification_arns),
            # A request without a role keeps that of the stack.
            role_arn=request.role_arn or kept.stack.role_arn,
        )

    def _clean_up(self, kept: _Kept, at: float, token: str) -> float:
        """What an update replaced is deleted, as far as that goes; `leaves` says of which an old one stays, and why."""
        name, arn = kept.stack.name, kept.stack.arn
        self._tell(kept, name, arn, STACK_TYPE, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", at, "", token)
        for logical, reason in self.leaves.items():
            status = "DELETE_FAILED" if reason else "DELETE_SKIPPED"
            self._tell(kept, logical, f"old-{logical.lower()}", "X::Y::Z", status, at + self.seconds, reason, token)
        return at + self.seconds + 1

    def _step(self, kept: _Kept, change: ResourceChange, at: float, token: str) -> str:
        """Reason of the failure, empty when it went well."""
        took = self.durations.get(change.logical_id, self.seconds)
        verb = {"Add": "CREATE", "Modify": "UPDATE", "Remove": "DELETE", "Import": "IMPORT"}[change.action]
        physical = change.physical_id or f"{kept.stack.name}-{change.logical_id.lower()}"
        self._tell(kept, change.logical_id, physical, change.type, f"{verb}_IN_PROGRESS", at, "", token)
        reason = self.fail.get(change.logical_id, "")
        status = f"{verb}_FAILED" if reason else f"{verb}_COMPLETE"
        self._tell(kept, change.logical_id, physical, change.type, status, at + took, reason, token)
        if change.action == "Remove":
            kept.resources.pop(change.logical_id, None)
        elif not reason:
            kept.resources[change.logical_id] = StackResource(change.logical_id, change.type, status, physical)
        return reason

    def _roll_back(self, kept: _Kept, verb: str, reason: str, at: float, token: str, keep: bool) -> float:
        name, arn = kept.stack.name, kept.stack.arn
        if keep:
            self._tell(kept, name, arn, STACK_TYPE, f"{verb}_FAILED", at, reason, token)
            return at
        prefix = {"CREATE": "", "UPDATE": "UPDATE_", "IMPORT": "IMPORT_"}[verb]
        failed = "The following resource(s) failed to create: [X]. Rollback requested by user."
        said = reason if reason == "User Initiated" else failed
        self._begin()
        # AWS gives rollback events a token of its own in some cases, so nothing may depend on it.
        self._tell(kept, name, arn, STACK_TYPE, f"{prefix}ROLLBACK_IN_PROGRESS", at, said, "")
        self._tell(kept, name, arn, STACK_TYPE, f"{prefix}ROLLBACK_COMPLETE", at + self.seconds, "", "")
        return at + self.seconds

    def _delete(self, kept: _Kept, token: str, retain: Sequence[str]) -> None:
        name, arn = kept.stack.name, kept.stack.arn
        if self._now(kept).status == "REVIEW_IN_PROGRESS":
            del self._kept[arn]
            return
        self._begin()
        self._tell(kept, name, arn, STACK_TYPE, "DELETE_IN_PROGRESS", 0, "User Initiated", token)
        failed, at = [], 1.0
        for row in list(kept.resources.values()):
            reason = "" if row.logical_id in retain else self.fail.get(row.logical_id, "")
            status = "DELETE_FAILED" if reason else "DELETE_SKIPPED" if row.logical_id in retain else "DELETE_COMPLETE"
            self._tell(kept, row.logical_id, row.physical_id, row.type, status, at, reason, token)
            failed += [row.logical_id] if reason else []
            at += self.seconds
        end, why = (
            ("DELETE_FAILED", f"The following resource(s) failed to delete: {failed}.")
            if failed
            else ("DELETE_COMPLETE", "")
        )
        self._tell(kept, name, arn, STACK_TYPE, end, at, why, token)

    def _begin(self) -> None:
        """Another operation: on AWS a rollback that starts by itself is one too."""
        self._number += 1
        self._operation = f"operation-{self._number}"

    def _tell(
        self, kept: _Kept, logical: str, physical: str, kind: str, status: str, after: float, reason: str, token: str
    ) -> None:
        self._number += 1
        at = self.clock.now() + timedelta(seconds=0 if self.at_once else after)
        kept.events.append(
            StackEvent(
                f"event-{self._number}",
                kept.stack.arn,
                kept.stack.name,
                logical,
                physical,
                kind,
                status,
                at,
                reason,
                token,
                self._operation,
            )
        )


@cache
def _parsed(template: str) -> Any:
    """The same text is asked for again and again, by many stacks, and never changed."""
    return read_template(template, "template").value


def _resources(template: str) -> dict[str, Any]:
    value = _parsed(template) if template else None
    return dict(value["Resources"]) if value and isinstance(value["Resources"], Mapping) else {}


def _same_outputs(request: ChangeSetRequest, template: str) -> bool:
    """Outputs alone are a change to CloudFormation, which has no resource in it then."""
    new, old = (_parsed(text) if text else {} for text in (request.template, template))
    return not (new and old) or new.get("Outputs") == old.get("Outputs")


def _outputs(request: ChangeSetRequest) -> tuple[Output, ...]:
    value = _parsed(request.template)
    known = {"AWS::StackName": request.stack_name, "AWS::Region": REGION}
    defaults = {name: str(row.get("Default", "")) for name, row in value.get("Parameters", {}).items()}
    known |= defaults | dict(request.parameters)
    found = []
    for key, row in value.get("Outputs", {}).items():
        shown = row["Value"]
        text = str(known.get(shown["Ref"], shown["Ref"]) if isinstance(shown, Mapping) and "Ref" in shown else shown)
        export = str(row.get("Export", {}).get("Name", {}).get("Fn::Sub", "")) if "Export" in row else ""
        found.append(Output(key, text, export.replace("${AWS::StackName}", request.stack_name)))
    return tuple(found)
