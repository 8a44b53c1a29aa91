"""What changes inside of nested stacks whose templates can be read, under the names `Parent/Child`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.resource_types import LOCATIONS
from aurora_cfn.model.value import member
from aurora_cfn.review.added_and_removed import renamed
from aurora_cfn.review.nested_effects import (
    at_another_address,
    content,
    hiding,
    judged_inside,
    keeping,
    named,
    passed,
    perhaps,
    summary,
    with_effects,
)
from aurora_cfn.review.nested_parameters import missing_outputs, refused_parameters
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import masked, scalar
from aurora_cfn.template.nested import NestedSides, moved_outputs, nests
from aurora_cfn.template.resources import RETAINING, resources
from aurora_cfn.template.side import EMPTY, Side


@dataclass(frozen=True, slots=True)
class Compared:
    """The changes between two sides, the sides, and what is replaced in them (True: only maybe)."""

    changes: tuple[Change, ...]
    sides: tuple[Evaluator, Evaluator]
    replaced: Mapping[str, bool]


Compare = Callable[[Side, Side], Compared]


@dataclass(frozen=True, slots=True)
class Inside:
    """The changes in one nested stack that is on both sides, and its outputs that get another value."""

    changes: tuple[Change, ...]
    outputs: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class NestedStacks:
    """The nested stacks of both sides; `compare` finds the changes between two templates."""

    before: NestedSides
    after: NestedSides
    compare: Compare

    def inside(self, moved: Mapping[str, bool]) -> dict[str, Inside]:
        """What changes in those that are on both sides and can be read there.

        `moved` are the resources of the parent that are replaced, and outputs of nested stacks with another value.
        """
        both = [name for name in self.after.names if name in self.before.rows.names]
        found = ((name, self._inside(name, moved)) for name in both)
        return {name: inside for name, inside in found if inside is not None}

    def _inside(self, name: str, moved: Mapping[str, bool]) -> Inside | None:
        if self.before.rows[name].type != self.after.rows[name].type:
            return None
        left, right = self.before.side(name, {}), self.after.side(name, moved)
        if left is None or right is None:
            return None
        if _same(left, right):
            return Inside((), {})
        found = self.compare(left, right)
        outputs = moved_outputs(*found.sides, found.replaced)
        return Inside(
            tuple(named(row, name) for row in found.changes if _matters(row)),
            {f"{name}.Outputs.{key}": maybe for key, maybe in outputs},
        )

    def judged(self, found: Iterable[Change], inside: Mapping[str, Inside]) -> Iterator[Change]:
        """The changes of the parent, those of nested stacks followed by what changes in them."""
        done: set[str] = set()
        for change in found:
            done.add(change.logical_id)
            # The old name of a renamed one is in `renamed_from`.
            yield from self._judged(change, inside) if change.section == "Resources" else (change,)
        for name, one in inside.items():
            if name not in done and one.changes:
                yield from (self._under_the_same_address(name, one), *one.changes)

    def _judged(self, change: Change, inside: Mapping[str, Inside]) -> Iterator[Change]:
        name = change.logical_id
        if change.kind == "modify" and name in inside:
            yield self._modified(change, inside[name])
            yield from inside[name].changes
            yield from self._may_go(change)
        elif change.kind == "modify" and change.type in LOCATIONS and self._is_same_content(name):
            yield with_effects(change, [at_another_address(effect) for effect in change.effects])
        elif change.kind == "add" and change.type in LOCATIONS:
            yield from self._added(change)
        elif change.kind == "remove" and change.type in LOCATIONS:
            yield from self._removed(change)
        elif change.kind == "rename" and change.type in LOCATIONS:
            yield from self._renamed(change)
        else:
            yield change

    def _modified(self, change: Change, inside: Inside) -> Change:
        """The change of a nested stack, with what is inside in place of what is not seen."""
        hidden, path = self._no_echo(change.logical_id), self._path(change.logical_id)
        verdict = Verdict.IN_PLACE if inside.changes else Verdict.METADATA
        own = [passed(hiding(effect, hidden), verdict, path) for effect in change.effects]
        if own != [*change.effects]:
            own.append(Effect(verdict, summary(path, inside.changes), line=change.line))
        own = [self._judged_condition(effect, change) for effect in own]
        return with_effects(change, [*own, *self._faults(change.logical_id)])

    def _judged_condition(self, effect: Effect, change: Change) -> Effect:
        """The effect of a condition that may not hold any more, without the data, which the resources inside have."""
        side = self.before.side(change.logical_id, {})
        if side is None or not self._goes_by_condition(effect, change):
            return effect
        lead = "its condition changed and is not known here; where it does not hold, it is deleted"
        words = f"{lead} with {content(side)}, each by its own DeletionPolicy"
        return replace(effect, verdict=Verdict.REPLACE, sentence=words, remedy="", guarded=False)

    def _goes_by_condition(self, effect: Effect, change: Change) -> bool:
        kept = self.before.rows[change.logical_id].policy("DeletionPolicy") in RETAINING
        return effect.key == "Condition" and effect.guarded and not kept

    def _may_go(self, change: Change) -> Iterator[Change]:
        """What is deleted with a nested stack whose condition may not hold any more."""
        side = self.before.side(change.logical_id, {})
        if side is not None and any(self._goes_by_condition(effect, change) for effect in change.effects):
            yield from map(perhaps, self._loud(change.logical_id, self.compare(side, EMPTY).changes))

    def _is_same_content(self, name: str) -> bool:
        found = self.after.identity(name)
        return bool(found) and found == self.before.identity(name)

    def _under_the_same_address(self, name: str, inside: Inside) -> Change:
        """The change of a nested stack of which only the template changed, which CloudFormation sees in an update."""
        resource, found = self.after.rows[name], self.after.template(name)
        assert found is not None
        side = self.after.evaluator.side
        key = LOCATIONS[resource.type]
        when = "with the packaged file" if found.local else "after the file was uploaded"
        sentence = f"{summary(found.side.path, inside.changes)}; they come when this stack is deployed {when}"
        shown, line = masked(resource.properties.get(key)), side.line(("Resources", name, "Properties", key))
        effect = Effect(Verdict.IN_PLACE, sentence, f"Properties.{key}", before=shown, after=shown, line=line)
        change = Change("modify", "Resources", name, (effect,), resource.type, path=side.path, line=resource.line)
        return with_effects(change, [effect, *self._faults(name)])

    def _added(self, change: Change) -> Iterator[Change]:
        side = self.after.side(change.logical_id, {})
        if side is None:
            yield change
            return
        words = f"it is created with {content(side)}"
        if not self.after.rows[change.logical_id].certain:
            words = f"it may be created, as its condition is not known here, with {content(side)}"
        effects = [replace(one, sentence=words) if one.verdict and not one.key else one for one in change.effects]
        yield with_effects(change, [*effects, *self._faults(change.logical_id)])
        yield from self._loud(change.logical_id, self.compare(EMPTY, side).changes)

    def _removed(self, change: Change) -> Iterator[Change]:
        resource = self.before.rows[change.logical_id]
        side = self.before.side(change.logical_id, {})
        if side is None or resource.policy("DeletionPolicy") in RETAINING:
            yield change
            return
        maybe = not resource.certain
        words = "it may be removed, as its condition is not known here" if maybe else "it is deleted"
        yield judged_inside(change, f"{words} with {content(side)}, each by its own DeletionPolicy")
        found = self.compare(side, EMPTY).changes
        yield from (perhaps(row) if maybe else row for row in self._loud(change.logical_id, found))

    def _renamed(self, change: Change) -> Iterator[Change]:
        """A new nested stack is created, and the old one is deleted with what is inside."""
        old, new = change.renamed_from, change.logical_id
        left, right = self.before.side(old, {}), self.after.side(new, {})
        if left is None or right is None or self.before.rows[old].policy("DeletionPolicy") in RETAINING:
            yield change
            return
        lead = f"the logical id {old} became {new}, so another nested stack is created"
        words = f"{lead}, and the old one is deleted with {content(left)}, each by its own DeletionPolicy"
        row = judged_inside(change, words, f"keep the logical id {old}")
        yield with_effects(row, [*row.effects, *self._faults(new)])
        below, above = resources(Evaluator(left)), resources(Evaluator(right))
        same = (name for name in below if name in above and below[name].type == above[name].type)
        both = {name for name in same if below[name].type not in LOCATIONS}
        for name in sorted(both):
            # With its whole name in the sentence: inside of the stack its logical id is the same as before.
            one = replace(below[name], logical_id=f"{old}/{name}")
            found = renamed(one, replace(above[name], logical_id=f"{new}/{name}"), right)
            if found.guarded or found.fails:
                yield keeping(found, old)
        gone = (row for row in self.compare(left, EMPTY).changes if row.logical_id not in both)
        yield from self._loud(old, gone)

    def _loud(self, name: str, found: Iterable[Change]) -> Iterator[Change]:
        """What a reader must see of a nested stack that comes or goes as a whole."""
        loud = (row for row in found if row.guarded or row.alert)
        return (named(row, name) for row in loud if row.section in {"Resources", "Outputs"} or row.fails)

    def _faults(self, name: str) -> list[Effect]:
        """What CloudFormation refuses of the values given to the nested stack, and of the outputs read from it."""
        found, resource = self.after.template(name), self.after.rows[name]
        if found is None:
            return []
        here = self.after.evaluator.side
        rows = [*refused_parameters(found.side, resource, here), *missing_outputs(found.side, name, here)]
        # Only what is packaged is surely the file of the repository.
        maybe = not found.local or not resource.certain
        return [replace(one, maybe=maybe) for one in rows]

    def _path(self, name: str) -> str:
        found = self.after.template(name)
        return found.side.path if found else ""

    def _no_echo(self, name: str) -> frozenset[str]:
        templates = (sides.template(name) for sides in (self.before, self.after))
        rows = [found.side.section("Parameters") for found in templates if found]
        return frozenset(
            key for row in rows for key, declared in row.items() if scalar(member(declared, "NoEcho")) == "true"
        )


def seen_inside(before: Side, after: Side) -> frozenset[str]:
    """The nested stacks whose templates can be read on both sides, so that what changes in them is known."""
    left, right = (NestedSides(Evaluator(side)) for side in (before, after))
    both = [name for name in right.names if name in left.names]
    return frozenset(name for name in both if left.template(name) and right.template(name))


def _same(left: Side, right: Side) -> bool:
    """Whether nothing can differ: one template with the same values, without nested stacks of its own."""
    alike = left.template == right.template and left.parameters == right.parameters
    return alike and not nests(resources(Evaluator(right)))


def _matters(change: Change) -> bool:
    """Not what the parent says already, its parameters, and not the words of the template."""
    if change.section in {"Parameters", "Stack"}:
        return False
    return change.section != "Template" or change.alert or change.outcome > Verdict.METADATA
