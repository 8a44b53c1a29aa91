"""What an offline comparison of templates cannot see, so that nobody takes silence for harmlessness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.template.forms import scalar
from aurora_cfn.template.side import Side


def blind_spots(*sides: Side) -> tuple[str, ...]:
    """A sentence for each thing in the templates that only CloudFormation can work out, each once."""
    return tuple(dict.fromkeys(sentence for side in sides for sentence in _of(side)))


def _of(side: Side) -> Iterator[str]:
    transforms = side.template.get("Transform")
    names = transforms if isinstance(transforms, list) else [transforms] if transforms else []
    if names:
        words = ", ".join(str(scalar(name)) for name in names)
        yield f"not seen offline: what the transform {words} makes of the template (diff --live asks CloudFormation)"
    for name, entry in side.section("Resources").items():
        if isinstance(entry, Mapping) and entry.get("Type") == "AWS::CloudFormation::Stack":
            yield f"not seen offline: what is inside of the nested stack {name}"
        if name.startswith("Fn::ForEach"):
            yield f"not seen offline: the resources that {name} makes"
