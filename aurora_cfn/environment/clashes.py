"""Names that two stacks of one environment would both give: AWS makes the first resource and refuses the second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from aurora_cfn.errors import Complaint
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.value import member
from aurora_cfn.template.entries import entries
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.mentions import mentioned
from aurora_cfn.template.resources import resources
from aurora_cfn.template.side import Side

# Types whose names are unique in an account and region, and upper and lower case the same: the property with the name,
# and the word for the resource. A database comes before what is named after it: one complaint is enough.
_NAMES: Final = {
    "AWS::RDS::DBCluster": ("DBClusterIdentifier", "database cluster"),
    "AWS::RDS::DBInstance": ("DBInstanceIdentifier", "database instance"),
    "AWS::RDS::DBProxy": ("DBProxyName", "proxy"),
    "AWS::SSM::Parameter": ("Name", "SSM parameter"),
    "AWS::Logs::LogGroup": ("LogGroupName", "log group"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A stack and its template with the stack's values."""

    stack: EnvironmentStack
    side: Side


def clashes(stacks: Sequence[Named], path: str, environment: str) -> Iterator[Complaint]:
    """One complaint for each stack that gives a name that a stack above it gives, with the line to write.

    A name that is not known offline, or a resource that a condition may leave out, is not judged.
    """
    first: dict[tuple[str, str], EnvironmentStack] = {}
    kinds = [_kinds(named.side) for named in stacks]
    shared = Counter(kind for row in kinds for kind in row)
    for named, row in zip(stacks, kinds, strict=True):
        stack = named.stack
        names = _names(named.side, [kind for kind in row if shared[kind] > 1])
        # Only the first name in the order of _NAMES: a log group named after a taken database says nothing new.
        taken = next((key for key in names if key in first), None)
        for key in names:
            first.setdefault(key, stack)
        if taken is not None:
            kind, name = taken
            other = first[taken]
            _, word = _NAMES[kind]
            what = f"its {word} would have the name {name}, as that of {other.key} in line {other.line}: AWS refuses it"
            hint = _line_to_write(named, kind, environment)
            yield Complaint(what, path, stack.line, f"stacks.{stack.key}", hint)


def _kinds(side: Side) -> list[str]:
    """The types of _NAMES that the template has, in their order there."""
    types = entries(side.template, "Resources").types
    return [kind for kind in _NAMES if kind in types]


def _names(side: Side, kinds: Sequence[str]) -> list[tuple[str, str]]:
    """Types and names that the stack certainly gives its resources of those types, in the order of the types."""
    if not kinds:
        return []
    rows = resources(Evaluator(side))
    found = [
        (kind, name.lower())
        for kind in kinds
        for resource in rows.of_type(kind)
        if resource.certain and isinstance(name := resource.properties.get(_NAMES[kind][0]), str)
    ]
    return list(dict.fromkeys(found))


def _line_to_write(named: Named, kind: str, environment: str) -> str:
    """The hint: the parameter that the name is made of, with another value."""
    key, _ = _NAMES[kind]
    entries = named.side.section("Resources").values()
    raw = next((member(entry, "Properties", key) for entry in entries if member(entry, "Type") == kind), None)
    evaluator = Evaluator(named.side)
    parameters = [name for name in mentioned(raw) if name in named.side.section("Parameters")]
    # Sorted by whether they have a value: an empty parameter is where the template puts its default name.
    chosen = sorted(parameters, key=lambda name: evaluator.ref(name) != "")
    if not chosen:
        return "give one of the two another name in its template"
    return f"write under its parameters: `{chosen[0]}: {environment}-{named.stack.key.lower()}`, or another free name"
