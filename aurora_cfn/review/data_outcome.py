"""What happens to the data of a resource that is removed or replaced, by its deletion policies."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.facts.stateful import StatefulType, stateful_types
from aurora_cfn.model.change import Verdict
from aurora_cfn.template.resources import RETAINING, Resource

_STRENGTH = {"Delete": 0, "Snapshot": 1, "Retain": 2}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on a resource that is removed or replaced, what its policy does, and a way out."""

    verdict: Verdict
    sentence: str
    way_out: str
    stateful: bool


def stateful(resource: Resource) -> StatefulType | None:
    """What the resource keeps; None when it keeps nothing, such as an instance whose cluster has the data."""
    row = stateful_types().get(resource.type)
    if row is None or row.member_of in resource.properties:
        return None
    return row


def removed(resource: Resource) -> Outcome:
    """The resource leaves the template: its DeletionPolicy as deployed decides, not one added with the removal."""
    row = stateful(resource)
    given = resource.policy("DeletionPolicy")
    policy = _effective(given or (row.default_deletion if row else "Delete"), row)
    if row is None:
        return _plain(resource, policy)
    said = f"DeletionPolicy {given}" if given else f"no DeletionPolicy, so {policy} by default"
    way_out = "keep it in the template; or deploy DeletionPolicy: Retain first and remove it afterwards"
    sentence = f"{_goes(row.noun, row, policy)} ({said}){_held(resource, row, policy)}"
    return Outcome(_verdict(policy, row), sentence, way_out, stateful=True)


def replaced(before: Resource, after: Resource) -> Outcome:
    """Another physical resource takes its place: the weaker UpdateReplacePolicy of both sides is counted on."""
    row = stateful(before)
    if row is None:
        return Outcome(Verdict.REPLACE, "the resource is made anew and the old one deleted", "", stateful=False)
    given = [side.policy("UpdateReplacePolicy") for side in (before, after)]
    policies = [_effective(policy or "Delete", row) for policy in given]
    policy = min(policies, key=_STRENGTH.__getitem__)
    said = " before and ".join(item or "none" for item in dict.fromkeys(given))
    source = after.properties.get(row.restored_from) if row.restored_from else None
    new = f"a new {row.noun}, {'restored from a snapshot' if source else 'empty'}, takes its place"
    held = _held(before, row, policy)
    return Outcome(
        verdict=_verdict(policy, row),
        sentence=f"{new}; {_goes(f'old {row.noun}', row, policy)} (UpdateReplacePolicy {said}){held}",
        way_out=_way_out(policy, row),
        stateful=True,
    )


def by_change_set(kind: str, policy_action: str, *, replaces: bool, member: bool) -> Outcome:
    """The same from a change set: `policy_action` is Delete, Retain, Snapshot or ReplaceAnd...; unsaid is Delete.

    `member` says that the resource is part of another one that holds the data.
    """
    row = None if member else stateful_types().get(kind)
    if row is None:
        sentence = "the resource is made anew and the old one deleted" if replaces else "it is deleted"
        return Outcome(Verdict.REPLACE, sentence, "", stateful=False)
    policy = _effective(policy_action.removeprefix("ReplaceAnd"), row)
    said = f"(change set: {policy_action or 'no policy given'})"
    if replaces:
        lead = f"a new {row.noun} takes its place; {_goes(f'old {row.noun}', row, policy)}"
        way_out = _way_out(policy, row)
    else:
        lead, way_out = _goes(row.noun, row, policy), "keep it in the template; or retain it"
    return Outcome(_verdict(policy, row), f"{lead} {said}", way_out, stateful=True)


def weakened(before: Resource, after: Resource, name: str) -> bool:
    """Whether that policy keeps less than before."""
    row = stateful(before)
    default = row.default_deletion if row and name == "DeletionPolicy" else "Delete"
    left, right = (_effective(side.policy(name) or default, row) for side in (before, after))
    return row is not None and _STRENGTH[right] < _STRENGTH[left]


def _way_out(policy: str, row: StatefulType) -> str:
    keeper = "Snapshot" if row.snapshot else "Retain"
    first = "" if policy != "Delete" else f"set UpdateReplacePolicy: {keeper} (or Retain) and deploy that first; "
    return f"{first}keep the old value; or copy the data over and allow the replacement by name"


def _effective(policy: str, row: StatefulType | None) -> str:
    if policy in RETAINING:
        return "Retain"
    return "Snapshot" if policy == "Snapshot" and (row is None or row.snapshot) else "Delete"


def _verdict(policy: str, row: StatefulType) -> Verdict:
    return Verdict.DATA_LOSS if policy == "Delete" and row.keeps_data else Verdict.REPLACE


def _goes(noun: str, row: StatefulType, policy: str) -> str:
    if policy == "Delete":
        return f"the {noun} is deleted, and with it {row.loses}"
    if policy == "Snapshot":
        return f"the {noun} is deleted after a final snapshot, which alone keeps the data"
    return f"the {noun} stays with its data, but outside the stack"


def _held(resource: Resource, row: StatefulType, policy: str) -> str:
    """What deletion protection adds: the old one outlives the update, outside the stack. Not to be counted on."""
    if policy == "Retain" or resource.properties.get(row.protection) not in ("true", "ACTIVE"):
        return ""
    return "; while its deletion protection is on that deletion fails, and it is left behind outside the stack"


def _plain(resource: Resource, policy: str) -> Outcome:
    if policy == "Retain":
        return Outcome(Verdict.IN_PLACE, "it leaves the stack and lives on (DeletionPolicy Retain)", "", stateful=False)
    row = stateful_types().get(resource.type)
    if row is not None:
        sentence = f"the {row.noun} is deleted; connections to it break, the data stays with its cluster"
        return Outcome(
            Verdict.REPLACE, sentence, "add another instance and let traffic move to it first", stateful=False
        )
    return Outcome(Verdict.REPLACE, "it is deleted", "", stateful=False)
