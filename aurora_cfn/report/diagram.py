"""A template's resources as a Mermaid diagram: who refers to whom, and who may connect to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from aurora_cfn.report.nodes import Node, Resources, nodes, references, targets

_HOLDING_DATA: Final = ("AWS::RDS::DBCluster", "AWS::DSQL::Cluster", "AWS::S3::Bucket", "AWS::SecretsManager::Secret")
_DOORS: Final = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
_IMPORTED = re.compile(r"'Fn::ImportValue': \{'Fn::Sub': '\$\{(\w+)\}")


def diagram(template: Mapping[str, Any]) -> str:
    """A fenced Mermaid block: dashed boxes are made under a condition, barrels hold data, thick arrows are traffic."""
    every: Resources = template["Resources"]
    drawn = {name: entry for name, entry in every.items() if entry["Type"] not in _DOORS}
    boxes = nodes(drawn)
    box_of = {member: node.id for node in boxes for member in node.members}
    lines = [
        *(_box(node, drawn) for node in boxes),
        *_arrows(drawn, box_of),
        *_doors(every, box_of),
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


def _doors(resources: Resources, box_of: Mapping[str, str]) -> Iterator[str]:
    for entry in resources.values():
        properties = entry.get("Properties", {})
        if entry["Type"] == _DOORS[0] and "SourceSecurityGroupId" in properties:
            ends = [next(references(properties[key]), "") for key in ("SourceSecurityGroupId", "GroupId")]
            source, target = (box_of.get(end, "") for end in ends)
            if source and target:
                yield f'{source} == "{_port(properties.get("FromPort"))}" ==> {target}'


def _port(value: Any) -> str:
    return f"port {value}" if isinstance(value, int | str) else "port of the engine"


def _imports(resources: Resources, box_of: Mapping[str, str]) -> Iterator[str]:
    """Stacks whose exports are imported, as boxes with round ends."""
    found = dict.fromkeys(
        (box_of[name], parameter) for name, entry in resources.items() for parameter in _IMPORTED.findall(str(entry))
    )
    yield from dict.fromkeys(f'{parameter}(["stack named by<br/>{parameter}"])' for _, parameter in found)
    yield from (f"{box} -.-> {parameter}" for box, parameter in found)


def _dashes(boxes: list[Node]) -> Iterator[str]:
    some = [node.id for node in boxes if not node.always]
    if some:
        yield "classDef conditional stroke-dasharray: 5 5"
        yield f"class {','.join(some)} conditional"
