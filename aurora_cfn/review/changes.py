"""The changes between two sides of a stack: by their meaning, not their text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from aurora_cfn.model.change import Change
from aurora_cfn.review import added_and_removed, data_outcome
from aurora_cfn.review.added_and_removed import renames
from aurora_cfn.review.causes import Causes
from aurora_cfn.review.exports import output_changes
from aurora_cfn.review.imports import Import, Imports
from aurora_cfn.review.modified import modified
from aurora_cfn.review.nested import Compared, NestedStacks
from aurora_cfn.review.not_judged import unseen_changes
from aurora_cfn.review.sections import alias_changes, parameter_changes, tag_changes, word_changes
from aurora_cfn.review.unchanged import unchanged
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.nested import NestedSides, nests
from aurora_cfn.template.resources import Existing, Resource, resources
from aurora_cfn.template.side import Side

_ORDER = ("Resources", "Outputs", "Parameters", "Stack", "Template")


def changes(before: Side, after: Side, imported: Iterable[Import] | Imports = ()) -> tuple[Change, ...]:
    """What the update does to the stack, worst first.

    Comments, key order, short or long intrinsics and quoting are no change. Parameters, conditions and mappings are
    followed to the properties that use them, and a replaced resource to everything that refers to it. What changes in
    nested stacks is named `Parent/Child`, as far as their templates can be read. `imported` is what other stacks
    import. Raises InputError when cfn-lint's schemas are missing.
    """
    users = imported if isinstance(imported, Imports) else Imports(imported)
    return _compared(before, after, users, frozenset()).changes


def _compared(before: Side, after: Side, users: Imports, above: frozenset[str]) -> Compared:
    """The comparison of two templates; `above` are the paths of those that they are nested in."""
    sides = Evaluator(before), Evaluator(after)
    before, after = sides[0].side, sides[1].side  # with their loops written out
    causes = Causes(*sides)
    left, right = resources(sides[0]), resources(sides[1])
    same = unchanged(*sides, "Resources")
    stacks = _nested(sides, users, above) if nests(left) or nests(right) else None
    outputs: dict[str, bool] = {}
    while True:
        found, replaced = modified(left, right, same, (before, after), causes, outputs)
        inside = stacks.inside(replaced) if stacks else {}
        moved = {name: maybe for one in inside.values() for name, maybe in one.outputs.items()}
        if moved.keys() <= outputs.keys():
            break
        # What reads an output of a nested stack may be replaced by its new value, and has outputs in turn.
        outputs |= moved
    found += _added_and_removed(left, right, before, after)
    found = [*stacks.judged(found, inside)] if stacks else found
    found += output_changes(*sides, replaced, causes, users)
    found += [*unseen_changes(*sides), *parameter_changes(*sides)]
    found += [*tag_changes(before, after), *word_changes(before, after), *alias_changes(after)]
    return Compared(tuple(sorted(found, key=_rank)), sides, replaced)


def _nested(sides: tuple[Evaluator, Evaluator], users: Imports, above: frozenset[str]) -> NestedStacks:
    outer = above | {side.side.path for side in sides if side.side.path}
    compare = partial(_compared, users=users, above=outer)
    return NestedStacks(NestedSides(sides[0], above), NestedSides(sides[1], above), compare)


def _added_and_removed(
    left: Existing[Resource], right: Existing[Resource], before: Side, after: Side
) -> Iterator[Change]:
    again = renames(left, right) if left.names != right.names else {}
    moved = frozenset(again.values())
    gone = [left[name] for name in left.names if name not in right.names and name not in moved]
    for new, old in again.items():
        yield added_and_removed.renamed(left[old], right[new], after)
    for resource in gone:
        yield added_and_removed.removed(resource, before)
    # A new resource of a type of which one with data is removed: its change says that the data is not moved.
    removed_by_type = {
        one.type: one.logical_id for one in sorted(gone, key=_name, reverse=True) if data_outcome.stateful(one)
    }
    for name in right.names:
        if name not in left.names and name not in again:
            yield added_and_removed.added(right[name], after, removed_by_type.get(right[name].type, ""))


def _name(resource: Resource) -> str:
    return resource.logical_id


def _rank(change: Change) -> tuple[tuple[int, bool, bool, bool], int, str]:
    return change.rank, _ORDER.index(change.section), change.logical_id
