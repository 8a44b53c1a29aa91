"""Outputs and exports, and the stacks that import them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from aurora_cfn.model.change import Change, Effect, Kind, Verdict, weight
from aurora_cfn.model.value import Value
from aurora_cfn.review.causes import Causes
from aurora_cfn.review.compare import happens
from aurora_cfn.review.imports import Imports, importing
from aurora_cfn.review.unchanged import unchanged
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import masked
from aurora_cfn.template.nested import owners, replaced_among
from aurora_cfn.template.resources import export_name, outputs

Outputs = Mapping[str, Mapping[str, Value]]


def output_changes(
    before: Evaluator, after: Evaluator, replaced: Mapping[str, bool], causes: Causes, imported: Imports
) -> Iterator[Change]:
    """One change for each output that is added, removed, exported otherwise, or gets another value."""
    left, right = outputs(before), outputs(after)
    same = unchanged(before, after, "Outputs")
    for name in [*left, *(name for name in right if name not in left)]:
        if name in same and not right.entries[name].may_refer_to(owners(replaced)):
            continue
        effects = list(_effects(left.get(name), right.get(name), replaced, imported))
        if effects:
            side = after.side if name in right else before.side
            line = side.line(("Outputs", name))
            kind: Kind = "remove" if name not in right else "add" if name not in left else "modify"
            why = causes.of("Outputs", name, "Value")
            stamped = [replace(effect, line=line, causes=effect.causes or why) for effect in effects]
            ordered = tuple(sorted(stamped, key=weight))
            yield Change(kind, "Outputs", name, ordered, path=side.path, line=line)


def _effects(
    left: Mapping[str, Value] | None,
    right: Mapping[str, Value] | None,
    replaced: Mapping[str, bool],
    imported: Imports,
) -> Iterator[Effect]:
    if left is None:
        yield Effect(Verdict.METADATA, "a new output")
        return
    name = export_name(left)
    users = imported.users(name)
    if right is None:
        yield _gone(name, users)
        return
    if name != export_name(right) and name is not None:
        yield _renamed(name, export_name(right), users)
    elif name != export_name(right):
        yield Effect(Verdict.METADATA, "exported from this update on", key="Export", after=masked(export_name(right)))
    yield from _value(left, right, replaced, users)
    if left.get("Description") != right.get("Description"):
        yield Effect(Verdict.METADATA, "another description", key="Description")


def _value(
    left: Mapping[str, Value], right: Mapping[str, Value], replaced: Mapping[str, bool], users: list[str]
) -> Iterator[Effect]:
    hits = replaced_among(right.get("Value"), replaced)
    if left.get("Value") == right.get("Value") and not hits:
        return
    because = tuple(map(happens, hits))
    maybe = bool(hits) and all(replaced[name] for name in hits) and left.get("Value") == right.get("Value")
    # CloudFormation compares the value when the update reaches the output, after everything else was changed.
    if users:
        remedy = f"export the new value under a new name, move {', '.join(users)} to it, then drop the old one"
        sentence = f"the exported value changes while {importing(users)} it: CloudFormation refuses that"
        found = Effect(Verdict.IN_PLACE, sentence, "Value", remedy, fails=True, alert=True)
    else:
        found = Effect(Verdict.METADATA, "readers get another value", "Value")
    shown = masked(left.get("Value")), masked(right.get("Value"))
    yield replace(found, before=shown[0], after=shown[1], causes=because, maybe=maybe)


def _gone(name: Value, users: list[str]) -> Effect:
    # Nothing in AWS refers to an output that is not exported; only scripts and params files read it.
    if name is None:
        return Effect(Verdict.METADATA, "the output is gone for everything that reads it")
    return _blocked("removed", users)


def _renamed(name: Value, new: Value, users: list[str]) -> Effect:
    word = "not exported any more" if new is None else "renamed"
    return replace(_blocked(word, users), key="Export.Name", before=masked(name), after=masked(new))


def _blocked(word: str, users: list[str]) -> Effect:
    if users:
        who = ", ".join(users)
        sentence = f"the export is {word} while {importing(users)} it: CloudFormation refuses that"
        remedy = f"first deploy {who} without the import, then this"
        return Effect(Verdict.IN_PLACE, sentence, remedy=remedy, fails=True, alert=True)
    sentence = f"the export is {word}; a stack that imports it makes the update fail"
    remedy = "check `aws cloudformation list-imports` first; remove the imports, then the export"
    return Effect(Verdict.IN_PLACE, sentence, remedy=remedy, alert=True)
