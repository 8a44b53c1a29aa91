"""A template's text without aliases and merge keys, which CloudFormation refuses; comments and notation stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from aurora_cfn.errors import InputError
from aurora_cfn.yamltext.merge_keys import MERGE
from aurora_cfn.yamltext.reader import read_template
from aurora_cfn.yamltext.source_tree import Node, source_tree
from aurora_cfn.yamltext.writer import write_template

_COMMENT = re.compile(r"[ \t]+#[^\n]*")
_UNSAFE_IN_FLOW = re.compile(r"[\[\]{},]|: | #|:$")


def resolved(text: str, path: str) -> tuple[str, bool]:
    """The text with every alias and merge key written out, and whether its comments were kept.

    Comments are lost only where an alias cannot be replaced in place, so that the whole template is rewritten. Raises
    InputError where the text is not a template.
    """
    document = read_template(text, path)
    if not document.aliases:
        return text, True
    root = source_tree(text)
    assert root is not None
    resolver = _Resolver(text, root)
    found = text[: root.start] + resolver.text_of(root, 0) + resolver.source(root.end, len(text), 0)
    if _same(found, path, document.value):
        return found, True
    assert isinstance(document.value, dict)
    return write_template(document.value), False


def _same(text: str, path: str, value: object) -> bool:
    try:
        again = read_template(text, path)
    except InputError:
        return False
    return not again.aliases and again.value == value


class _Resolver:
    """Copies the source; in place of an alias, the source of the value that it refers to, indented for its place."""

    def __init__(self, text: str, root: Node) -> None:
        self.text = text
        self.anchors: dict[str, Node] = {}
        self.targets: dict[int, Node] = {}
        self.moved_comments: dict[int, int] = {}
        self._find(root)

    def _find(self, node: Node) -> None:
        # An anchor may be defined again: an alias means the last one before it.
        if node.kind == "alias":
            self.targets[node.start] = self.anchors[node.value]
        for child in node.children:
            self._find(child)
        if node.anchor:
            self.anchors[node.anchor] = node

    def source(self, start: int, end: int, shift: int) -> str:
        """The text between two nodes, without a comment that is already copied."""
        return _moved(self.text[self.moved_comments.get(start, start) : end], shift)

    def _comment(self, end: int) -> str:
        """The comment beside a node that ends there, which `source` leaves out from then on; empty without one."""
        found = _COMMENT.match(self.text, end)
        if found:
            self.moved_comments[end] = found.end()
        return found[0] if found else ""

    def text_of(self, node: Node, shift: int) -> str:
        """The text of a node that is no alias, its lines moved by `shift` columns."""
        return _joined(self._head(node, shift), self._body(node, shift))

    def _head(self, node: Node, shift: int) -> str:
        """The tag, and the text between it or the anchor and the body."""
        if node.start == node.body:
            return ""
        properties = re.match(r"(?:[!&][^\s,\[\]{}]*[ \t]*){1,2}", self.text[node.start : node.body])
        assert properties is not None
        rest = self.text[node.start + properties.end() : node.body]
        # After an anchor alone, a space more: two before a comment.
        return _joined(f"{node.tag} " if node.tag else " " * rest.startswith("#"), _moved(rest, shift))

    def _body(self, node: Node, shift: int) -> str:
        if node.kind == "scalar":
            return _moved(self.text[node.body : node.end], shift)
        return self._mapping(node, shift) if node.kind == "mapping" else self._list(node, shift)

    def _list(self, node: Node, shift: int) -> str:
        out, at = "", node.body
        for item in node.children:
            out = _joined(out, self.source(at, item.start, shift))
            at = item.end
            out = _joined(out, self.text_of(item, shift) if item.kind != "alias" else self._item(item, node, shift))
        return _joined(out, self.source(at, node.end, shift))

    def _item(self, alias: Node, parent: Node, shift: int) -> str:
        """The text of a list item instead of an alias; a block begins beside the dash."""
        target = self.target(alias)
        if not parent.is_block:
            return self.flow(target)
        if target.is_block and not target.tag:
            return self._body(target, parent.column + shift + 2 - target.column)
        return self._copy(target, parent.column + shift)

    def _mapping(self, node: Node, shift: int) -> str:
        out, at = "", node.body
        for key, value in node.pairs():
            gap = self.source(at, key.start, shift)
            # A merge key that adds nothing leaves no line.
            out = _joined(out, gap if out else gap.lstrip())
            at = value.end
            if _merges(key):
                rows = list(self._merged_rows(node, shift, key))
                between = "\n" + " " * (node.column + shift) if node.is_block else ", "
                comment = self._comment(at) if rows and node.is_block else ""
                rows = [comment.strip(), *rows] if comment else rows
                out = out + between.join(rows) if rows else out.rstrip()
                continue
            out += self._key(key)
            if value.kind == "alias":
                out = _joined(f"{out}:", self._in_place(value, node, shift))
            else:
                # An alias as a key has a space before its colon.
                out = _joined(out, _moved(self.text[key.end : value.start].lstrip(" "), shift))
                out = _joined(out, self.text_of(value, shift))
        return _joined(out, self.source(at, node.end, shift))

    def _in_place(self, alias: Node, parent: Node, shift: int) -> str:
        """The text after `key:` instead of an alias; a comment beside the alias stays on the key's line."""
        target = self.target(alias)
        if not parent.is_block:
            return f" {self.flow(target)}"
        on_lines = target.is_block or target.style in {"|", ">"}
        comment = self._comment(alias.end) if on_lines else ""
        text = self._copy(target, parent.column + shift)
        first, end, rest = (text if text.startswith("\n") else f" {text}").partition("\n")
        return first + comment + end + rest

    def _copy(self, target: Node, parent_column: int) -> str:
        """The text of an anchored value in a block at that column; a block begins with a line end."""
        shift = parent_column - target.parent_column
        text = self.text_of(target, shift)
        if target.is_block and "\n" not in self.text[target.start : target.body]:
            text = f"{target.tag}\n{' ' * (target.column + shift)}{self._body(target, shift)}"
        return text

    def _key(self, key: Node) -> str:
        node = self.target(key) if key.kind == "alias" else key
        return self.text[node.body : node.end]

    def _merged_rows(self, node: Node, shift: int, merge: Node) -> Iterator[str]:
        own = {self._name(key) for key, _ in node.pairs() if not _merges(key)}
        value = next(value for key, value in node.pairs() if key is merge)
        for name, (owner, key, item) in self._entries_below(value).items():
            if name in own:
                continue
            if not node.is_block:
                yield f"{self._key(key)}: {self.flow(item)}"
                continue
            yield self._row(owner, key, item, node.column + shift)

    def _row(self, owner: Node, key: Node, value: Node, column: int) -> str:
        head = f"{self._key(key)}:"
        if value.kind == "alias":
            text = self._copy(self.target(value), column)
            return head + (text if text.startswith("\n") else f" {text}")
        if not owner.is_block:
            return f"{head} {self.flow(value)}"
        shift = column - owner.column
        gap = _moved(self.text[key.end : value.start].lstrip(" ").removeprefix(":"), shift)
        return _joined(head + gap, self.text_of(value, shift))

    def _entries(self, mapping: Node) -> dict[str, tuple[Node, Node, Node]]:
        """Name to the mapping that an entry is written in, its key and its value; merge keys followed."""
        found = {self._name(key): (mapping, key, value) for key, value in mapping.pairs() if not _merges(key)}
        for key, value in mapping.pairs():
            if _merges(key):
                found |= {name: entry for name, entry in self._entries_below(value).items() if name not in found}
        return found

    def _entries_below(self, merged: Node) -> dict[str, tuple[Node, Node, Node]]:
        node = self.target(merged)
        rows = [self.target(item) for item in node.children] if node.kind == "list" else [node]
        found: dict[str, tuple[Node, Node, Node]] = {}
        for row in rows:
            found |= {name: entry for name, entry in self._entries(row).items() if name not in found}
        return found

    def _name(self, key: Node) -> str:
        return self.target(key).value

    def target(self, node: Node) -> Node:
        """The value that an alias refers to, or the node itself."""
        return self.targets[node.start] if node.kind == "alias" else node

    def flow(self, node: Node) -> str:
        """The value on one line, as it may stand between brackets."""
        node = self.target(node)
        tag = f"{node.tag} " if node.tag else ""
        if node.kind == "list":
            return f"{tag}[{', '.join(map(self.flow, node.children))}]"
        if node.kind == "mapping":
            rows = self._entries(node).values()
            return f"{tag}{{{', '.join(f'{self._key(key)}: {self.flow(value)}' for _, key, value in rows)}}}"
        source = self.text[node.body : node.end]
        odd = node.style in {"|", ">"} or "\n" in source or (not node.style and _UNSAFE_IN_FLOW.search(source))
        return tag + (json.dumps(node.value, ensure_ascii=False) if odd else source)


def _merges(key: Node) -> bool:
    return key.kind == "scalar" and key.value == MERGE and not key.style


def _joined(text: str, more: str) -> str:
    """Both, without the spaces that an anchor left at the end of a line."""
    return (text.rstrip(" ") if more.startswith("\n") else text) + more


def _moved(text: str, shift: int) -> str:
    """The text with every line after its first one indented by `shift` columns more, or less."""
    if not shift or "\n" not in text:
        return text
    return re.sub(r"\n( *)(?=[^ \n]|\Z)", lambda found: "\n" + " " * max(0, len(found[1]) + shift), text)
