"""`Fn::ForEach` written out: each loop of a template replaced by what it makes, with the lines of the loop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from aurora_cfn.model.value import Path, Value
from aurora_cfn.template.entries import text_of
from aurora_cfn.template.forms import Hidden
from aurora_cfn.template.side import Side

LOOP: Final = "Fn::ForEach"
_SECTIONS: Final = ("Conditions", "Resources", "Outputs")
_MOST_COPIES: Final = 10_000
"""More than any template may hold (500 resources of some 20 properties): a loop beyond stays as it is."""
_NOT_ALPHANUMERIC: Final = re.compile(r"[^0-9A-Za-z]")


def has_loop(template: Mapping[str, Value]) -> bool:
    """Whether the template has a loop anywhere."""
    # Most templates have none; searching their text is several times faster than walking them.
    return LOOP in text_of(template) and _has_loop(template)


def _has_loop(node: Any) -> bool:
    if isinstance(node, dict):
        return any(str(key).startswith(LOOP) or _has_loop(item) for key, item in node.items())
    return isinstance(node, list) and any(map(_has_loop, node))


def written_out(side: Side, value: Callable[[Value], Value]) -> Side:
    """The side with its loops written out; `value` gives the normal form of a collection.

    A loop stays as it is when its collection is not known, holds secrets, or is malformed.
    """
    work = _WrittenOut(value, dict(side.lines))
    sections = {name: work.node(side.template[name], (name,)) for name in _SECTIONS if name in side.template}
    return replace(side, template={**side.template, **sections}, lines=work.lines)


@dataclass(slots=True)
class _WrittenOut:
    value: Callable[[Value], Value]
    lines: dict[Path, int]
    copies: int = field(default=0)

    def node(self, node: Value, path: Path) -> Value:
        if isinstance(node, Mapping):
            found: dict[str, Value] = {}
            for key, item in node.items():
                rows = self.loop(key, item, path) if key.startswith(LOOP) else None
                for name, body in ((key, self.node(item, (*path, key))),) if rows is None else rows:
                    # CloudFormation refuses two entries of one name; the first one is kept.
                    found.setdefault(name, body)
            return found
        if isinstance(node, list):
            return [self.node(item, (*path, number)) for number, item in enumerate(node)]
        return node

    def loop(self, key: str, argument: Value, path: Path) -> list[tuple[str, Value]] | None:
        """What a loop makes, by key; None when it cannot be written out."""
        if not isinstance(argument, list) or len(argument) != 3:
            return None
        identifier, collection, body = argument
        items = self.value(collection)
        if not isinstance(identifier, str) or not isinstance(body, Mapping) or not isinstance(items, list):
            return None
        if not all(isinstance(item, str) and not isinstance(item, Hidden) for item in items):
            return None
        self.copies += len(items) * len(body)
        if self.copies > _MOST_COPIES:
            return None
        source = (*path, key, 2)
        rows = [(spot[len(source) :], line) for spot, line in self.lines.items() if spot[: len(source)] == source]
        return [row for item in items for row in self.copy(identifier, str(item), body, rows, path)]

    def copy(
        self, identifier: str, item: str, body: Mapping[str, Value], rows: list[tuple[Path, int]], path: Path
    ) -> Iterator[tuple[str, Value]]:
        """What the loop makes for one item, loops inside of it written out too."""
        put = _Replacement(identifier, item)
        for spot, line in rows:
            if spot:
                self.lines[(*path, *map(put.key, spot))] = line
        made = self.node(put.value(body), path)
        assert isinstance(made, Mapping)
        yield from made.items()


class _Replacement:
    """One identifier replaced: `${Name}` by the item, `&{Name}` by its letters and digits, and `Ref: Name`."""

    def __init__(self, identifier: str, item: str) -> None:
        self.identifier, self.item = identifier, item
        self.pattern = re.compile(r"([$&])\{\s*" + re.escape(identifier) + r"\s*\}")
        self.letters = _NOT_ALPHANUMERIC.sub("", item)

    def text(self, text: str) -> str:
        return self.pattern.sub(lambda hole: self.item if hole[1] == "$" else self.letters, text)

    def key(self, key: str | int) -> str | int:
        return self.text(key) if isinstance(key, str) else key

    def value(self, node: Value) -> Value:
        if isinstance(node, str):
            return self.text(node)
        if isinstance(node, Mapping):
            if len(node) == 1 and node.get("Ref") == self.identifier:
                return self.item
            return {self.text(key): self.value(item) for key, item in node.items()}
        if isinstance(node, list):
            return [self.value(item) for item in node]
        return node
