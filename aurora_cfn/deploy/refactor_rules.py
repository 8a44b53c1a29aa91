"""What CloudFormation refuses in a stack refactor, found before it is asked; pure functions over both templates.

CloudFormation User Guide, "Stack refactoring", considerations (read 2026-11-28): no resource is created, deleted or
changed; parameters, conditions and mappings stay; no stack policy of any kind; no pseudo parameter that differs
between the two stacks; no stack without resources; some types not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from aurora_cfn.errors import Complaint
from aurora_cfn.facts.refactor_types import is_unsupported
from aurora_cfn.model.change import Change
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.stack import Stack, StackResource
from aurora_cfn.model.stack_refactor import ResourceMove
from aurora_cfn.model.value import Value, member
from aurora_cfn.review.changes import changes
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.mentions import mentioned
from aurora_cfn.template.other_names import with_names
from aurora_cfn.template.parsed import section_of
from aurora_cfn.template.side import Side
from aurora_cfn.yamltext import Document

FIXED = ("Parameters", "Mappings", "Conditions")
"""Sections that may not change, not even by an addition."""
OF_THE_STACK = frozenset({"AWS::StackName", "AWS::StackId", "AWS::NotificationARNs"})
"""Pseudo parameters that differ between two stacks of an account and region."""
IMPORT = "Fn::ImportValue"
Template = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class RefactorSide:
    """One stack: as deployed, and as the project's template at `entry.template_file` has it."""

    entry: EnvironmentStack
    stack: Stack
    deployed: Template
    wanted: Template
    document: Document
    resources: Mapping[str, StackResource]
    policy: str = ""

    def line(self, *path: str) -> int:
        """The line of that key in the project's template."""
        return self.document.line(path)

    def has(self, logical_id: str) -> bool:
        """Whether the deployed stack has the resource."""
        found = self.resources.get(logical_id)
        return found is not None and found.exists


Sides = Mapping[str, RefactorSide]
"""Both stacks, or the one, by their full names."""


def is_done(sides: Sides, moves: Sequence[ResourceMove]) -> bool:
    """Whether every resource is already where it is wanted, as after an earlier run."""
    return all(
        not sides[move.source.stack].has(move.source.logical_id)
        and sides[move.destination.stack].has(move.destination.logical_id)
        for move in moves
    )


def wrong_names(sides: Sides, moves: Sequence[ResourceMove]) -> list[Complaint]:
    """What is wrong with the logical ids of the command line, against the deployed and the project's templates."""
    return [one for move in moves for one in _wrong(sides, move)]


def _wrong(sides: Sides, move: ResourceMove) -> Iterator[Complaint]:
    source, destination = sides[move.source.stack], sides[move.destination.stack]
    old, new = move.source.logical_id, move.destination.logical_id
    if not source.has(old):
        close = get_close_matches(old, source.resources, 1)
        hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(sorted(source.resources))}"
        yield Complaint(f"the deployed stack {source.stack.name} has no resource {old}", hint=hint)
    if destination.has(new):
        yield Complaint(f"the deployed stack {destination.stack.name} has a resource {new} already")
    path = destination.entry.template_file
    if new not in _resources(destination.wanted):
        what = f"the template has no resource {new}: write it there first (in the blueprint, where it is rendered)"
        yield Complaint(what, path, destination.line("Resources"))
    if old in _resources(source.wanted):
        what = f"the template still has {old}: give it its new name there first, or take it out"
        yield Complaint(what, source.entry.template_file, source.line("Resources", old))


def refusals(sides: Sides, moves: Sequence[ResourceMove]) -> list[str]:
    """Why CloudFormation would refuse, a sentence each; empty when no reason is known."""
    found = [*_policies(sides), *_types(sides, moves), *_pseudo_parameters(sides, moves), *_empty(sides)]
    found += _left_references(sides, moves)
    return [*found, *_sections(sides), *_other_changes(sides, moves)]


def _policies(sides: Sides) -> Iterator[str]:
    for side in sides.values():
        if side.policy:
            yield (
                f"{side.stack.name} has a stack policy: CloudFormation refactors no stack with one, whatever it "
                "allows, and a policy cannot be removed. To rename anyway: deploy with `DeletionPolicy: Retain`; "
                "deploy without the resource (`--allow-replace ID`); write it under its new name with the name that it "
                "has in AWS (such as DBClusterIdentifier), or a later deployment makes a new one; `aurora-cfn import`"
            )


def _types(sides: Sides, moves: Sequence[ResourceMove]) -> Iterator[str]:
    for move in moves:
        row = sides[move.source.stack].resources[move.source.logical_id]
        if is_unsupported(row.type):
            yield f"{row.logical_id}: a stack refactor does not support {row.type}"


def _pseudo_parameters(sides: Sides, moves: Sequence[ResourceMove]) -> Iterator[str]:
    for move in moves:
        if move.renames:
            continue
        side = sides[move.destination.stack]
        found = sorted(OF_THE_STACK & set(mentioned(_resources(side.wanted)[move.destination.logical_id])))
        if found:
            where = f"{side.entry.template_file}:{side.line('Resources', move.destination.logical_id)}"
            yield f"{where}: {move.destination.logical_id} uses {', '.join(found)}, which differs in the other stack"


