"""A template's resources as a Mermaid diagram: references, and connections that security groups allow."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from aurora_cfn.template.mentions import arguments, mentioned

Resources: TypeAlias = Mapping[str, Mapping[str, Any]]
MANY: Final = 2
"""More resources than this, of one type and with the same references, become one box."""


@dataclass(frozen=True, slots=True)
class Node:
    """One box: `members` are logical ids, `always`: none of them has a condition."""

    id: str
    title: str
    type: str
    members: tuple[str, ...]
    always: bool


def nodes(resources: Resources) -> list[Node]:
    """Boxes in the order of the template; resources whose names differ by a number share one."""
    families: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, entry in resources.items():
        families[_stem(name), entry["Type"]].append(name)
    groups = [list(names) for names in _gathered(list(families.values()), resources)]
    place = {name: index for index, name in enumerate(resources)}
    return sorted((_node(names, resources) for names in groups), key=lambda node: place[node.members[0]])


def targets(entry: Mapping[str, Any], resources: Resources) -> list[str]:
    """Other resources that a resource refers to or depends on, each once."""
    waits = entry.get("DependsOn", ())
    found = [*mentioned(entry.get("Properties")), *([waits] if isinstance(waits, str) else waits)]
    return [name for name in dict.fromkeys(found) if name in resources and resources[name] is not entry]


def _gathered(families: list[list[str]], resources: Resources) -> Iterable[list[str]]:
    """The families; many of one type with the same targets, to which no resource refers, as one."""
    pointed = {name for entry in resources.values() for name in targets(entry, resources)}
    places: dict[tuple[str, bool, frozenset[str]], list[list[str]]] = defaultdict(list)
    for names in families:
        entry = resources[names[0]]
        stems = frozenset(_stem(name) for name in targets(entry, resources))
        # What others refer to keeps a box of its own, so that each arrow leads to one resource.
        own = frozenset(names) if pointed & set(names) else frozenset()
        places[entry["Type"], "Condition" in entry, stems | own].append(names)
    for found in places.values():
        yield from [[name for names in found for name in names]] if len(found) > MANY else found


def _node(names: list[str], resources: Resources) -> Node:
    kind = resources[names[0]]["Type"]
    stems = {_stem(name) for name in names}
    shared = stems.pop() if len(stems) == 1 else kind.rpartition("::")[2]
    title = names[0] if len(names) == 1 else f"{len(names)} x {shared}"
    return Node(names[0], title, kind, tuple(names), all("Condition" not in resources[name] for name in names))


def _stem(name: str) -> str:
    return re.sub(r"[0-9]+", "", name)


_HOLDING_DATA: Final = ("AWS::RDS::DBCluster", "AWS::DSQL::Cluster", "AWS::S3::Bucket", "AWS::SecretsManager::Secret")
_TRAFFIC_RULES: Final = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")


def diagram(template: Mapping[str, Any]) -> str:
    """A fenced Mermaid block: dashed boxes have a condition, cylinders hold data, thick arrows are traffic."""
    every: Resources = template["Resources"]
    drawn = {name: entry for name, entry in every.items() if entry["Type"] not in _TRAFFIC_RULES}
    boxes = nodes(drawn)
    box_of = {member: node.id for node in boxes for member in node.members}
    lines = [
        *(_box(node, drawn) for node in boxes),
        *_arrows(drawn, box_of),
        *_traffic(every, box_of),
        *_imports(drawn, box_of),
        *_dashes(boxes),
    ]
    return "\n".join(["```mermaid", "flowchart LR", *(f"  {line}" for line in lines), "```"])


def _box(node: Node, resources: Resources) -> str:
    label = f"{node.title}<br/>{node.type.removeprefix('AWS::')}"
    left, right = ("[(", ")]") if _holds_data(resources[node.members[0]]) else ("[", "]")
    return f'{node.id}{left}"{label}"{right}'


def _holds_data(entry: Mapping[str, Any]) -> bool:
    alone = entry["Type"] == "AWS::RDS::DBInstance" and "DBClusterIdentifier" not in entry["Properties"]
    return alone or entry["Type"] in _HOLDING_DATA


def _arrows(resources: Resources, box_of: Mapping[str, str]) -> list[str]:
    pairs = ((box_of[name], box_of[other]) for name, entry in resources.items() for other in targets(entry, resources))
    return list(dict.fromkeys(f"{source} --> {target}" for source, target in pairs if source != target))


def _traffic(resources: Resources, box_of: Mapping[str, str]) -> Iterator[str]:
    for entry in resources.values():
        properties = entry.get("Properties", {})
        if entry["Type"] == _TRAFFIC_RULES[0] and "SourceSecurityGroupId" in properties:
            ends = [next(mentioned(properties[key]), "") for key in ("SourceSecurityGroupId", "GroupId")]
            source, target = (box_of.get(end, "") for end in ends)
            if source and target:
                yield f'{source} == "{_port(properties.get("FromPort"))}" ==> {target}'


def _port(value: Any) -> str:
    return f"port {value}" if isinstance(value, int | str) else "port of the engine"


def _imports(resources: Resources, box_of: Mapping[str, str]) -> Iterator[str]:
    """Stacks whose exports are imported, as rounded boxes."""
    found = dict.fromkeys(
        (box_of[name], parameter)
        for name, entry in resources.items()
        for export in arguments(entry, "Fn::ImportValue")
        for parameter in mentioned(export)  # the stack's name is a parameter in every import
    )
    yield from dict.fromkeys(f'{parameter}(["stack named by<br/>{parameter}"])' for _, parameter in found)
    yield from (f"{box} -.-> {parameter}" for box, parameter in found)


def _dashes(boxes: list[Node]) -> Iterator[str]:
    some = [node.id for node in boxes if not node.always]
    if some:
        yield "classDef conditional stroke-dasharray: 5 5"
        yield f"class {','.join(some)} conditional"
