"""What an offline comparison of templates cannot see, so that an empty report is not taken for a harmless change."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.template.entries import entries
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.side import Side
from aurora_cfn.template.transforms import NotJudged, not_judged


def blind_spots(*sides: Side) -> tuple[str, ...]:
    """A sentence for each part of the templates that only CloudFormation can work out, each once."""
    return tuple(dict.fromkeys(sentence for side in sides for sentence in _of(Evaluator(side).side)))


def _of(side: Side) -> Iterator[str]:
    found = not_judged(side)
    names = ", ".join(row.name for row in found if row.kind == "transform")
    if names:
        yield f"not seen offline: what the transform {names} makes of the template (diff --live asks CloudFormation)"
    yield from (_sentence(row) for row in found if row.kind != "transform")
    # Also under the same TemplateURL: the file behind it may have changed.
    for entry in entries(side.template, "Resources").types.get("AWS::CloudFormation::Stack", ()):
        yield f"not seen offline: what is inside of the nested stack {entry.name}"


def _sentence(row: NotJudged) -> str:
    place = ".".join(map(str, row.path)) or "the template"
    if row.kind == "loop":
        return f"not seen offline: what {row.name} makes in {place}, as its list is not known"
    return f"not seen offline: what the macro {row.name} makes in {place}"
