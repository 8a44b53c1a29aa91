"""Resources that are on both sides: their changes, and those that a replaced resource causes in others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from aurora_cfn.model.change import DATABASES, Change, Effect, Verdict, weight
from aurora_cfn.review import data_outcome
from aurora_cfn.review.added_and_removed import opened
from aurora_cfn.review.causes import Causes
from aurora_cfn.review.compare import Difference, differences, following
from aurora_cfn.review.exposure import openings
from aurora_cfn.review.sam import comparable, is_sam, same_type
from aurora_cfn.review.same_name import shared_name
from aurora_cfn.review.verdicts import effect
from aurora_cfn.template.forms import masked, references
from aurora_cfn.template.nested import owners
from aurora_cfn.template.resource_schema import schema
from aurora_cfn.template.resources import Existing, Resource
from aurora_cfn.template.side import Side

_NONE: Mapping[str, bool] = {}
_POLICIES = ("DeletionPolicy", "UpdateReplacePolicy")


@dataclass(slots=True)
class Pair:
    """One resource on both sides, with its own differences; `effects` grow as what it refers to proves replaced."""

    before: Resource
    after: Resource
    own: list[Difference]
    effects: list[Effect] = field(default_factory=list)

    @property
    def replaced(self) -> bool | None:
        """None when the physical resource stays, else whether that is only maybe so."""
        hits = [effect for effect in self.effects if effect.replaces]
        return all(hit.maybe for hit in hits) if hits else None


def modified(
    before: Existing[Resource],
    after: Existing[Resource],
    same: frozenset[str],
    sides: tuple[Side, Side],
    causes: Causes,
    outputs: Mapping[str, bool] = _NONE,
) -> tuple[list[Change], dict[str, bool]]:
    """The changes of all resources on both sides, and the ids of the replaced ones (True: only maybe).

    Those in `same` are only looked at where they refer to a replaced one, or to one of the `outputs` of nested stacks,
    which get another value (by `Network.Outputs.VpcId`) and are returned too.
    """
    both = [name for name in after.names if name in before.names]
    pairs = {name: _pair(before[name], after[name]) for name in both if name not in same}
    replaced = dict(outputs)
    readers = [name for name in both if after.entries[name].may_refer_to(owners(outputs))] if outputs else []
    pairs |= {name: _pair(before[name], after[name]) for name in readers if name not in pairs}
    stale: Collection[str] = tuple(pairs)
    # A replacement may replace what refers to it, and so on: at most as many rounds as there are resources.
    for _ in range(len(both) + 1):
        for name in stale:
            pairs[name].effects = _effects(pairs[name], replaced, sides, causes)
        found = {name: pair.replaced for name, pair in pairs.items()}
        now = {**outputs, **{name: maybe for name, maybe in found.items() if maybe is not None}}
        moved = {name for name in {*now, *replaced} if now.get(name) != replaced.get(name)}
        if not moved:
            break
        replaced = now
        stale = [name for name in both if after.entries[name].may_refer_to(owners(moved))]
        pairs |= {name: _pair(before[name], after[name]) for name in stale if name not in pairs}
    return [_change(pair, sides[1]) for pair in pairs.values() if pair.effects], replaced


def _pair(before: Resource, after: Resource) -> Pair:
    before, after = comparable(before, after)
    rules = schema(after.type) if before.properties != after.properties else None
    own = list(differences(before.properties, after.properties, rules))
    return Pair(before, after, own)


def _effects(pair: Pair, replaced: Mapping[str, bool], sides: tuple[Side, Side], causes: Causes) -> list[Effect]:
    before, after = pair.before, pair.after
    if before.type != after.type:
        return [_retyped(before, after)]
    # A property that changes by itself is not named a second time because it refers to a replaced resource.
    touched = {difference.keys for difference in pair.own}
    others = {name: maybe for name, maybe in replaced.items() if name != after.logical_id}
    pulled = [item for item in following(after.properties, others) if item.keys not in touched] if others else []
    found = [_effect(pair, difference, sides, causes) for difference in (*pair.own, *pulled)]
    if not found and before == after:
        return []
    # An opening that a special function has named already is not named twice.
    known = {item.key for item in found if item.alert}
    found += [item for item in opened(after, openings(before), sides[1]) if item.key not in known or not item.key]
    found = _custom_named(before, after, _created_anew(found), others)
    return [*found, *_attributes(before, after, sides[1]), *_existence(before, after)]


def _effect(pair: Pair, difference: Difference, sides: tuple[Side, Side], causes: Causes) -> Effect:
    found = effect(pair.before, pair.after, difference, schema(pair.after.type), sides[1].offered)
    path = ("Resources", pair.after.logical_id, "Properties", *difference.keys)
    # Each parameter of a nested stack has causes of its own.
    depth = 2 if difference.top == "Parameters" else 1
    why = causes.of("Resources", pair.after.logical_id, "Properties", *map(str, difference.keys[:depth]))
    return replace(found, line=sides[1].line(path), causes=difference.reasons or why)


def _retyped(before: Resource, after: Resource) -> Effect:
    if same_type(before, after):
        what = "AWS SAM makes the same type of it; what it changes in its properties only CloudFormation knows"
        shown = (before.type, after.type)
        return Effect(Verdict.IN_PLACE, what, "Type", before=shown[0], after=shown[1], unseen=True, line=after.line)
    end = data_outcome.removed(before)
    # The mending of a mistyped name: no stack can have such a resource, unless AWS had the type once.
    if before.type.startswith("AWS::") and not is_sam(before.type) and schema(before.type) is None:
        sentence = f"AWS has no type {before.type}, so no stack can have it; {after.type} is created"
        return Effect(Verdict.IN_PLACE, sentence, "Type", before=before.type, after=after.type, maybe=True)
    return Effect(
        max(Verdict.REPLACE, end.verdict),
        f"the type changes from {before.type} to {after.type} under one logical id, which CloudFormation refuses",
        key="Type",
        remedy="give the new resource its own logical id",
        before=before.type,
        after=after.type,
        fails=True,
        guarded=end.stateful,
        replaces=True,
        line=after.line,
    )


def _created_anew(found: list[Effect]) -> list[Effect]:
    """The effects without refusals of an update: where a new resource is created with the values, none is made."""
    if not any(item.replaces and not item.maybe for item in found):
        return found
    own = "the new resource is created with it"
    return [
        replace(item, sentence=own, remedy="", fails=False, alert=False) if item.fails and not item.replaces else item
        for item in found
    ]


def _custom_named(before: Resource, after: Resource, found: list[Effect], replaced: Mapping[str, bool]) -> list[Effect]:
    """Predict `cannot update a stack when a custom-named resource requires replacing`.

    A name that holds the id of a resource that is `replaced` itself changes with it.
    """
    rules = schema(after.type)
    certain = [item for item in found if item.replaces and not item.maybe]
    shared = shared_name(before, after) if certain else None
    if shared is None or rules is None or not rules.creates_before_delete:
        return found
    name = shared.name
    held = [one for part in shared.parts for one, _ in references(after.properties.get(part)) if one in replaced]
    if any(not replaced[one] for one in held):
        return found
    text = f"CloudFormation refuses it: it creates the new resource first, and {name} gives both the same name"
    remedy = f"change {name} too (a new resource is created), or leave it out; or undo the change"
    extra = Effect(
        Verdict.REPLACE, text, f"Properties.{name}", remedy, maybe=bool(held), fails=True, line=certain[0].line
    )
    value = masked(after.properties[name])
    return [*found, replace(extra, before=value, after=value)]


def _attributes(before: Resource, after: Resource, side: Side) -> Iterator[Effect]:
    for name in sorted({*before.attributes, *after.attributes}):
        left, right = before.attributes.get(name), after.attributes.get(name)
        if left == right:
            continue
        weaker = name in _POLICIES and data_outcome.weakened(before, after, name)
        both = weaker and _unprotected(before, after)
        sentence = "from then on a removal or replacement keeps less of the data" if weaker else "an attribute only"
        if name in _POLICIES and not weaker:
            sentence = "a removal or replacement keeps no less than before"
        yield Effect(
            Verdict.METADATA,
            sentence,
            key=name,
            remedy="keep the stronger policy" if weaker else "",
            before=masked(left) if name in _POLICIES else None,
            after=masked(right) if name in _POLICIES else None,
            alert=weaker,
            guarded=both,
            line=side.line(("Resources", after.logical_id, name)),
        )
    if before.depends_on != after.depends_on:
        yield Effect(Verdict.METADATA, "only the order of creation changed", key="DependsOn", line=after.line)


def _unprotected(before: Resource, after: Resource) -> bool:
    """Whether a database is deleted without a snapshot, by a removal as well as by a replacement."""
    database = before.type.startswith(DATABASES) and data_outcome.stateful(before) is not None
    return database and not any(data_outcome.keeps(after, name) for name in _POLICIES)


def _existence(before: Resource, after: Resource) -> Iterator[Effect]:
    # A resource that certainly exists afterwards is not removed, whatever its condition was.
    if before.exists == after.exists or after.exists is True:
        return
    end = data_outcome.removed(before)
    yield Effect(
        end.verdict,
        f"its condition changed and is not known here; where it does not hold: {end.sentence}",
        key="Condition",
        remedy=end.remedy,
        maybe=True,
        guarded=end.stateful,
        replaces=end.verdict >= Verdict.REPLACE,
        line=after.line,
    )


def _change(pair: Pair, side: Side) -> Change:
    return Change(
        kind="modify",
        section="Resources",
        logical_id=pair.after.logical_id,
        effects=tuple(sorted(pair.effects, key=weight)),
        type=pair.after.type,
        stateful=data_outcome.stateful(pair.before) is not None,
        path=side.path,
        line=pair.after.line,
    )
