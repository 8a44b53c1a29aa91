"""Reviews of an environment's stacks: those on both sides, those that moved, and those that were removed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from aurora_cfn.environment.names import templates_named
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.change import Change, Effect, Refusal, Verdict
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.review import StackReview
from aurora_cfn.project.files import PARAMS, TEMPLATES
from aurora_cfn.project.git import Revision
from aurora_cfn.project.review.costs import still_costs
from aurora_cfn.project.review.renamed_keys import renamed_keys
from aurora_cfn.project.review.revision import EnvironmentSide, compared, environment_side, is_changed
from aurora_cfn.project.templates import template_name
from aurora_cfn.review.added_and_removed import placed
from aurora_cfn.review.consent import Consent
from aurora_cfn.review.guard import unused
from aurora_cfn.review.imports import Imports
from aurora_cfn.review.not_judged import blind_spots
from aurora_cfn.review.sections import termination
from aurora_cfn.template.side import EMPTY
from aurora_cfn.yamltext import read_with_faults


def environment_reviews(
    left: EnvironmentSide | None, right: EnvironmentSide | None, name: str, consent: Consent
) -> Iterator[StackReview]:
    """A review of each stack, in the order of the new file; raises InputError if neither side has the environment."""
    if left is None and right is None:
        raise InputError((Complaint("there is no such environment on either side", f"{PARAMS}/{name}.yaml"),))
    old, new = (side.keys() if side else () for side in (left, right))
    renamed = renamed_keys(left, right) if left and right else {}
    for key in dict.fromkeys([*new, *old]):
        if key in renamed.values():
            continue
        if right is None or key not in new:
            assert left is not None
            yield _left_out(left, key)
        else:
            former = renamed.get(key, key)
            yield _continued(left if former in old else None, right, key, former, consent)


def is_environment(file: Path) -> bool:
    """Whether a file of params/ is an environment, not the schema or another file."""
    from aurora_cfn.environment.names import ENVIRONMENT_NAME

    return file.suffix == ".yaml" and re.fullmatch(ENVIRONMENT_NAME, file.stem) is not None


def still_refused(
    refused: tuple[Refusal, ...],
    found: Sequence[Change],
    after: Revision,
    template: str,
    consent: Consent,
) -> tuple[Refusal, ...]:
    """Refusals of a template that remain: all its stacks must allow the resource in their params files."""
    left: set[str] = set()
    users = [stack for stack in _stacks(after) if stack.template == template]
    for stack in users:
        rows = consent.refusals(found, (stack.name, stack.key), stack.allow_replace)
        left |= {one.logical_id for one in rows}
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
    former: str,
    consent: Consent,
) -> StackReview:
    stack, name = right.stack(key), right.environment.name
    moved = _moved(left, right, key, former) if left else ()
    before = left.side(former) if left and not moved else EMPTY
    after = right.side(key)
    found = (*moved, *compared((before, after), lambda: left.imported(former) if left else Imports(())))
    found = placed((_in_params(change, stack, name) for change in found), f"--env {name}", key)
    if left and before is not EMPTY:
        found += termination(left.stack(former).protect, stack.protect, f"{PARAMS}/{name}.yaml", stack.line)
    lines = stack.allow_replace
    refused = consent.refusals(found, (stack.name, key), lines)
    notes = tuple(f"allow_replace {one.logical_id}: nothing needs it any more" for one in unused(found, lines))
    notes += blind_spots(before, after)
    return StackReview(stack.name, after.path, found, refused, name, notes=notes, key=key)


def _moved(left: EnvironmentSide, right: EnvironmentSide, key: str, former: str) -> tuple[Change, ...]:
    """The change of a stack with another name, region or account: the old stack stays, a new, empty one is made."""
    old, new = left.stack(former), right.stack(key)
    renamed = f"{former} is now called {key}: " if former != key else ""
    keep = f"write `name: {old.name}` under {key}" if renamed else "put the name back"
    remedies = {"name": f"{keep} to keep the stack"}
    pairs = (
        ("name", old.name, new.name),
        ("region", left.environment.region, right.environment.region),
        ("account", left.environment.account, right.environment.account),
    )
    moved = [(what, before, after) for what, before, after in pairs if before and after and before != after]
    if not moved:
        return ()
    stays = f"{old.name} stays as it is, with its data{still_costs(left, former)}"
    effects = tuple(
        Effect(
            Verdict.METADATA,
            f"{renamed}another {what} makes another, empty stack; {stays}",
            key=what,
            remedy=f"{remedies.get(what, f'put the {what} back')}, or move the data over and destroy the old stack",
            before=before,
            after=after,
            alert=True,
        )
        for what, before, after in moved
    )
    path = f"{PARAMS}/{right.environment.name}.yaml"
    return (Change("modify", "Stack", new.name, effects, path=path, line=new.line),)


def _left_out(left: EnvironmentSide, key: str) -> StackReview:
    stack, template, environment = left.stack(key), left.side(key).path, left.environment.name
    path = f"{PARAMS}/{environment}.yaml"
    sentence = f"{stack.key} is no longer in {path}; the stack still runs{still_costs(left, key)} until it is destroyed"
    effect = Effect(
        Verdict.METADATA,
        sentence,
        remedy=f"{_deletion(left, key)}, or put {stack.key} back",
        alert=True,
    )
    change = Change("remove", "Stack", stack.name, (effect,), path=path)
    return StackReview(stack.name, template, (change,), (), environment, key=stack.key)


def _deletion(left: EnvironmentSide, key: str) -> str:
    environment, fleet = left.environment, left.environment.fleet
    if environment.stack(key) or fleet is None:
        return f"aurora-cfn destroy --env {environment.name} --orphans"
    return f"aurora-cfn {'fleet' if fleet.accounts else 'clients'} delete --env {environment.name}"


def _in_params(change: Change, stack: EnvironmentStack, environment: str) -> Change:
    """The change with the params file as its place, if the value of a parameter there has changed."""
    if change.section != "Parameters" or change.logical_id not in stack.lines or change.effects[0].key != "Value":
        return change
    return replace(change, path=f"{PARAMS}/{environment}.yaml", line=stack.lines[change.logical_id])


def touched_environments(before: Revision, after: Revision) -> tuple[str, ...]:
    """Names of the environments to review, in order.

    An emulated one counts only when its own file changed: on a template alone it would repeat what the others say.
    """
    files = sorted(name for name in {*before.names(PARAMS), *after.names(PARAMS)} if is_environment(Path(name)))
    names = {name for name in {*before.blobs, *after.blobs} if Path(name).is_relative_to(TEMPLATES)} if files else set()
    moved = {template_name(Path(name)) for name in names if is_changed(before, after, name)}
    return tuple(Path(file).stem for file in files if _touched(before, after, file, moved))


def _touched(before: Revision, after: Revision, file: str, templates: set[str]) -> bool:
    if before.blobs.get(file) != after.blobs.get(file):
        return True
    environment = read_with_faults(after.text(file), file).value
    if not isinstance(environment, dict) or environment.get("endpoint") == "local":
        return False
    return bool(templates & templates_named(environment))


def split_templates(
    templates: Sequence[StackReview], stacks: Sequence[StackReview], nests: Callable[[str, str], bool]
) -> tuple[list[StackReview], list[str]]:
    """The templates that no reviewed stack uses, and notes on the others.

    A template with stacks is reviewed with their values, and one that another one nests with the values that it gives.
    Effects that it would have with its defaults only happen in no stack, so they are a note, and the guard does not
    refuse them. `nests` says whether the first of two files nests the second.
    """
    alone: list[StackReview] = []
    notes: list[str] = []
    for template in templates:
        users = [stack for stack in stacks if stack.template == template.template and not _gone(stack)]
        around = [one for one in (*stacks, *templates) if nests(one.template, template.template) and not _gone(one)]
        if users or around:
            notes += _note(template, [*users, *around])
        else:
            alone.append(template)
    return alone, notes


def _gone(stack: StackReview) -> bool:
    """Whether the stack was removed from its params file."""
    return any(change.section == "Stack" and change.kind == "remove" for change in stack.changes)


def _note(template: StackReview, users: Sequence[StackReview]) -> Iterator[str]:
    worst: dict[tuple[str, str], Verdict] = {}
    for stack in users:
        for change in stack.changes:
            worst[_place(change)] = max(change.outcome, worst.get(_place(change), change.outcome))
    only = [change for change in template.changes if change.outcome > worst.get(_place(change), Verdict.METADATA)]
    if only:
        noun = "environment" if any(stack.environment for stack in users) else "stack that nests it"
        changes = ", ".join(f"{change.logical_id} ({change.outcome.word})" for change in only)
        yield f"{template.name}: only with its defaults, which no {noun} uses here: {changes}"


def _place(change: Change) -> tuple[str, str]:
    """Section and logical id, of what is in a nested stack as in its own template."""
    return change.section, change.logical_id.rpartition("/")[2]
