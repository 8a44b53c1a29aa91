"""What stacks would be after a refactor, and why CloudFormation would refuse it. The sentences are ours."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ministack.services.cloudformation import _exports, _stacks, engine, helpers

# ministack's own, without the check of `operations` that exports of others are not overwritten: exports may move.
from ministack.services.cloudformation.stacks import _resolve_stack_outputs

from aurora_cfn.facts.refactor_types import is_unsupported
from aurora_cfn.model.stack import stack_name_of

READY = frozenset(
    {
        "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE",
    }
)  # fmt: skip
# CloudFormation User Guide, "Stack refactoring", considerations.
MOST_STACKS = 5
FIXED = ("Parameters", "Mappings", "Conditions")
MOVABLE = ("Properties", "DependsOn", "Metadata")
"""Attributes of a resource that are compared with their values, or not at all."""
Place = tuple[str, str]


@dataclass(slots=True)
class Version:
    """One stack as it would be afterwards."""

    name: str
    body: str
    template: dict[str, Any]
    conditions: dict[str, Any] = field(default_factory=dict)
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    exports: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Refactor:
    """One refactor, by its id in `_refactors`; `moves` maps the old place of each resource to the new one."""

    id: str
    description: str
    stacks: list[str]
    moves: dict[Place, Place] = field(default_factory=dict)
    mapped: set[Place] = field(default_factory=set)
    versions: list[Version] = field(default_factory=list)
    status: str = "CREATE_COMPLETE"
    reason: str = ""
    execution: str = "AVAILABLE"
    execution_reason: str = ""


def members(parameters: Any, prefix: str) -> Iterator[dict[str, str]]:
    """The entries of a list parameter, each with dotted keys below `prefix.member.N.`."""
    found: dict[int, dict[str, str]] = {}
    pattern = re.compile(re.escape(prefix) + r"\.member\.(\d+)\.(.+)")
    for key, value in parameters.items():
        match = pattern.fullmatch(key)
        if match:
            found.setdefault(int(match[1]), {})[match[2]] = value[0] if isinstance(value, list) else value
    yield from (found[number] for number in sorted(found))


def stack_record(name: str) -> dict[str, Any]:
    """The emulator's record of the stack of that name or ARN, empty where there is none."""
    found: dict[str, Any] = _stacks.get(stack_name_of(name)) or {}
    return found


def stack_id(name: str) -> str:
    """The ARN of the stack, or the name where there is none."""
    return str(stack_record(name).get("StackId", name))


def validate(made: Refactor, rows: list[dict[str, str]], mappings: list[dict[str, str]]) -> None:
    """Work out the stacks afterwards. Raises ValueError with the reason for which CloudFormation refuses."""
    if len(rows) > MOST_STACKS:
        raise ValueError(f"a stack refactor takes {MOST_STACKS} stacks at most")
    made.versions = [_version(row) for row in rows]
    for version in made.versions:
        _refuse_stack(version)
    given = {_place(row, "Source"): _place(row, "Destination") for row in mappings}
    made.moves, made.mapped = _moves(made.versions, given), set(given)
    for source in made.moves:
        kind = stack_record(source[0])["_template"]["Resources"][source[1]]["Type"]
        if is_unsupported(kind):
            raise ValueError(f"Resource type {kind} of {source[1]} is not supported in a stack refactor")
    _place_resources(made)
    _refuse_changes(made)


def _version(row: dict[str, str]) -> Version:
    name = row.get("StackName", "")
    stack = stack_record(name)
    if not stack or stack.get("StackStatus") == "DELETE_COMPLETE":
        raise ValueError(f"Stack {name} does not exist")
    asked = {key: [row[key]] for key in ("TemplateBody", "TemplateURL") if key in row}
    body, refused = helpers._resolve_template(asked)
    if refused or not body:
        raise ValueError(f"the template of {name} cannot be read")
    template = engine._apply_transforms(engine._parse_template(body), [], stack.get("_resolved_params", {}))
    conditions = engine._evaluate_conditions(template, stack.get("_resolved_params", {}))
    return Version(stack["StackName"], body, template, conditions)


def _refuse_stack(version: Version) -> None:
    stack = stack_record(version.name)
    if stack["StackStatus"] not in READY:
        raise ValueError(f"Stack {version.name} is in {stack['StackStatus']} state and can not be refactored")
    if stack.get("_stack_policy"):
        raise ValueError(f"Stack {version.name} has a stack policy: stack refactor does not support stack policies")
    if not version.template.get("Resources"):
        raise ValueError(f"Stack {version.name} would be empty")
    for section in FIXED:
        if (version.template.get(section) or {}) != (stack["_template"].get(section) or {}):
            raise ValueError(f"{section} of stack {version.name} cannot change in a stack refactor")


