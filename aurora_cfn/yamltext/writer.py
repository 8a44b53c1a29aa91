"""Values to YAML text for reviewers: short intrinsics, blank lines, folded long texts; the same bytes every time."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aurora_cfn.model.value import Path, Value
from aurora_cfn.yamltext.scalars import BOOLS_11, NULLS

_WIDTH = 100  # columns: templates are read side by side in reviews
# Text that needs no quotes; stricter than YAML, so that neither version of it reads another type.
_SAFE = re.compile(r"[A-Za-z_/(][A-Za-z0-9_ ./()+,;=<>^$*%~&!?'\"-]*(:+(?! )[A-Za-z0-9_ ./()+,;=<>^$*%~&!?'\"-]+)*\Z")
_RESERVED = frozenset({*BOOLS_11, *NULLS, "y", "Y", "n", "N", "=", "<<"})
_TEXT_ONLY = frozenset({"Ref", "Condition"})
_SHORT_NAMES = frozenset(
    # Rule functions such as Fn::Contains, and Fn::Length or Fn::ToJsonString, are documented in long form only.
    {*_TEXT_ONLY, "And", "Base64", "Cidr", "Equals", "FindInMap", "GetAZs", "If", "ImportValue", "Join", "Not", "Or"}
    | {"Select", "Split", "Sub", "Transform"}
)
_SPACED = frozenset({"Parameters", "Conditions", "Rules", "Mappings", "Resources", "Outputs"})


def write_template(
    template: Mapping[str, Value], *, header: str = "", comments: Mapping[Path, str] | None = None
) -> str:
    """Template text in the order of the mapping: short intrinsics, blank lines between sections and their entries.

    `comments` are written above the key or list item at their path, such as `("Resources", "VPC", "DependsOn")`. Raises
    ValueError if there is no line for a path.
    """
    writer = _Writer(tags=True, comments=comments or {})
    blocks = [f"# {line}" for line in header.splitlines()]
    for number, (section, value) in enumerate(template.items()):
        lines = writer.section(section, value)
        blocks += [""] * (number > 0 and len(lines) > 1) + lines
    if unwritten := [path for path in writer.comments if path not in writer.written]:
        raise ValueError(f"no place for the comment at {'.'.join(map(str, unwritten[0]))}")
    return "\n".join(blocks) + "\n"


def write_plain(value: Mapping[str, Value]) -> str:
    """YAML without tags and blank lines, in the order of the mapping."""
    writer = _Writer(tags=False, comments={})
    return "".join(f"{line}\n" for key, item in value.items() for line in writer.entry(key, item, (), 0))


class _Writer:
    """Writes the lines of a value; `tags`: with short intrinsics; `written` are the comments written so far."""

    def __init__(self, *, tags: bool, comments: Mapping[Path, str]) -> None:
        self.tags, self.comments = tags, comments
        self.written: set[Path] = set()

    def section(self, name: str, value: Value) -> list[str]:
        if name in _SPACED and isinstance(value, Mapping):
            return list(self._spaced(name, value))
        return list(self.entry(name, value, (), 0))

    def entry(self, key: str, value: Value, parent: Path, depth: int) -> Iterator[str]:
        path = (*parent, key)
        yield from self._comment(path, depth)
        yield from self._node("  " * depth + _scalar_text(key) + ":", value, path, depth)

    def _comment(self, path: Path, depth: int) -> Iterator[str]:
        if path in self.comments:
            self.written.add(path)
            start = "  " * depth + "# "
            yield from textwrap.wrap(
                self.comments[path],
                _WIDTH,
                initial_indent=start,
                subsequent_indent=start,
                break_long_words=False,
                break_on_hyphens=False,
            )

    def _named(self, value: Value) -> tuple[str | None, Value]:
        return _intrinsic(value) if self.tags else (None, value)

    def _spaced(self, section: str, entries: Mapping[str, Value]) -> Iterator[str]:
        yield f"{section}:"
        wide = section not in {"Conditions", "Outputs"}
        for number, (name, value) in enumerate(entries.items()):
            if wide and number:
                yield ""
            yield from self.entry(name, value, (section,), 1)

    def _node(self, head: str, value: Value, path: Path, depth: int) -> Iterator[str]:
        """Lines of a value after `head` (`Key:` or `-`), which is indented by `depth`."""
        name, argument = self._named(value)
        if name is not None:
            head, value = f"{head} !{name}", argument
        one_line = self._inline(value)
        fits = one_line is not None and len(one_line) <= _WIDTH - len(head) - 1
        folds = isinstance(value, str) and _can_fold(value)
        if one_line is not None and (fits or not value or not (folds or isinstance(value, list | tuple))):
            yield f"{head} {one_line}"
        elif isinstance(value, str):
            yield from self._block_text(head, value, depth)
        elif isinstance(value, Mapping):
            yield head
            for key, item in value.items():
                yield from self.entry(key, item, path, depth + 1)
        else:
            assert isinstance(value, Sequence)
            yield head
            for number, item in enumerate(value):
                yield from self._item(item, (*path, number), depth + 1)

    def _item(self, value: Value, path: Path, depth: int) -> Iterator[str]:
        pad = "  " * depth
        yield from self._comment(path, depth)
        if isinstance(value, Mapping) and value and self._named(value)[0] is None:
            lines = [line for key, item in value.items() for line in self.entry(key, item, path, depth + 1)]
        elif isinstance(value, list | tuple) and self._inline(value) is None:
            lines = [line for number, item in enumerate(value) for line in self._item(item, (*path, number), depth + 1)]
        else:
            yield from self._node(f"{pad}-", value, path, depth)
            return
        yield f"{pad}- {lines[0].lstrip()}"
        yield from lines[1:]

    def _block_text(self, head: str, text: str, depth: int) -> Iterator[str]:
        """A text with line ends as `|`, a long one as `>-`; both are read as the same text."""
        pad = "  " * (depth + 1)
        if "\n" in text:
            body, keep = (text[:-1], "|") if text.endswith("\n") else (text, "|-")
            yield f"{head} {keep}"
            yield from (pad + line if line else "" for line in body.split("\n"))
            return
        yield f"{head} >-"
        line = ""
        for word in text.split(" "):
            if line and len(pad) + len(line) + 1 + len(word) > _WIDTH:
                yield pad + line
                line = word
            else:
                line = f"{line} {word}" if line else word
        yield pad + line

    def _inline(self, value: Value) -> str | None:
        """The value on one line, None if it needs a block."""
        if isinstance(value, Mapping):
            return "{}" if not value else None
        if isinstance(value, list | tuple):
            items = [self._flow(item) for item in value]
            return f"[{', '.join(map(str, items))}]" if None not in items else None
        if isinstance(value, str) and _is_block(value):
            return None
        return _scalar_text(value)

    def _flow(self, value: Value) -> str | None:
        """An item of a one-line list, a scalar or an intrinsic with one; None if it needs a block."""
        name, argument = self._named(value)
        if name is not None:
            inner = self._flow(argument) if not isinstance(argument, list) else self._inline(argument)
            return None if inner is None or len(inner) > 60 else f"!{name} {inner}"
        if isinstance(value, Mapping | list | tuple) or (isinstance(value, str) and "\n" in value):
            return None
        text = _scalar_text(value)
        return _quoted(str(value)) if text[0] not in "\"'" and re.search(r"[][{},]", text) else text


def _is_block(text: str) -> bool:
    """Whether a text of several lines can be a literal block."""
    lines = text.split("\n")
    if len(lines) < 2 or text.endswith("\n\n") or not lines[0] or lines[0][0] == " ":
        return False
    return text.isprintable() or all(line.isprintable() and not line.endswith(" ") for line in lines)


def _can_fold(text: str) -> bool:
    """Whether a text of one line can be a folded block."""
    words = " " in text and "  " not in text and text == text.strip()
    return words and text.isprintable() and text[0] not in "#%"


def _intrinsic(value: Value) -> tuple[str | None, Value]:
    """Short name and argument of an intrinsic that can be written as a tag, else (None, value)."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return None, value
    ((key, argument),) = value.items()
    name = key if key in _TEXT_ONLY else key.removeprefix("Fn::") if key.startswith("Fn::") else ""
    if name == "GetAtt":
        return _attribute(value, argument)
    # YAML allows one tag on a value, so an intrinsic directly in another one keeps its long form.
    nested = _intrinsic(argument)[0] is not None
    if name not in _SHORT_NAMES or nested or not _may_follow(name, argument):
        return None, value
    return name, argument


def _attribute(value: Value, argument: Value) -> tuple[str | None, Value]:
    """`GetAtt` and `A.B`, if both parts are texts and the resource's name has no dot."""
    if isinstance(argument, list | tuple) and len(argument) == 2:
        resource, attribute = argument
        if isinstance(resource, str) and isinstance(attribute, str) and "." not in resource:
            return "GetAtt", f"{resource}.{attribute}"
    return None, value


def _may_follow(name: str, argument: Value) -> bool:
    """Whether the argument after a tag is read as the same value."""
    if name in _TEXT_ONLY:
        return isinstance(argument, str) and argument != ""
    return isinstance(argument, str | list | tuple | Mapping) and argument not in ("", {})


def _scalar_text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    plain = _SAFE.match(text) and text not in _RESERVED and text == text.strip() and " #" not in text
    return text if plain and not text.endswith(":") else _quoted(text)


def _quoted(text: str) -> str:
    if text.isprintable() and "'" not in text and ('"' in text or "\\" in text):
        return f"'{text}'"
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isprintable():
        return char
    named = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char)
    code = ord(char)
    return named or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}")