def _left_references(sides: Sides, moves: Sequence[ResourceMove]) -> Iterator[str]:
    """What still refers to a logical id that its template no longer has."""
    for move in moves:
        side, old = sides[move.source.stack], move.source.logical_id
        for section in ("Resources", "Outputs"):
            for name, row in section_of(side.wanted, section).items():
                depends = member(row, "DependsOn")
                if old in mentioned(row) or depends == old or (isinstance(depends, list) and old in depends):
                    where = f"{side.entry.template_file}:{side.line(section, name)}"
                    yield f"{where}: {name} still refers to {old}, which the template does not have any more"


def _empty(sides: Sides) -> Iterator[str]:
    for side in sides.values():
        if not _resources(side.wanted):
            yield f"{side.stack.name} would have no resource left: leave or add one first"


def _sections(sides: Sides) -> Iterator[str]:
    for side in sides.values():
        for section in FIXED:
            if section_of(side.deployed, section) != section_of(side.wanted, section):
                where = f"{side.entry.template_file}:{side.line(section)}"
                yield f"{where}: {section} differ from the deployed ones: deploy that change by itself"


def _other_changes(sides: Sides, moves: Sequence[ResourceMove]) -> Iterator[str]:
    """What else differs: what would be deployed today under the new names, against the project's templates."""
    exports = _exports(sides)
    for name, side in sides.items():
        expected = _expected(side, name, moves)
        wanted = _with_imports(side, exports)
        for change in changes(_side(side, expected), _side(side, wanted)):
            if change.section == "Resources" and not _arrived(change, name, moves):
                yield _sentence(side, change)
    for move in moves:
        if not move.renames:
            yield from _moved(sides, move, exports)


def _expected(side: RefactorSide, name: str, moves: Sequence[ResourceMove]) -> Template:
    """The deployed template under the new names, without what leaves the stack; what it takes in is not in it."""
    names = {move.source.logical_id: move.destination.logical_id for move in moves if move.source.stack == name}
    leaving = {move.destination.logical_id for move in moves if move.source.stack == name and not move.renames}
    found = with_names(side.deployed, names)
    return {**found, "Resources": {key: row for key, row in _resources(found).items() if key not in leaving}}


def _arrived(change: Change, name: str, moves: Sequence[ResourceMove]) -> bool:
    """Whether the change is that a moved resource comes into the stack."""
    arriving = {m.destination.logical_id for m in moves if m.destination.stack == name and not m.renames}
    return change.kind == "add" and change.logical_id in arriving


def _moved(sides: Sides, move: ResourceMove, exports: Mapping[str, Value]) -> Iterator[str]:
    """What is different about the resource in its new stack, with the values of either stack's parameters."""
    source, destination = sides[move.source.stack], sides[move.destination.stack]
    new = move.destination.logical_id
    before = with_names(source.deployed, {move.source.logical_id: new})
    after = _with_imports(destination, exports)
    pair = [
        _side(side, {**template, "Resources": {new: _resources(template)[new]}, "Outputs": {}})
        for side, template in ((source, before), (destination, after))
    ]
    # The names of the stacks differ, and what uses them was found above.
    for change in changes(pair[0], pair[1]):
        if change.section == "Resources":
            yield _sentence(destination, change)


def _sentence(side: RefactorSide, change: Change) -> str:
    effect = change.effects[0]
    key = f"{change.logical_id}.{effect.key}" if effect.key else change.logical_id
    where = f"{side.entry.template_file}:{effect.line or change.line}"
    verb = {"add": "is new", "remove": "is missing"}.get(change.kind, "differs from the deployed one")
    return f"{where}: {key} {verb}: a refactor changes nothing else, so deploy that before or after it"


def _exports(sides: Sides) -> dict[str, Value]:
    """By name, the references to resources that the templates export."""
    found: dict[str, Value] = {}
    for side in sides.values():
        evaluator = Evaluator(_side(side, side.wanted))
        for row in section_of(side.wanted, "Outputs").values():
            name = evaluator.value(member(row, "Export", "Name"))
            if isinstance(name, str):
                found[name] = row.get("Value")
    return found


def _with_imports(side: RefactorSide, exports: Mapping[str, Value]) -> Template:
    """The project's template in which each import from the other template is what that one exports.

    So a reference that became an import, as a moved resource leaves it, is no difference.
    """
    evaluator = Evaluator(_side(side, side.wanted))

    def followed(value: Value) -> Value:
        if isinstance(value, list):
            return [followed(item) for item in value]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1 and IMPORT in value:
            name = evaluator.value(value[IMPORT])
            return exports.get(name, value) if isinstance(name, str) else value
        return {key: followed(item) for key, item in value.items()}

    return {**side.wanted, "Resources": followed(_resources(side.wanted))}


def _side(side: RefactorSide, template: Template) -> Side:
    """The template with the parameters of the deployed stack, which a refactor keeps."""
    stack = side.stack
    return Side(
        template, stack.parameters, {}, side.document.lines, side.entry.template_file, stack.name, stack.region,
        stack.account,
    )  # fmt: skip


def _resources(template: Template) -> Mapping[str, Value]:
    return section_of(template, "Resources")
