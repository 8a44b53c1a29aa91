"""Short ways to build sides for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aurora_cfn.model.change import Change
from aurora_cfn.review.changes import changes
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template


def read(text: str, path: str = "templates/t.yaml", **given: Any) -> Side:
    """A side from template text."""
    document = read_template(text, path)
    return Side(template_of(document, path), lines=document.lines, path=path, **given)


def one(kind: str, properties: Mapping[str, Any], **attributes: Any) -> Side:
    """A side with a single resource called It."""
    return Side({"Resources": {"It": {"Type": kind, "Properties": properties, **attributes}}}, path="t.yaml")


def of(found: tuple[Change, ...], logical_id: str) -> Change:
    """The change with that logical id."""
    return next(change for change in found if change.logical_id == logical_id)


def between(before: Side, after: Side) -> Change:
    """The only change between two sides."""
    found = changes(before, after)
    assert len(found) == 1, found
    return found[0]
