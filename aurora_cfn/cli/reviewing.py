"""From two revisions to a review: which stacks to compare, with which values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from aurora_cfn.cli.project import PARAMS, TEMPLATES
from aurora_cfn.cli.review_costs import cost_panels
from aurora_cfn.cli.reviewed_environment import EnvironmentSide, environment_side
from aurora_cfn.cli.revision_sides import is_template, side_of
from aurora_cfn.cli.revisions import Revision
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.environment import AllowedReplacement
from aurora_cfn.model.review import Panel, Review, StackReview
from aurora_cfn.review import (
    EMPTY,
    Import,
    Side,
    allowed_by_flag,
    changes,
    imports,
    refusals,
    unused,
)


def reviewed(before: Revision, after: Revision, envs: Sequence[str], allow: Sequence[str], today: date) -> Review:
    """The review of all templates, or of the stacks of the environments; raises InputError for what cannot be read."""
    flags = allowed_by_flag(allow)
    stacks: list[StackReview] = []
    panels: list[Panel] = []
    if envs:
        for name in dict.fromkeys(envs):
            left, right = environment_side(before, name, lenient=True), environment_side(after, name)
            stacks += _environment(left, right, name, flags, today)
            panels += cost_panels(left, right, name)
    else:
        stacks += _templates(before, after, flags, today)
    notes = [f"--allow-replace {one.logical_id}: nothing of that name needs it" for one in _needless(stacks, flags)]
    return Review(before.label, after.label, tuple(stacks), tuple(notes), tuple(panels))


def _templates(
    before: Revision, after: Revision, flags: Sequence[AllowedReplacement], today: date
) -> Iterator[StackReview]:
    names = sorted({*before.names(TEMPLATES), *after.names(TEMPLATES)})
    if not names:
        raise InputError((Complaint("neither side has templates", f"{TEMPLATES}/", hint="aurora-cfn render"),))
    for name in names:
        if before.blobs.get(name) == after.blobs.get(name):
            continue
        if not any(is_template(revision, name) for revision in (before, after)):
            continue
        sides = side_of(before, name), side_of(after, name)
        found = _file_changes(name, sides) or _compared(sides, partial(_imported, before, name))
        yield StackReview(name, name, found, refusals(found, flags, today))


def _file_changes(name: str, sides: tuple[Side, Side]) -> tuple[Change, ...]:
    """A template file that goes takes no stack with it: that takes a `destroy`."""
    if sides[1] is not EMPTY:
        return ()
    sentence = "the template goes; stacks made from it stay as they are, and can no longer be deployed from here"
    effect = Effect(Verdict.METADATA, sentence, way_out="destroy those stacks first, or keep the template", alert=True)
    return (Change("remove", "Template", Path(name).name, (effect,), path=name),)


def _environment(
    left: EnvironmentSide | None,
    right: EnvironmentSide | None,
    name: str,
    flags: Sequence[AllowedReplacement],
    today: date,
) -> Iterator[StackReview]:
    if left is None and right is None:
        raise InputError((Complaint("there is no such environment on either side", f"{PARAMS}/{name}.yaml"),))
    for key in dict.fromkeys([*(right.keys() if right else ()), *(left.keys() if left else ())]):
        yield _stack(key, name, left, right, flags, today)


def _stack(
    key: str,
    name: str,
    left: EnvironmentSide | None,
    right: EnvironmentSide | None,
    flags: Sequence[AllowedReplacement],
    today: date,
) -> StackReview:
    sides = left.side(key) if left else EMPTY, right.side(key) if right else EMPTY
    shown = right if right and right.environment.stack(key) else left
    assert shown is not None
    stack = shown.stack(key)
    notes = left.notes if left else ()
    if right is None or right.environment.stack(key) is None:
        return _left_out(key, name, stack.name, stack.template, notes)
    found = _compared(sides, lambda: left.imported(key) if left else ())
    lines = stack.allow_replace
    refused = refusals(found, (*flags, *lines), today)
    notes += tuple(f"allow_replace {one.logical_id}: nothing needs it any more" for one in unused(found, lines))
    return StackReview(stack.name, sides[1].path, found, refused, name, notes=notes)


def _left_out(key: str, environment: str, name: str, template: str, notes: tuple[str, ...]) -> StackReview:
    sentence = f"{key} is no longer in params/{environment}.yaml; the stack stays in AWS until it is destroyed"
    effect = Effect(Verdict.METADATA, sentence, way_out=f"aurora-cfn destroy, or put {key} back", alert=True)
    change = Change("remove", "Stack", name, (effect,), path=f"{PARAMS}/{environment}.yaml")
    return StackReview(name, template, (change,), (), environment, notes=notes)


def _compared(sides: tuple[Side, Side], imported: Callable[[], Sequence[Import]]) -> tuple[Change, ...]:
    """The changes; who imports is asked only when an output changed, as that means reading every other template."""
    found = changes(*sides)
    if any(change.section == "Outputs" and change.kind != "add" for change in found):
        others = imported()
        return changes(*sides, others) if others else found
    return found


def _imported(revision: Revision, name: str) -> tuple[Import, ...]:
    others = [other for other in revision.names(TEMPLATES) if other != name]
    using = [other for other in others if "ImportValue" in revision.text(other)]
    return tuple(one for other in using for one in imports(side_of(revision, other), other))


def _needless(stacks: Sequence[StackReview], flags: Sequence[AllowedReplacement]) -> tuple[AllowedReplacement, ...]:
    return unused([change for stack in stacks for change in stack.changes], flags)
