"""YAML text as a tree of nodes, each with the place of its text, so that parts can be rewritten and the rest kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import yaml

Kind: TypeAlias = Literal["scalar", "mapping", "list", "alias"]
_PROPERTIES = re.compile(r"(?:(?:!|&)[^\s,\[\]{}]*[ \t]*){1,2}")


@dataclass(slots=True)
class Node:
    """A value or an alias. Its text is from `start` to `end`; its tag and anchor go before `body`.

    `value` is the text of a scalar, or the name that an alias refers to. `column` is that of the first character of
    the body, and `parent_column` that of the block around it. `children` of a mapping are keys and values in turn.
    """

    kind: Kind
    start: int
    body: int = 0
    end: int = 0
    tag: str = ""
    anchor: str = ""
    value: str = ""
    style: str = ""
    flow: bool = False
    column: int = 0
    parent_column: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Whether it is a mapping or list that is written on lines of its own."""
        return self.kind in {"mapping", "list"} and not self.flow

    def pairs(self) -> Iterator[tuple[Node, Node]]:
        """Keys and values of a mapping."""
        return zip(self.children[::2], self.children[1::2], strict=True)


def source_tree(text: str) -> Node | None:
    """The root node, None for a text without a value. `text` was read by `read_template`, so it is YAML."""
    root: Node | None = None
    stack: list[Node] = []
    # Not libyaml, which is faster, but leaves a byte order mark out of its offsets.
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            done = stack.pop()
            done.end = _marks(event)[1] if done.flow else done.children[-1].end
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        node = _node(event, text)
        if stack:
            stack[-1].children.append(node)
        else:
            root = node
        if isinstance(event, yaml.CollectionStartEvent):
            stack.append(node)
    if root is not None:
        _place(root, text, 0)
    return root


def _node(event: Any, text: str) -> Node:
    start, end = _marks(event)
    anchor = str(event.anchor or "")
    if isinstance(event, yaml.AliasEvent):
        return Node("alias", start, start, end, value=anchor)
    found = _PROPERTIES.match(text, start) if anchor or event.tag else None
    body = found.end() if found else start
    tag = next((part for part in text[start:body].split() if part.startswith("!")), "")
    if isinstance(event, yaml.ScalarEvent):
        # The mark after a block scalar is behind its last line end.
        trimmed = max(body, start + len(text[start:end].rstrip()))
        return Node("scalar", start, body, trimmed, tag, anchor, str(event.value), str(event.style or ""))
    kind: Kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
    return Node(kind, start, body, tag=tag, anchor=anchor, flow=bool(event.flow_style))


def _marks(event: Any) -> tuple[int, int]:
    """Where an event begins and ends."""
    return event.start_mark.index, event.end_mark.index


def _place(node: Node, text: str, parent_column: int) -> None:
    """Fill in the columns, and where the body of a block begins: at its first key, or at its first dash."""
    node.parent_column = parent_column
    if node.is_block and node.children:
        first = node.children[0].start
        node.body = first if node.kind == "mapping" else max(text.rfind("-", node.start, first), node.start)
    node.column = node.body - (text.rfind("\n", 0, node.body) + 1)
    for child in node.children:
        _place(child, text, node.column if node.is_block else parent_column)
