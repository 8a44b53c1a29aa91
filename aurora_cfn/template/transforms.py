"""The parts of a template that only CloudFormation knows, because a macro or an unknown list makes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from aurora_cfn.model.value import Path, Value
from aurora_cfn.template.entries import entries
from aurora_cfn.template.foreach import LOOP
from aurora_cfn.template.parsed import kept, section_of
from aurora_cfn.template.side import Side

EVALUATED_HERE: Final = "AWS::LanguageExtensions"
"""The one transform whose functions are evaluated here."""


@dataclass(frozen=True, slots=True)
class NotJudged:
    """Something that is not known offline: at `path` and below it anything may be added, changed or removed.

    `kind` says what makes it: a transform of the whole template, a macro in place (`Fn::Transform`), or a loop whose
    list is not known. The path is empty when the whole template is concerned, and `("Resources",)` when further
    resources may be made.
    """

    kind: Literal["transform", "macro", "loop"]
    name: str
    path: Path = ()


def transforms(template: Mapping[str, Value]) -> tuple[str, ...]:
    """The names in the Transform section, in their order."""
    named = template.get("Transform") or []
    rows = named if isinstance(named, list) else [named]
    return tuple(str(row.get("Name") if isinstance(row, Mapping) else row) for row in rows)


def not_judged(side: Side) -> tuple[NotJudged, ...]:
    """Everything of a side that is not known offline; `side` as an Evaluator holds it, with its loops written out."""
    return kept(side.template, "not judged", lambda: tuple(_not_judged(side.template)))


def _not_judged(template: Mapping[str, Value]) -> Iterator[NotJudged]:
    yield from (NotJudged("transform", name) for name in transforms(template) if name != EVALUATED_HERE)
    for name in template:
        if name == "Fn::Transform":
            yield NotJudged("macro", _macro(template[name]))
        elif name in {"Resources", "Outputs"} and isinstance(template[name], Mapping):
            yield from _in_entries(template, name)
        elif name in {"Conditions", "Resources", "Outputs", "Mappings"}:
            yield from _below(template[name], (name,))


def _in_entries(template: Mapping[str, Value], section: str) -> Iterator[NotJudged]:
    """Those of a section; entries whose text names no macro and no loop are not searched."""
    known = entries(template, section)
    for name, row in section_of(template, section).items():
        if name not in known or "Fn::Transform" in known[name].text or LOOP in known[name].text:
            yield from _below({name: row}, (section,))


def _below(node: Any, path: Path) -> Iterator[NotJudged]:
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from _below(item, (*path, number))
    elif isinstance(node, Mapping):
        for key, item in node.items():
            if key == "Fn::Transform":
                yield NotJudged("macro", _macro(item), path)
            elif key.startswith(LOOP):
                yield NotJudged("loop", key, path)
            else:
                yield from _below(item, (*path, key))


def _macro(argument: Value) -> str:
    name = argument.get("Name") if isinstance(argument, Mapping) else argument
    return str(name)
