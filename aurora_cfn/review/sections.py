"""What changes beside resources and outputs: parameters, descriptions, stack tags, termination protection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.model.change import Change, Effect, Kind, Verdict
from aurora_cfn.model.value import Value
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import MASK, masked, scalar
from aurora_cfn.template.side import Side

MOST_LINES = 5
"""Lines of aliases that are named."""
_WORDS = ("AWSTemplateFormatVersion", "Description", "Metadata", "Rules", "Transform", "Hooks")


def parameter_changes(before: Evaluator, after: Evaluator) -> Iterator[Change]:
    """One change for each parameter that is added, removed, declared otherwise, or has another value."""
    left, right = before.side.section("Parameters"), after.side.section("Parameters")
    for name in [*left, *(name for name in right if name not in left)]:
        side = after.side if name in right else before.side
        line = side.line(("Parameters", name))
        kind: Kind = "remove" if name not in right else "add" if name not in left else "modify"
        effects = tuple(_parameter(name, before, after, kind))
        if effects:
            yield Change(kind, "Parameters", name, effects, path=side.path, line=line)


def tag_changes(before: Side, after: Side) -> Iterator[Change]:
    """One change for all stack tags together."""
    names = [*before.tags, *(name for name in after.tags if name not in before.tags)]
    effects = tuple(
        Effect(
            Verdict.METADATA,
            "a stack tag, passed on to every resource that takes tags",
            key=name,
            before=before.tags.get(name),
            after=after.tags.get(name),
        )
        for name in names
        if before.tags.get(name) != after.tags.get(name)
    )
    # A stack that is created or removed has no change of tags.
    if effects and before.template and after.template:
        yield Change("modify", "Stack", "Tags", effects, path=after.path)


def word_changes(before: Side, after: Side) -> Iterator[Change]:
    """One change for the sections that only people and tools read."""
    effects = tuple(
        Effect(Verdict.METADATA, "nothing that is deployed", key=name, line=after.line((name,)))
        for name in _WORDS
        if _plain(before.template.get(name)) != _plain(after.template.get(name))
    )
    if effects and before.template and after.template:
        yield Change("modify", "Template", "Template", effects, path=after.path, line=effects[0].line or 1)


def alias_changes(after: Side) -> Iterator[Change]:
    """The change that CloudFormation refuses because the template has YAML aliases, whether they are new or not."""
    if after.aliases:
        lines = ", ".join(map(str, after.aliases[:MOST_LINES])) + ", ..." * (len(after.aliases) > MOST_LINES)
        effect = Effect(
            Verdict.METADATA,
            f"CloudFormation refuses YAML aliases and merge keys, here in line {lines}",
            remedy=f"write them out with: aurora-cfn render --resolve {after.path}",
            fails=True,
            line=after.aliases[0],
        )
        yield Change("modify", "Template", "Aliases", (effect,), path=after.path, line=after.aliases[0])


def _parameter(name: str, before: Evaluator, after: Evaluator, kind: Kind) -> Iterator[Effect]:
    if kind == "remove":
        yield Effect(Verdict.METADATA, "values that environments give it are refused from then on")
    elif kind == "add":
        row = after.side.section("Parameters")[name]
        # An alert only where the stack exists: of a new stack every parameter is new.
        bare = isinstance(row, Mapping) and row.get("Default") is None and name not in after.side.parameters
        needs = bare and bool(before.side.template)
        sentence = "a new parameter without default: every environment must give it a value"
        yield Effect(Verdict.METADATA, sentence if needs else "a new parameter", alert=needs)
    else:
        yield from _declared(name, before, after)


def _declared(name: str, before: Evaluator, after: Evaluator) -> Iterator[Effect]:
    left, right = before.parameter(name), after.parameter(name)
    if left != right:
        yield Effect(Verdict.METADATA, "its value changes", key="Value", before=masked(left), after=masked(right))
    was, now = before.side.section("Parameters")[name], after.side.section("Parameters")[name]
    if not isinstance(was, Mapping) or not isinstance(now, Mapping):
        return
    secret = any(scalar(row.get("NoEcho")) == "true" for row in (was, now))
    for key in sorted({*was, *now}):
        old, new = _plain(was.get(key)), _plain(now.get(key))
        if old != new:
            hide = secret and key == "Default"
            shown = (MASK, MASK) if hide else (old, new)
            line = after.side.line(("Parameters", name, key))
            yield Effect(Verdict.METADATA, "declared otherwise", key, before=shown[0], after=shown[1], line=line)


def _plain(value: Value) -> Value:
    """A value without intrinsics worked out, only its scalars as CloudFormation takes them."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return scalar(value)


def termination(before: bool, after: bool, path: str, line: int = 1) -> tuple[Change, ...]:
    """The change that switches it, none when it stays; off is an alert. `path` and `line` say where it is written."""
    if before == after:
        return ()
    effect = Effect(
        Verdict.METADATA,
        "termination protection is switched off: one call deletes the stack"
        if before
        else "termination protection is switched on",
        key="TerminationProtection",
        remedy="say protect: true in the params file" if before else "",
        before=_word(before),
        after=_word(after),
        alert=before,
    )
    return (Change("modify", "Stack", "TerminationProtection", (effect,), path=path, line=line),)


def _word(on: bool) -> str:
    return "on" if on else "off"
