"""Resources that are added, removed, or get another logical id."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from aurora_cfn.facts.refactor_types import is_unsupported
from aurora_cfn.model.change import CREATED, Change, Effect, Kind, Verdict, weight
from aurora_cfn.model.value import Value
from aurora_cfn.review import data_outcome
from aurora_cfn.review.compare import leaves
from aurora_cfn.review.exposure import openings, opens_a_database
from aurora_cfn.review.same_name import shared_name
from aurora_cfn.template.resources import Resource
from aurora_cfn.template.side import Side

PLACE = "--env ENV --stack STACK"
"""In a remedy, the options that are known only where a stack is reviewed."""


def placed(changes: Iterable[Change], options: str, key: str) -> tuple[Change, ...]:
    """The changes with commands for that stack; `options` reach its environment, such as `--env dev`."""
    where = f"{options} --stack {key}"
    return tuple(
        replace(one, effects=tuple(replace(row, remedy=row.remedy.replace(PLACE, where)) for row in one.effects))
        if any(PLACE in row.remedy for row in one.effects)
        else one
        for one in changes
    )


def _refactor(old: Resource, new: Resource) -> str:
    """The remedy for a rename; a type that a stack refactor does not support can only keep its name."""
    if is_unsupported(old.type):
        return f"keep the old logical id (a stack refactor does not support {old.type}), or retain and import it"
    command = f"aurora-cfn refactor {PLACE} --rename {old.logical_id}={new.logical_id}"
    return f"a stack refactor renames it and touches nothing, before this is deployed: `{command}`"


def added(resource: Resource, side: Side, lost: str = "") -> Change:
    """A resource that is new; `lost` is the id of a stateful one of its type that is removed at the same time."""
    row = data_outcome.stateful(resource)
    sentence = CREATED if resource.certain else "it may be created: its condition is not known here"
    if lost and row is not None:
        sentence = f"it is created empty, while {lost} of the same type is removed; its data is not moved"
    effects = [Effect(Verdict.IN_PLACE, sentence, maybe=not resource.certain, line=resource.line)]
    effects += opened(resource, frozenset(), side)
    return _change("add", resource, side, effects, stateful=row is not None)


def removed(resource: Resource, side: Side) -> Change:
    """A resource that is removed from the template, or whose condition does not hold any more."""
    end = data_outcome.removed(resource)
    maybe = not resource.certain
    sentence = f"it may be removed, as its condition is not known here: {end.sentence}" if maybe else end.sentence
    effect = Effect(end.verdict, sentence, remedy=end.remedy, maybe=maybe, guarded=end.stateful, line=resource.line)
    return _change("remove", resource, side, [effect], stateful=end.stateful)


def renamed(old: Resource, new: Resource, side: Side) -> Change:
    """A resource whose logical id changed: CloudFormation deletes the old resource and creates a new one."""
    end = data_outcome.removed(old)
    lead = f"the logical id {old.logical_id} became {new.logical_id}, so a new resource is created"
    if not end.stateful:
        sentence = f"{lead} and the old one is removed: {end.sentence}"
        effect = Effect(Verdict.REPLACE, sentence, remedy=_refactor(old, new), line=new.line)
    else:
        sentence = f"{lead}, empty: {end.sentence}"
        effect = Effect(end.verdict, sentence, remedy=_refactor(old, new), guarded=True, line=new.line)
    effects = [effect, *_taken(old, new), *opened(new, openings(old), side)]
    return _change("rename", new, side, effects, stateful=end.stateful, renamed_from=old.logical_id)


def opened(resource: Resource, known: frozenset[tuple[str, str]], side: Side) -> list[Effect]:
    """An alert for each opening to the internet that was not there."""
    found = []
    asks = opens_a_database(resource, side)
    for name, sentence in sorted(openings(resource) - known):
        keys = ("Properties", name) if name else ("Properties",)
        found.append(
            Effect(
                Verdict.IN_PLACE,
                sentence,
                key=".".join(keys),
                remedy="allow a security group or the networks that need it instead",
                alert=True,
                guarded=asks,
                line=side.line(("Resources", resource.logical_id, *keys)),
            )
        )
    return found


_RULES = frozenset({"AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"})
"""Rules have no name, but EC2 refuses the same one twice in a group; the description does not count."""


def _taken(old: Resource, new: Resource) -> list[Effect]:
    """The failure of making a second resource under the name of the first, or the same rule in the same group."""
    if new.type in _RULES and _without_description(old) == _without_description(new):
        sentence = "EC2 refuses the new rule while the old one exists, as both are the same rule: the update fails"
        return [Effect(Verdict.REPLACE, sentence, remedy=_refactor(old, new), fails=True, line=new.line)]
    shared = shared_name(old, new)
    if shared is None:
        return []
    sentence = f"the new one cannot be made while the old one has the same {shared.name}: the update fails"
    key = f"Properties.{shared.name}"
    return [Effect(Verdict.REPLACE, sentence, key, _refactor(old, new), fails=True, line=new.line)]


def _without_description(rule: Resource) -> dict[str, Value]:
    return {key: value for key, value in rule.properties.items() if key != "Description"}


def _change(
    kind: Kind, resource: Resource, side: Side, effects: list[Effect], *, stateful: bool, renamed_from: str = ""
) -> Change:
    return Change(
        kind=kind,
        section="Resources",
        logical_id=resource.logical_id,
        effects=tuple(sorted(effects, key=weight)),
        type=resource.type,
        stateful=stateful,
        renamed_from=renamed_from,
        path=side.path,
        line=resource.line,
    )


ALIKE = 0.6
"""Share of equal properties from which a removal and an addition of one type count as a rename."""


def renames(before: Mapping[str, Resource], after: Mapping[str, Resource]) -> dict[str, str]:
    """New logical id to old, best likeness first; each id is used once."""
    gone = [before[name] for name in before if name not in after]
    new = _by_type(after[name] for name in after if name not in before)
    pairs = []
    for resource in gone if new else ():
        left = _flat(resource)
        for one, right in new.get(resource.type, ()):
            pairs.append((_likeness(left, right), resource.logical_id, one))
    found: dict[str, str] = {}
    taken: set[str] = set()
    # The best pair first, so that no third resource takes its place.
    for likeness, old, one in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if likeness >= ALIKE and one not in found and old not in taken:
            found[one] = old
            taken.add(old)
    return found


def _by_type(resources: Iterable[Resource]) -> dict[str, list[tuple[str, Mapping[str, str]]]]:
    """Logical ids with their flat properties, by type."""
    found: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for resource in resources:
        found.setdefault(resource.type, []).append((resource.logical_id, _flat(resource)))
    return found


def _likeness(left: Mapping[str, str], right: Mapping[str, str]) -> float:
    # Two without any properties, such as internet gateways, are the same.
    if not left and not right:
        return 1.0
    same = sum(1 for key, value in left.items() if right.get(key) == value)
    return same / max(len(left), len(right))


def _flat(resource: Resource) -> dict[str, str]:
    return {json.dumps(keys): json.dumps(value, sort_keys=True) for keys, value in leaves(resource.properties)}
