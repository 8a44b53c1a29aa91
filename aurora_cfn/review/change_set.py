"""A change set of CloudFormation in the terms of the offline review, alone or brought together with it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from aurora_cfn.facts.effects import plain_row
from aurora_cfn.facts.stateful import stateful_types
from aurora_cfn.model.change import CREATED, Change, Effect, Kind, Verdict, weight
from aurora_cfn.model.change_set import ChangeSet, PropertyChange, ResourceChange
from aurora_cfn.model.event import STACK_TYPE
from aurora_cfn.model.value import Value, member
from aurora_cfn.review import data_outcome
from aurora_cfn.review.compare import presentable
from aurora_cfn.review.special.database import LOOK_INSIDE, UNSEEN
from aurora_cfn.template.forms import MASK

# Actions of ResourceChange; Modify, Dynamic and SyncWithActual are modifications.
_KINDS: Mapping[str, Kind] = {"Add": "add", "Import": "add", "Remove": "remove"}
_LONG_SECRET = 6
"""A shorter secret is masked only where it is the whole text: `1` or `true` inside of other text reveals nothing."""
# Values of Target.Attribute that change nothing in the service: CloudFormation itself keeps them.
_ATTRIBUTES = frozenset({"Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy"})


def from_change_set(change_set: ChangeSet, secrets: Collection[str] = ()) -> tuple[Change, ...]:
    """What AWS says the change set does to each resource, worst first; values are masked where they are secret.

    `secrets` are values that must not be shown wherever AWS repeats them.
    """
    found = [change_of(row, secrets) for row in change_set.changes]
    return tuple(sorted(found, key=rank))


def change_of(row: ResourceChange, secrets: Collection[str] = ()) -> Change:
    """One row of a change set as a change."""
    row = row.settled()
    member = _member(row)
    kind = _KINDS.get(row.action, "modify")
    effects = tuple(sorted(effects_of(row, secrets, member=member), key=weight))
    stateful = row.type in stateful_types() and not member
    return Change(kind, "Resources", row.logical_id, effects, row.type, stateful, source="change set")


def effects_of(row: ResourceChange, secrets: Collection[str], *, member: bool) -> Iterator[Effect]:
    """What one row does; `member` says that the resource is part of another one that holds the data."""
    if row.action in {"Add", "Import"}:
        sentence = CREATED if row.action == "Add" else "an existing resource is taken into the stack"
        yield Effect(Verdict.IN_PLACE, sentence)
    elif row.action == "Remove":
        end = data_outcome.by_change_set(row.type, row.policy_action, replaces=False, member=member)
        yield Effect(end.verdict, end.sentence, remedy=end.remedy, guarded=end.stateful)
    else:
        yield from _modifications(row, secrets, member)


def _modifications(row: ResourceChange, secrets: Collection[str], member: bool) -> Iterator[Effect]:
    found = [_masked(_property(row, item, member), secrets) for item in row.properties]
    yield from found
    # AWS can know of a replacement without saying which property causes it.
    if row.replacement in {"True", "Conditional"} and not any(one.replaces for one in found):
        yield _replacement(row, member, maybe=row.replacement == "Conditional")
    elif row.action == "Dynamic":
        yield _dynamic(row, member)
    elif row.type == STACK_TYPE and any(one.verdict > Verdict.METADATA for one in found):
        yield Effect(Verdict.INTERRUPTION, UNSEEN, remedy=LOOK_INSIDE, maybe=True, guarded=True)
    elif not found:
        reverted = row.action == "SyncWithActual"
        yield Effect(Verdict.METADATA, "the stack records its real state" if reverted else "updated in place")


def _property(row: ResourceChange, item: PropertyChange, member: bool) -> Effect:
    key = _key(item)
    parts = tuple(key.split("."))
    shown = presentable(parts, item.before), presentable(parts, item.after)
    cause = (f"{item.causing_entity} changes",) if item.causing_entity else ()
    # Dynamic: the value comes from another resource, and is known only once that was updated.
    maybe = item.evaluation == "Dynamic" or item.recreation == "Conditionally" or row.replacement == "Conditional"
    # Replacement is AWS's verdict over all properties: with False none replaces, whatever RequiresRecreation says.
    if item.attribute == "Properties" and item.recreation != "Never" and row.replacement != "False":
        found = _replacement(row, member, maybe=maybe and row.replacement != "True")
    elif item.attribute == "Tags" or item.attribute in _ATTRIBUTES:
        found = Effect(Verdict.METADATA, "updated in place")
    else:
        found = _update(row, item)
    return replace(found, key=key, before=shown[0], after=shown[1], causes=cause)


def _dynamic(row: ResourceChange, member: bool) -> Effect:
    """An action that AWS does not know yet: for a resource that keeps data the worst one is assumed."""
    end = data_outcome.by_change_set(row.type, row.policy_action, replaces=True, member=member)
    sentence = "what happens to it is known only during the update"
    if not end.stateful:
        return Effect(Verdict.IN_PLACE, sentence, maybe=True)
    return Effect(
        end.verdict,
        f"{sentence}; if replaced, {end.sentence}",
        remedy=end.remedy,
        maybe=True,
        guarded=True,
        replaces=True,
    )


def _masked(effect: Effect, secrets: Collection[str]) -> Effect:
    """The effect without the secrets that AWS repeats, alone or inside of other text."""

    def masked(value: Value) -> Value:
        text = value if isinstance(value, str) else ""
        found = any(text == one or (len(one) >= _LONG_SECRET and one in text) for one in secrets)
        return MASK if text and found else value

    return replace(effect, before=masked(effect.before), after=masked(effect.after))


def _replacement(row: ResourceChange, member: bool, *, maybe: bool) -> Effect:
    end = data_outcome.by_change_set(row.type, row.policy_action, replaces=True, member=member)
    word = "may be replaced" if maybe else "is replaced"
    return Effect(
        end.verdict,
        f"it {word}: {end.sentence}",
        remedy=end.remedy,
        maybe=maybe,
        guarded=end.stateful,
        replaces=True,
    )


def _update(row: ResourceChange, item: PropertyChange) -> Effect:
    known = plain_row(row.type, item.name)
    if known is None or known.does not in {"in-place", "interruption"}:
        return Effect(Verdict.IN_PLACE, "updated in place", maybe=item.evaluation == "Dynamic")
    verdict = Verdict.IN_PLACE if known.does == "in-place" else Verdict.INTERRUPTION
    return Effect(verdict, known.says, maybe=item.evaluation == "Dynamic")


def _key(item: PropertyChange) -> str:
    if item.path:
        return item.path.strip("/").replace("/", ".")
    return f"{item.attribute}.{item.name}" if item.name else item.attribute


def _member(row: ResourceChange) -> bool:
    """Whether the resource is part of another that holds the data, read from its properties as AWS shows them."""
    known = stateful_types().get(row.type)
    if known is None:
        return False
    # BeforeContext and AfterContext are JSON texts; an added resource has no BeforeContext.
    for text in (row.before_context, row.after_context):
        try:
            context = json.loads(text)
        # An absent context is an empty text, which is no JSON.
        except ValueError:
            continue
        properties = member(context, "Properties")
        if isinstance(properties, Mapping) and known.member_of in properties:
            return True
    return False


def rank(change: Change) -> tuple[tuple[int, bool, bool, bool], str, str]:
    """Sort key of whole lists: worst first, databases before the rest, then by name."""
    return change.rank, change.section, change.logical_id


def reconciled(
    offline: Sequence[Change],
    change_set: ChangeSet,
    secrets: Collection[str] = (),
    seen_inside: Collection[str] = (),
) -> tuple[Change, ...]:
    """Both views as one list, worst first.

    The change set raises a verdict; it lowers only what the offline review was not sure of. What only one of them
    knows stays, and what CloudFormation does not see is marked as perhaps. `seen_inside` are the nested stacks of which
    the offline review says what changes in them, which the change set does not.
    """
    # There is a row for each nested stack in every update, as its template might have changed (ChangeSource Automatic).
    rows = [row for row in change_set.changes if row.action != "Modify" or row.logical_id not in seen_inside]
    aws = {row.logical_id: row.settled() for row in rows}
    # The change set has what macros and loops make, so nothing of them is left unseen.
    seen = [change for change in offline if not all(effect.unseen for effect in change.effects)]
    found = [one if _of_nested(one, seen_inside) else _merged(one, aws, secrets) for one in seen]
    # CloudFormation has two rows for a resource with a new logical id, of which the offline review makes one change.
    known = {change.logical_id for change in offline if change.section == "Resources"}
    known |= {change.renamed_from for change in offline}
    found += [change_of(row, secrets) for name, row in aws.items() if name not in known]
    return tuple(sorted(found, key=rank))


def _of_nested(change: Change, seen_inside: Collection[str]) -> bool:
    """Whether the change is in a nested stack, or that of one into which the offline review looks."""
    return "/" in change.logical_id or (change.kind == "modify" and change.logical_id in seen_inside)


def _merged(change: Change, aws: Mapping[str, ResourceChange], secrets: Collection[str]) -> Change:
    if change.section != "Resources":
        return change
    row = aws.get(change.logical_id) or aws.get(change.renamed_from)
    if row is None:
        return _unseen(change)
    if change.kind != "modify" or row.action != "Modify":
        return _with_the_worse(change, row, secrets)
    theirs = list(effects_of(row, secrets, member=not change.stateful))
    keys = {effect.key: effect for effect in theirs}
    mine = [_settled(effect, keys.get(effect.key), row) for effect in change.effects]
    mine = [one for one in mine if not _worse_at_aws(one, keys.get(one.key), row)]
    new = [effect for effect in theirs if not any(_covers(one, effect, row) for one in mine)]
    effects = tuple(sorted([*mine, *new], key=weight))
    return replace(change, effects=_distinct(effects), source="change set")


def _with_the_worse(change: Change, row: ResourceChange, secrets: Collection[str]) -> Change:
    """The offline change, with the effects of AWS's change added where they are worse.

    Then the two differ in more than detail: AWS may remove a resource that is modified here, as it knows a condition.
    """
    agreed = row.action == "Remove" and change.kind in {"remove", "rename"}
    theirs = [] if agreed else effects_of(row, secrets, member=not change.stateful)
    worse = [effect for effect in theirs if effect.guarded > change.guarded or effect.verdict > change.verdict]
    effects = tuple(sorted([*change.effects, *worse], key=weight))
    return replace(change, effects=effects, source="change set")


def _settled(mine: Effect, aws: Effect | None, row: ResourceChange) -> Effect:
    """The offline effect once AWS has spoken about the same resource."""
    # Only what the offline review was not sure of: a replacement that is certain by the schema stays.
    if mine.maybe and mine.replaces and row.replacement == "False":
        says = "the change set says that it is not replaced"
        verdict = aws.verdict if aws else Verdict.IN_PLACE
        return replace(mine, verdict=verdict, sentence=says, maybe=False, guarded=False, replaces=False)
    if aws is not None and not aws.maybe and aws.replaces:
        return replace(mine, maybe=False)
    return mine


def _worse_at_aws(mine: Effect, aws: Effect | None, row: ResourceChange) -> bool:
    """Whether AWS names a worse outcome of the same replacement, so that its sentence replaces ours."""
    if aws is None or not row.policy_action or mine.fails:
        return False
    return min(mine.verdict, aws.verdict) >= Verdict.REPLACE and aws.verdict > mine.verdict


def _covers(mine: Effect, aws: Effect, row: ResourceChange) -> bool:
    """Whether the offline effect says all that AWS says: about the same place or one inside it, and no milder.

    A change set without a policy does not contradict the policy that the template gives.
    """
    inside = mine.key == aws.key or mine.key.startswith((f"{aws.key}.", f"{aws.key}["))
    if inside and not row.policy_action and min(mine.verdict, aws.verdict) >= Verdict.REPLACE:
        return True
    return inside and mine.verdict >= aws.verdict and mine.guarded >= aws.guarded


def _distinct(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """The first, thus the worst, effect of each key and sentence."""
    seen: dict[tuple[str, str], Effect] = {}
    for effect in effects:
        seen.setdefault((effect.key, effect.sentence), effect)
    return tuple(seen.values())


def _unseen(change: Change) -> Change:
    if change.verdict <= Verdict.METADATA:
        return change
    cause = "the change set does not have it"
    effects = tuple(replace(effect, maybe=True, causes=(*effect.causes, cause)) for effect in change.effects)
    return replace(change, effects=effects)