def _place(row: dict[str, str], end: str) -> Place:
    name = row.get(f"{end}.StackName", "")
    return str(stack_record(name).get("StackName", name)), row.get(f"{end}.LogicalResourceId", "")


def _moves(versions: list[Version], given: dict[Place, Place]) -> dict[Place, Place]:
    """The mappings, and those of resources that keep their logical id in another stack."""
    gone: set[Place] = set()
    new: set[Place] = set()
    for version in versions:
        before, after = stack_record(version.name)["_template"].get("Resources", {}), version.template["Resources"]
        gone |= {(version.name, name) for name in before if name not in after}
        new |= {(version.name, name) for name in after if name not in before}
    for source, destination in given.items():
        if source not in gone or destination not in new:
            raise ValueError(f"the mapping of {'.'.join(source)} to {'.'.join(destination)} is not in the templates")
    moves = dict(given)
    for source in sorted(gone - set(given)):
        same = sorted(place for place in new - set(moves.values()) if place[1] == source[1])
        if not same:
            raise ValueError(f"Resource {source[1]} of stack {source[0]} would be deleted, which is not allowed")
        moves[source] = same[0]
    for extra in sorted(new - set(moves.values())):
        raise ValueError(f"Resource {extra[1]} of stack {extra[0]} would be created, which is not allowed")
    return moves


def _place_resources(made: Refactor) -> None:
    """Give each version its resources, outputs and exports."""
    back = {destination: source for source, destination in made.moves.items()}
    for version in made.versions:
        for name in version.template["Resources"]:
            old = back.get((version.name, name), (version.name, name))
            record = stack_record(old[0]).get("_resources", {}).get(old[1])
            if record is not None:
                version.resources[name] = {**copy.deepcopy(record), "LogicalResourceId": name}
            elif (version.name, name) in back:
                raise ValueError(f"Resource {old[1]} of stack {old[0]} does not exist")
    # Twice: stacks may import from each other, in any order of the definitions.
    with _exporting({}):
        for last in (False, True):
            for version in made.versions:
                stack = stack_record(version.name)
                try:
                    version.outputs, version.exports = _resolve_stack_outputs(
                        version.template.get("Outputs", {}), version.conditions, version.resources,
                        stack.get("_resolved_params", {}), version.template.get("Mappings", {}), version.name,
                        stack["StackId"],
                    )  # fmt: skip
                except ValueError:
                    if last:
                        raise
                _exports.update(version.exports)


@contextmanager
def _exporting(rows: dict[str, Any]) -> Iterator[None]:
    """Let these exports, and those that the block adds, be there for as long as it runs."""
    before = dict(_exports.items())
    _exports.update(rows)
    try:
        yield
    finally:
        for name in [name for name in _exports if name not in before]:
            _exports.pop(name, None)
        _exports.update(before)


def _refuse_changes(made: Refactor) -> None:
    """Raise ValueError for the first resource whose attributes or values would be others."""
    back = {destination: source for source, destination in made.moves.items()}
    afterwards = {name: row for version in made.versions for name, row in version.exports.items()}
    for version in made.versions:
        for name, row in version.template["Resources"].items():
            old_stack, old_name = back.get((version.name, name), (version.name, name))
            stack = stack_record(old_stack)
            before = stack["_template"]["Resources"][old_name]
            same = _fixed(before) == _fixed(row)
            was = _values(before, stack["_resources"], stack, stack["_template"], stack.get("_conditions") or {})
            with _exporting(afterwards):
                now = _values(row, version.resources, stack_record(version.name), version.template, version.conditions)
            if not same or was != now:
                raise ValueError(f"Resource {name} of stack {version.name} would be modified, which is not allowed")


def _fixed(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in MOVABLE}


def _values(
    row: dict[str, Any], resources: dict[str, Any], stack: dict[str, Any], template: dict[str, Any], conditions: Any
) -> Any:
    return engine._resolve_refs(
        copy.deepcopy(row.get("Properties") or {}), resources, stack.get("_resolved_params", {}), conditions,
        template.get("Mappings", {}), stack["StackName"], stack["StackId"],
    )  # fmt: skip
