"""What of a template only CloudFormation can work out, because a macro or an unknown list makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from aurora_cfn.model.value import Path, Value
from aurora_cfn.template.foreach import LOOP
from aurora_cfn.template.side import Side

EVALUATED_HERE: Final = "AWS::LanguageExtensions"
"""The one transform whose functions this room evaluates itself."""


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
    macros = [name for name in transforms(side.template) if name != EVALUATED_HERE]
    found = [NotJudged("transform", name) for name in macros]
    for name in side.template:
        if name == "Fn::Transform":
            found.append(NotJudged("macro", _macro(side.template[name])))
        elif name in {"Conditions", "Resources", "Outputs", "Mappings"}:
            found += _below(side.template[name], (name,))
    return tuple(found)


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
