"""What happens to the data of a resource that is removed or replaced, by its deletion policies."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.facts.stateful import StatefulType, stateful_type
from aurora_cfn.model.change import Verdict
from aurora_cfn.template.resources import RETAINING, Resource

_STRENGTH = {"Delete": 0, "Snapshot": 1, "Retain": 2}
"""How much each policy keeps; RetainExceptOnCreate counts as Retain, since the resource was created long ago."""

FAILS_WHILE_PROTECTED = "while its deletion protection is on that deletion fails"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on a resource that is removed or replaced, what its policy does, and what to do instead."""

    verdict: Verdict
    sentence: str
    remedy: str
    stateful: bool


def stateful(resource: Resource) -> StatefulType | None:
    """What the resource keeps; None when it keeps nothing, such as a member of a cluster, or a read replica."""
    row = stateful_type(resource.type)
    if row is None or row.member_of in resource.properties or replica_of(resource):
        return None
    return row


def replica_of(resource: Resource) -> str:
    """The property that makes the resource a copy of another database, empty when it is none."""
    row = stateful_type(resource.type)
    return next((name for name in row.replica_of if name in resource.properties), "") if row else ""


def removed(resource: Resource) -> Outcome:
    """The resource leaves the template: its DeletionPolicy as deployed decides, not one added with the removal."""
    row = stateful(resource)
    given = resource.policy("DeletionPolicy")
    policy = _effective(given or (row.default_deletion if row else "Delete"), row)
    if row is None:
        return _plain(resource, policy)
    said = f"DeletionPolicy {given}" if given else f"no DeletionPolicy, so {policy} by default"
    remedy = "keep it in the template; or deploy DeletionPolicy: Retain first and remove it afterwards"
    sentence = f"{_goes(row.noun, row, policy, resource)} ({said}){_held(resource, row, policy)}"
    return Outcome(_verdict(policy, row), sentence, remedy, stateful=True)


def replaced(before: Resource, after: Resource) -> Outcome:
    """Another physical resource takes its place: the weaker UpdateReplacePolicy of both sides is counted on."""
    row = stateful(before)
    if row is None or row.takes_over:
        return Outcome(Verdict.REPLACE, _made_anew(before), "", stateful=False)
    # The default of UpdateReplacePolicy is Delete for every type, also where that of DeletionPolicy is Snapshot.
    given = [side.policy("UpdateReplacePolicy") for side in (before, after)]
    policies = [_effective(policy or "Delete", row) for policy in given]
    policy = min(policies, key=_STRENGTH.__getitem__)
    said = " before and ".join(item or "none" for item in dict.fromkeys(given))
    new = f"a new {row.noun}{f', {_content(after, row)},' if row.keeps_data else ''} takes its place"
    held = _held(before, row, policy)
    return Outcome(
        verdict=_verdict(policy, row),
        sentence=f"{new}; {_goes(f'old {row.noun}', row, policy, before)} (UpdateReplacePolicy {said}){held}",
        remedy=_remedy(policy, row),
        stateful=True,
    )


def by_change_set(kind: str, policy_action: str, *, replaces: bool, member: bool) -> Outcome:
    """The same from a change set: `policy_action` is Delete, Retain, Snapshot or ReplaceAnd...; unsaid is Delete.

    `member` says that the resource is part of another one that holds the data.
    """
    row = None if member else stateful_type(kind)
    if row is None or (replaces and row.takes_over):
        sentence = "a new one is created and the old one is deleted" if replaces else "it is deleted"
        return Outcome(Verdict.REPLACE, sentence, "", stateful=False)
    policy = _effective(policy_action.removeprefix("ReplaceAnd"), row)
    said = f"(change set: {policy_action or 'no policy given'})"
    if replaces:
        lead = f"a new {row.noun} takes its place; {_goes(f'old {row.noun}', row, policy)}"
        remedy = _remedy(policy, row)
    else:
        lead, remedy = _goes(row.noun, row, policy), "keep it in the template; or retain it"
    return Outcome(_verdict(policy, row), f"{lead} {said}", remedy, stateful=True)


