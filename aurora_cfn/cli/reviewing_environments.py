"""The stacks of an environment on both sides: which continue, which move, which are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from aurora_cfn.cli.project import PARAMS
from aurora_cfn.cli.reviewed_environment import EnvironmentSide, environment_side
from aurora_cfn.cli.revision_sides import compared
from aurora_cfn.cli.revisions import Revision
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.change import Change, Effect, Refusal, Verdict
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.review import StackReview
from aurora_cfn.review import EMPTY, allowed_by_flag, refusals, unused
from aurora_cfn.review.limits import blind_spots
from aurora_cfn.review.termination import termination


def environment_reviews(
    left: EnvironmentSide | None, right: EnvironmentSide | None, name: str, allow: Sequence[str], today: date
) -> Iterator[StackReview]:
    """One review a stack, in the order of the file after; raises InputError when neither side has the environment."""
    if left is None and right is None:
        raise InputError((Complaint("there is no such environment on either side", f"{PARAMS}/{name}.yaml"),))
    old, new = (side.keys() if side else () for side in (left, right))
    for key in dict.fromkeys([*new, *old]):
        if right is None or key not in new:
            assert left is not None
            yield _left_out(left.stack(key), left.side(key).path, name)
        else:
            yield _continued(left if key in old else None, right, key, allow, today)


def is_environment(file: Path) -> bool:
    """Whether a file of params/ is an environment, and not the schema or a note."""
    from aurora_cfn.environment.naming import ENVIRONMENT_NAME

    return file.suffix == ".yaml" and re.fullmatch(ENVIRONMENT_NAME, file.stem) is not None


def still_refused(
    refused: tuple[Refusal, ...],
    found: Sequence[Change],
    after: Revision,
    template: str,
    allow: Sequence[str],
    today: date,
) -> tuple[Refusal, ...]:
    """Refusals of a template that the params files do not lift: each stack made from it has to allow the resource."""
    left: set[str] = set()
    users = [stack for stack in _stacks(after) if stack.template == template]
    for stack in users:
        allowances = (*allowed_by_flag(allow, (stack.name, stack.key)), *stack.allow_replace)
        left |= {one.logical_id for one in refusals(found, allowances, today)}
    return tuple(one for one in refused if one.logical_id in left) if users else refused


def _stacks(revision: Revision) -> Iterator[EnvironmentStack]:
    for file in map(Path, revision.names(PARAMS)):
        side = environment_side(revision, file.stem, lenient=True) if is_environment(file) else None
        if side is not None:
            yield from side.environment.stacks


def _continued(
    left: EnvironmentSide | None,
    right: EnvironmentSide,
    key: str,
    allow: Sequence[str],
    today: date,
) -> StackReview:
    stack, name = right.stack(key), right.environment.name
    moved = _moved(left, right, key) if left else ()
    before = left.side(key) if left and not moved else EMPTY
    after = right.side(key)
    found = (*moved, *compared((before, after), lambda: left.imported(key) if left else ()))
    found = tuple(_in_params(change, stack, name) for change in found)
    if left and before is not EMPTY:
        found += termination(left.stack(key).protect, stack.protect, f"{PARAMS}/{name}.yaml", stack.line)
    lines = stack.allow_replace
    refused = refusals(found, (*allowed_by_flag(allow, (stack.name, key)), *lines), today)
    notes = tuple(f"allow_replace {one.logical_id}: nothing needs it any more" for one in unused(found, lines))
    notes += blind_spots(before, after)
    return StackReview(stack.name, after.path, found, refused, name, notes=notes, key=key)


def _moved(left: EnvironmentSide, right: EnvironmentSide, key: str) -> tuple[Change, ...]:
    """A stack under another name, region or account is another stack: the old one stays, and the new one is empty."""
    old, new = left.stack(key), right.stack(key)
    pairs = (
        ("name", old.name, new.name),
        ("region", left.environment.region, right.environment.region),
        ("account", left.environment.account, right.environment.account),
    )
    effects = tuple(
        Effect(
            Verdict.METADATA,
            f"another {what} makes another, empty stack; {old.name} stays as it is, with its data",
            key=what,
            way_out=f"put the {what} back, or move the data over and destroy the old stack",
            before=before,
            after=after,
            alert=True,
        )
        for what, before, after in pairs
        if before and after and before != after
    )
    path = f"{PARAMS}/{right.environment.name}.yaml"
    return (Change("modify", "Stack", new.name, effects, path=path, line=new.line),) if effects else ()


def _left_out(stack: EnvironmentStack, template: str, environment: str) -> StackReview:
    path = f"{PARAMS}/{environment}.yaml"
    sentence = f"{stack.key} is no longer in {path}; the stack stays in AWS until it is destroyed"
    effect = Effect(Verdict.METADATA, sentence, way_out=f"aurora-cfn destroy, or put {stack.key} back", alert=True)
    change = Change("remove", "Stack", stack.name, (effect,), path=path)
    return StackReview(stack.name, template, (change,), (), environment, key=stack.key)


def _in_params(change: Change, stack: EnvironmentStack, environment: str) -> Change:
    """A changed value is written in the params file, so that is where to look."""
    if change.section != "Parameters" or change.logical_id not in stack.lines or change.effects[0].key != "Value":
        return change
    return replace(change, path=f"{PARAMS}/{environment}.yaml", line=stack.lines[change.logical_id])