def weakened(before: Resource, after: Resource, name: str) -> bool:
    """Whether that policy keeps less than before."""
    row = stateful(before)
    return row is not None and _strength(after, name, row) < _strength(before, name, row)


def keeps(resource: Resource, name: str) -> bool:
    """Whether that policy keeps the data of the resource, or a snapshot of it."""
    row = stateful(resource)
    return row is not None and _strength(resource, name, row) > 0


def _strength(resource: Resource, name: str, row: StatefulType) -> int:
    default = row.default_deletion if name == "DeletionPolicy" else "Delete"
    return _STRENGTH[_effective(resource.policy(name) or default, row)]


def _remedy(policy: str, row: StatefulType) -> str:
    keeper = "Snapshot or Retain" if row.snapshot else "Retain"
    first = "" if policy != "Delete" else f"set UpdateReplacePolicy: {keeper}, and deploy that first; "
    copy = "copy the data over and " if row.keeps_data else ""
    return f"{first}keep the old value; or {copy}allow the replacement by name"


def _effective(policy: str, row: StatefulType | None) -> str:
    if policy in RETAINING:
        return "Retain"
    # CloudFormation refuses Snapshot for a type that has none; counted as the worst, so that it is not relied on.
    return "Snapshot" if policy == "Snapshot" and (row is None or row.snapshot) else "Delete"


def _verdict(policy: str, row: StatefulType) -> Verdict:
    return Verdict.DATA_LOSS if policy == "Delete" and row.keeps_data and not row.records else Verdict.REPLACE


def _content(after: Resource, row: StatefulType) -> str:
    """What is in the new one: `empty`, or a copy of its source."""
    # Such as a snapshot: the new database has its data, but not what was written since.
    copied = (words for name, words in row.copied_from.items() if after.properties.get(name) not in (None, ""))
    return next(copied, "empty")


def _made_anew(before: Resource) -> str:
    if replica_of(before):
        return (
            "a new read replica takes its place and the old one is deleted, as CloudFormation ignores the policies of"
            " replicas; the data stays in its source"
        )
    return "a new one is created and the old one is deleted"


def _goes(noun: str, row: StatefulType, policy: str, resource: Resource | None = None) -> str:
    # The deletion is asked for with the properties of the deployed template.
    kept = resource is not None and resource.properties.get("DeleteAutomatedBackups") == "false"
    if policy == "Delete":
        lost = "only its automated backups keep the data, until their retention ends"
        return f"the {noun} is deleted{'; ' + lost if kept else ', and with it ' + row.loses}"
    if policy == "Snapshot":
        keeps_it = "keeps the data; its automated backups stay too, until their retention ends"
        return f"the {noun} is deleted after a final snapshot, which {keeps_it if kept else 'alone keeps the data'}"
    return f"the {noun} is retained with its data, outside the stack"


def _held(resource: Resource, row: StatefulType, policy: str) -> str:
    """What deletion protection adds to the sentence; the verdict does not rely on it."""
    if policy == "Retain" or resource.properties.get(row.protection) not in ("true", "ACTIVE"):
        return ""
    return f"; {FAILS_WHILE_PROTECTED}, and it is left behind outside the stack"


def _plain(resource: Resource, policy: str) -> Outcome:
    if policy == "Retain" and not replica_of(resource):
        return Outcome(Verdict.IN_PLACE, "it leaves the stack and lives on (DeletionPolicy Retain)", "", stateful=False)
    row = stateful_type(resource.type)
    if replica_of(resource):
        sentence = (
            "the read replica is deleted, as CloudFormation ignores the policies of replicas; connections to it break,"
            " the data stays in its source"
        )
        return Outcome(Verdict.REPLACE, sentence, "let readers move to another database first", stateful=False)
    if row is not None:
        sentence = f"the {row.noun} is deleted; connections to it break, the data stays in its cluster"
        return Outcome(
            Verdict.REPLACE, sentence, "add another instance and let traffic move to it first", stateful=False
        )
    return Outcome(Verdict.REPLACE, "it is deleted", "", stateful=False)
